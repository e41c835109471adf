package dev.hmap.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreAccessException;
import dev.hmap.error.StoreLockedException;
import dev.hmap.format.FileNames;
import dev.hmap.io.FileSystem;
import dev.hmap.io.ForwardingFileSystem;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds a store's lock, and the open data file that the lock is on. */
class LockedStoreTest {
  @TempDir private Path folder;

  private FileNames names;

  @BeforeEach
  void createStore() {
    names = new FileNames(folder.resolve("small.hmap"));
    Creation.create(FileSystem.REAL, names, SmallStore.LONGS, 0, SmallStore.SEEDS);
  }

  @Test
  void oneWriterHoldsTheStoreUntilItCloses() throws IOException {
    try (LockedStore _ = LockedStore.open(FileSystem.REAL, names, true)) {
      assertThatThrownBy(() -> LockedStore.open(FileSystem.REAL, names, true))
          .isInstanceOf(StoreLockedException.class);
    }
    LockedStore.open(FileSystem.REAL, names, true).close();
  }

  @Test
  void readersKeepAWriterFromTheGuardOnly() throws IOException {
    try (LockedStore writer = LockedStore.open(FileSystem.REAL, names, true)) {
      try (LockedStore _ = LockedStore.open(FileSystem.REAL, names, false);
          LockedStore _ = LockedStore.open(FileSystem.REAL, names, false)) {
        assertThat(writer.lock().tryGuard()).isFalse();
      }
      assertThat(writer.lock().tryGuard()).isTrue();
    }
  }

  @Test
  void lockAndFileAreOfOneFileThoughTheNameWasTakenMeanwhile() throws IOException {
    FileNames other = new FileNames(folder.resolve("other.hmap"));
    Creation.create(FileSystem.REAL, other, SmallStore.LONGS, 100, SmallStore.SEEDS);
    long bytes = Files.size(other.data());
    FileSystem replacing =
        new ForwardingFileSystem(FileSystem.REAL) {
          private boolean isReplaced;

          @Override
          public StoreFile open(Path path, Mode mode) throws IOException {
            if (!isReplaced) { // between the lock and the file, as a compaction may do it
              Files.move(other.data(), path, StandardCopyOption.REPLACE_EXISTING);
              isReplaced = true;
            }
            return super.open(path, mode);
          }
        };
    try (LockedStore locked = LockedStore.open(replacing, names, false)) {
      assertThat(locked.data().size()).isEqualTo(bytes);
      locked.lock().check();
    }
  }

  @Test
  void saysThatALogIsLeftOfAStoreThatIsMissing() throws IOException {
    Files.move(names.data(), names.log());
    assertThatThrownBy(() -> LockedStore.open(FileSystem.REAL, names, true))
        .isInstanceOf(StoreAccessException.class)
        .hasMessage("%s: there is no such store, but %s may be its log", names.data(), names.log());
  }
}
