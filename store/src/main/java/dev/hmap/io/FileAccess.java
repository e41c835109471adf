package dev.hmap.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what with a file.
 *
 * @param permissions of it, null where the file system knows none
 * @param owner of it: uid and gid
 */
record FileAccess(@Nullable Set<PosixFilePermission> permissions, Map<String, Object> owner) {
  private static final String[] OWNER = {"gid", "uid"};

  static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  static boolean isUnix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  static FileAccess of(Path path) throws IOException {
    Map<String, Object> owner =
        isUnix(path)
            ? Files.readAttributes(path, "unix:uid,gid", LinkOption.NOFOLLOW_LINKS)
            : Map.of();
    return new FileAccess(
        isPosix(path) ? Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS) : null,
        owner);
  }

  /** Makes another file's the same: its owner and group as far as this process may. */
  void giveTo(Path path) throws IOException {
    Map<String, Object> now = of(path).owner;
    if (!now.equals(owner)) {
      for (String part : OWNER) {
        give(path, part);
      }
    }
    Set<PosixFilePermission> wanted = permissions;
    if (wanted != null && !wanted.equals(of(path).permissions)) {
      Files.setPosixFilePermissions(path, wanted);
    }
  }

  private void give(Path path, String part) throws IOException {
    try {
      Files.setAttribute(path, "unix:" + part, owner.get(part), LinkOption.NOFOLLOW_LINKS);
    } catch (AccessDeniedException _) {
      // the file stays this process's own
    } catch (FileSystemException e) {
      if (!SystemError.NOT_PERMITTED.isCauseOf(e)) {
        throw e;
      }
    }
  }
}
