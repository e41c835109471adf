package dev.hmap.recovery;

import dev.hmap.error.HMapException;
import dev.hmap.error.StoreAccessException;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.FileNames;
import dev.hmap.io.Causes;
import dev.hmap.io.DiskFull;
import dev.hmap.io.FileSystem;
import dev.hmap.io.NotAFileException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** The exceptions of hmap for what goes wrong with a store's files; each names the store. */
public final class StoreFailures {
  private StoreFailures() {}

  /** The exception for a failed call, by its cause; {@code what} is said of the data file. */
  public static HMapException failure(FileNames names, String what, IOException e) {
    String message = "%s %s: %s".formatted(names.data(), what, Causes.of(e));
    if (e instanceof FileNotFoundException
        || e instanceof AccessDeniedException
        || e instanceof NoSuchFileException
        || e instanceof NotAFileException
        || DiskFull.isReadOnly(e)) {
      return new StoreAccessException(message, e);
    }
    return DiskFull.is(e)
        ? new StoreFullException(message, e)
        : new StoreFailedException(message, e);
  }

  /** The exception for a call that was refused; {@code what} is said of the data file. */
  public static HMapException access(FileNames names, String what, IOException e) {
    return new StoreAccessException("%s %s".formatted(names.data(), what), e);
  }

  /** The exception where damage led out of the file or of an array. */
  public static StoreCorruptException damaged(FileNames names, Throwable cause) {
    return new StoreCorruptException(
        "%s is damaged, or was truncated while open: %s"
            .formatted(names.data(), cause.getMessage()),
        cause);
  }

  /** Of a store that is not there; its log may be, which is said, for it can save it. */
  static StoreAccessException missing(FileSystem fileSystem, FileNames names) {
    try {
      if (fileSystem.exists(names.log()) && !fileSystem.exists(names.data())) {
        return new StoreAccessException(
            "%s: there is no such store, but %s may be its log"
                .formatted(names.data(), names.log()));
      }
    } catch (IOException e) {
      return new StoreAccessException("%s: there is no such store".formatted(names.data()), e);
    }
    return new StoreAccessException("%s: there is no such store".formatted(names.data()));
  }
}
