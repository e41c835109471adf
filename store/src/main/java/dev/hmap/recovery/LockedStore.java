package dev.hmap.recovery;

import dev.hmap.format.FileNames;
import dev.hmap.io.FileSystem;
import dev.hmap.io.FileSystem.Mode;
import dev.hmap.io.LostLockException;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/**
 * A locked store.
 *
 * @param lock held
 * @param data the file that it is on, open
 */
public record LockedStore(StoreLock lock, StoreFile data) implements AutoCloseable {
  /** Locks a store and opens its data file, so that both are of the same file. */
  public static LockedStore open(FileSystem fileSystem, FileNames names, boolean writable)
      throws IOException {
    while (true) {
      try {
        StoreLock lock =
            writable
                ? fileSystem.lockForWriting(names.data())
                : fileSystem.lockForReading(names.data());
        StoreFile data = null;
        LockedStore locked = null;
        try {
          data = fileSystem.open(names.data(), writable ? Mode.READ_WRITE : Mode.READ);
          lock.check();
          locked = new LockedStore(lock, data);
          return locked;
        } finally {
          if (locked == null) {
            try (StoreLock _ = lock;
                StoreFile _ = data) {
              // what was opened is closed again
            }
          }
        }
      } catch (NoSuchFileException | FileNotFoundException _) {
        throw StoreFailures.missing(fileSystem, names);
      } catch (LostLockException _) {
        // another file came to the name meanwhile: once more
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (StoreLock _ = lock) {
      data.close();
    }
  }
}
