package dev.hmap.recovery;

import dev.hmap.error.StoreAccessException;
import dev.hmap.format.FileNames;
import dev.hmap.format.LogHead;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.io.FileSystem.Mode;
import dev.hmap.io.ForceFailedException;
import dev.hmap.io.LostLockException;
import dev.hmap.io.NotAFileException;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import dev.hmap.log.LogFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Opens the log of a store: the file that has its name, if it has its head too. */
public final class LogFinder {
  private LogFinder() {}

  /** The log of a store; null if there is none, and for reading also if what is there is not it. */
  static @Nullable LogFile find(
      FileSystem fileSystem, FileNames names, StoreHeader header, boolean writable)
      throws IOException {
    if (!fileSystem.exists(names.log())) {
      return null;
    }
    try {
      StoreFile file = fileSystem.open(names.log(), writable ? Mode.READ_WRITE : Mode.READ);
      LogFile log = null;
      try {
        log = LogFile.of(file, LogHead.of(header), header.log().segment());
        if (log != null || !writable) {
          return log;
        }
        if (!header.former().equals(LogHead.NONE)
            && LogFile.of(file, header.former(), 0) != null
            && file.isAt(names.log())) {
          // of a compaction that was cut off after its rename, which may not be durable yet
          ForceFailedException.forceFolder(fileSystem, names.folder());
          fileSystem.delete(names.log());
          ForceFailedException.forceFolder(fileSystem, names.folder());
          return null;
        }
      } finally {
        if (log == null) {
          file.close();
        }
      }
    } catch (NotAFileException _) {
      if (!writable) {
        return null;
      }
    } catch (NoSuchFileException | FileNotFoundException e) {
      if (writable || fileSystem.exists(names.log())) { // it may be that it may not be read
        throw e;
      }
      return null; // it went meanwhile
    }
    throw new StoreAccessException(
        "%s cannot be opened: %s is not its log, and has that name"
            .formatted(names.data(), names.log()));
  }

  /**
   * {@link #find(FileSystem, FileNames, StoreHeader, boolean)} for reading.
   *
   * @param lock of the file that has the header
   * @throws LostLockException if there is none, and another file has the store's name: a compaction
   *     may have taken away the log that was this one's
   */
  public static @Nullable LogFile find(
      FileSystem fileSystem, FileNames names, StoreHeader header, StoreLock lock)
      throws IOException {
    LogFile log = find(fileSystem, names, header, false);
    if (log == null) {
      lock.check();
    }
    return log;
  }

  /** Whether {@link #find} for reading finds none. */
  public static boolean isMissing(FileSystem fileSystem, FileNames names, StoreHeader header)
      throws IOException {
    try (LogFile log = find(fileSystem, names, header, false)) {
      return log == null;
    }
  }
}
