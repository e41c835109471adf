package dev.hmap.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** The machine's file system. */
final class RealFileSystem implements FileSystem {
  private static final FileAttribute<?>[] OWNER_ONLY = {
    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
  };
  private static final FileAttribute<?>[] AS_USUAL = {};

  @Override
  public Path resolve(Path path) throws IOException {
    if (!path.getFileSystem().equals(FileSystems.getDefault())) {
      throw new FileSystemException(
          path.toString(), null, "it is not in the machine's own file system");
    }
    Path absolute = path.toAbsolutePath().normalize();
    Path real;
    if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      real = absolute.toRealPath();
    } else {
      Path folder = absolute.getParent();
      real = folder == null ? absolute : folder.toRealPath().resolve(absolute.getFileName());
    }
    return real.equals(absolute) ? path : real;
  }

  @Override
  public StoreFile open(Path path, Mode mode) throws IOException {
    if (mode == Mode.CREATE) {
      Files.createFile(path);
    }
    return RealStoreFile.open(path, mode != Mode.READ);
  }

  @Override
  public boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public int links(Path path) throws IOException {
    return FileAccess.isUnix(path)
        ? (Integer) Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
        : 1;
  }

  @Override
  public void takeAfter(Path path, Path model) throws IOException {
    FileAccess.of(model).giveTo(path);
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** By a hard link, which never replaces; where there are none, by looking first. */
  @Override
  public void renameToNew(Path from, Path to) throws IOException {
    if (link(from, to)) {
      Files.delete(from);
      return;
    }
    if (exists(to)) {
      throw new FileAlreadyExistsException(to.toString());
    }
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** False where there are no hard links. */
  private static boolean link(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
      return true;
    } catch (UnsupportedOperationException _) {
      return false;
    } catch (FileSystemException e) {
      if (SystemError.NOT_PERMITTED.isCauseOf(e) || SystemError.NOT_SUPPORTED.isCauseOf(e)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void createFolder(Path path) throws IOException {
    Files.createDirectory(path, FileAccess.isPosix(path) ? OWNER_ONLY : AS_USUAL);
  }

  @Override
  public List<Path> list(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.toList();
    }
  }

  @Override
  public void deleteFolder(Path path) throws IOException {
    try {
      Files.deleteIfExists(path);
    } catch (DirectoryNotEmptyException _) {
      // somebody else put something there, and may have it
    }
  }

  /** Not of the {@code FileStore}, which must find the folder's mount point first. */
  @Override
  public long usableBytes(Path folder) {
    long bytes = folder.toFile().getUsableSpace();
    return bytes == 0 && folder.toFile().getTotalSpace() == 0 ? Long.MAX_VALUE : bytes;
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public StoreLock lockForWriting(Path data) throws IOException {
    return RealStoreLock.forWriting(data);
  }

  @Override
  public StoreLock lockForReading(Path data) throws IOException {
    return RealStoreLock.forReading(data);
  }
}
