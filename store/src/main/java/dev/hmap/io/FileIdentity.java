package dev.hmap.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells a file from another that came to the same name later.
 *
 * @param key device and inode; where the system has none, its path and when it was made; of the
 *     JDK's types alone
 */
record FileIdentity(Object key) {
  /** Of the regular file that has a name; null if nothing has it. */
  static @Nullable FileIdentity of(Path path) throws IOException {
    BasicFileAttributes a;
    try {
      a = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException _) {
      return null;
    }
    if (!a.isRegularFile()) {
      throw new NotAFileException(path);
    }
    Object key = a.fileKey();
    return new FileIdentity(
        key != null ? key : List.of(path.toAbsolutePath().toString(), a.creationTime().toString()));
  }

  /** Whether this file has the name. */
  boolean isAt(Path path) throws IOException {
    try {
      return equals(of(path));
    } catch (NotAFileException _) {
      return false;
    }
  }

  /** What opens a file. */
  interface Opening<T extends AutoCloseable> {
    T open(FileIdentity identity) throws IOException;
  }

  /** What was opened, and the file it is. */
  record Opened<T>(T file, FileIdentity identity) {}

  /**
   * Opens what has a name before and after, and so is the regular file of that name, and not what a
   * link leads to.
   */
  static <T extends AutoCloseable> Opened<T> open(Path path, Opening<T> opening)
      throws IOException {
    while (true) {
      FileIdentity before = of(path);
      if (before == null) {
        throw new NoSuchFileException(path.toString());
      }
      T file = opening.open(before);
      Opened<T> opened = null;
      try {
        if (before.isAt(path)) {
          opened = new Opened<>(file, before);
          return opened;
        }
      } finally {
        if (opened == null) {
          close(file);
        }
      }
    }
  }

  private static void close(AutoCloseable file) throws IOException {
    try {
      file.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
