package dev.hmap.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.HMap;
import dev.hmap.error.StoreFullException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk in memory that is full, or that nothing may be written to. */
@Tag("verify")
@Timeout(120)
@Tag("promise:8")
@Tag("promise:machines")
class SmallDiskTest {
  private static final int KEYS = 100;

  @TempDir Path folder;
  private Path disk;
  private Path path;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    disk = Files.createDirectory(folder.resolve("disk"));
    Mount.mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", disk);
    path = StoreFiles.store(disk.resolve("store"), KEYS);
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    Mount.unmount(disk);
  }

  @Test
  void anOpeningOnAFullDiskKeepsTheLock() throws IOException {
    Path filler = disk.resolve("filler");
    fill(filler);
    assertThatThrownBy(() -> Work.at(path).openExisting()).isInstanceOf(StoreFullException.class);
    try (HMap<Long, String> map = Work.at(path).readOnly().open()) {
      assertThat(map).hasSize(KEYS);
    }
    assertThat(files()).containsExactly("filler", "store");
    assertThatThrownBy(() -> Work.at(disk.resolve("another")).create())
        .isInstanceOf(StoreFullException.class);
    assertThat(files()).containsExactly("filler", "store");
    Files.delete(filler);
    try (HMap<Long, String> map = Work.at(path).openExisting()) {
      map.put(1L, "more");
      assertThat(map).hasSize(KEYS).containsEntry(1L, "more");
    }
  }

  @Test
  void inAnotherLanguageADiskToReadOnlyIsNotKnown() throws IOException, InterruptedException {
    Path locales = Files.createDirectory(folder.resolve("locales"));
    Child.run("localedef", "-i", "de_DE", "-f", "UTF-8", locales.resolve("de_DE.UTF-8"));
    Mount.mount("-o", "remount,ro", disk);
    try (Child child = Child.inGerman(locales, 1 << 20)) {
      assertThat(child.ask("open", "m", path)).startsWith("StoreAccessException");
      child.does("read", "m", path);
      assertThat(child.ask("size", "m")).isEqualTo(String.valueOf(KEYS));
      assertThat(child.ask("backup", path, disk.resolve("copy")))
          .startsWith("StoreAccessException");
    }
  }

  private static void fill(Path file) throws IOException {
    byte[] some = new byte[4096];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(some);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("space");
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(disk)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
