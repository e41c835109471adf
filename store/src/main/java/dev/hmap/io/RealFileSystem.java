package dev.hmap.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The machine's file system. */
final class RealFileSystem implements FileSystem {
  @Override
  public StoreFile open(Path path, Mode mode) throws IOException {
    if (mode == Mode.CREATE) {
      Files.createFile(path);
    }
    return new RealStoreFile(path, mode != Mode.READ);
  }

  @Override
  public boolean exists(Path path) {
    return Files.isRegularFile(path);
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public StoreLock lockForWriting(Path lockFile) throws IOException {
    return RealStoreLock.forWriting(lockFile);
  }

  @Override
  public StoreLock lockForReading(Path lockFile) throws IOException {
    return RealStoreLock.forReading(lockFile);
  }
}
