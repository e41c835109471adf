package dev.hmap.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import dev.hmap.error.StoreFullException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An overlay, as containers have, whose upper layer is in memory. Where one may be mounted. */
@Tag("verify")
@Timeout(120)
@Tag("promise:8")
@Tag("promise:machines")
class OverlayTest {
  private static final int KEYS = 1_000;
  private static final int PAD = 1_000;

  @TempDir Path folder;
  private Path memory;
  private Path merged;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    memory = Files.createDirectory(folder.resolve("memory"));
    merged = Files.createDirectory(folder.resolve("merged"));
    Path lower = Files.createDirectory(folder.resolve("lower"));
    Mount.mount("-t", "tmpfs", "-o", "size=32m", "tmpfs", memory);
    Path upper = Files.createDirectory(memory.resolve("upper"));
    Path work = Files.createDirectory(memory.resolve("work"));
    Mount.mount(
        "-t",
        "overlay",
        "overlay",
        "-o",
        "lowerdir=%s,upperdir=%s,workdir=%s".formatted(lower, upper, work),
        merged);
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    Mount.unmount(merged);
    Mount.unmount(memory);
  }

  @Test
  void aFullOverlayEndsInAnInternalErrorAndDoesNotHeal() {
    Path path = merged.resolve("store");
    try (HMap<Long, String> map = Work.at(path, "small", "async").create()) {
      Work.fill(map, 0, KEYS, 0, PAD);
      assertThatThrownBy(() -> Work.fill(map, KEYS, 1_000_000, 0, PAD))
          .isInstanceOf(StoreFullException.class);
      long full = map.mappingCount();
      for (long key = KEYS; key < full; key++) {
        assertThat(map.remove(key)).isNotNull();
      }
      Work.fill(map, 0, KEYS, 1, PAD);
    }
    try (HMap<Long, String> map = Work.at(path).openExisting()) {
      assertThat(map).hasSize(KEYS).containsEntry(7L, Work.value(7, 1, PAD));
    }
    assertThat(HMapAdmin.verify(path, _ -> {}).isSound()).isTrue();
  }
}
