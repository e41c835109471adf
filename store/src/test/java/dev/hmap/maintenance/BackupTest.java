package dev.hmap.maintenance;

import static dev.hmap.store.TextStore.NAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.error.StoreAccessException;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.FileNames;
import dev.hmap.store.FollowedStore;
import dev.hmap.store.TextStore;
import dev.hmap.store.WritableStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A backup of a store that may be in use holds all that was acknowledged before it began. */
class BackupTest {
  private static final FileNames COPY = new FileNames(Path.of("/copy.hmap"));

  private final MemoryFiles files = TextStore.create();

  private void backup() {
    Backup.run(files, NAMES, COPY, _ -> {});
  }

  @Test
  void theCopyOfAStoreInUseHoldsWhatIsInItsLogToo() {
    try (WritableStore store = TextStore.open(files)) {
      TextStore.put(store, "a", "1");
      store.checkpoint();
      TextStore.put(store, "b", "2");
      backup();
      TextStore.put(store, "c", "3"); // too late
    }
    try (FollowedStore copy = TextStore.read(files, COPY)) {
      assertThat(TextStore.content(copy)).isEqualTo(Map.of("a", "1", "b", "2"));
      assertThat(copy.stats().opening().wasClean()).isTrue();
    }
    assertThat(files.list(Path.of("/"))).containsExactlyInAnyOrder(NAMES.data(), COPY.data());
  }

  @Test
  void progressCountsTheBytesOfBothFiles() {
    try (WritableStore store = TextStore.open(files)) {
      TextStore.put(store, "a", "1");
      AtomicLong copied = new AtomicLong();
      Backup.run(files, NAMES, COPY, copied::set);
      assertThat(copied).hasValue(files.copy(NAMES.data()).length + files.copy(NAMES.log()).length);
    }
  }

  @Test
  void whatHasTheNameAlreadyIsNotOverwritten() {
    byte[] mine = {1, 2, 3};
    files.put(COPY.data(), mine);
    assertThatThrownBy(this::backup)
        .isInstanceOf(StoreAccessException.class)
        .hasMessage("/copy.hmap exists already");
    assertThat(files.copy(COPY.data())).isEqualTo(mine);
  }

  @Test
  void aDamagedStoreIsNamedAndNoCopyOfItIsLeft() throws IOException {
    int _ = StoreDamage.flipBit(files, ExtentRecord.KIND_DIRECTORY);
    assertThatThrownBy(this::backup)
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageStartingWith("/store.hmap cannot be copied: ");
    assertThat(files.list(Path.of("/"))).containsExactly(NAMES.data());
  }
}
