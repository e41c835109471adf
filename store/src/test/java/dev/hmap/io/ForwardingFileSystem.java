package dev.hmap.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Hands every call on to another file system; a double overrides those that it changes. */
public abstract class ForwardingFileSystem implements FileSystem {
  private final FileSystem inner;

  protected ForwardingFileSystem(FileSystem inner) {
    this.inner = inner;
  }

  @Override
  public Path resolve(Path path) throws IOException {
    return inner.resolve(path);
  }

  @Override
  public StoreFile open(Path path, Mode mode) throws IOException {
    return inner.open(path, mode);
  }

  @Override
  public boolean exists(Path path) throws IOException {
    return inner.exists(path);
  }

  @Override
  public int links(Path path) throws IOException {
    return inner.links(path);
  }

  @Override
  public void takeAfter(Path path, Path model) throws IOException {
    inner.takeAfter(path, model);
  }

  @Override
  public void delete(Path path) throws IOException {
    inner.delete(path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    inner.rename(from, to);
  }

  @Override
  public void renameToNew(Path from, Path to) throws IOException {
    inner.renameToNew(from, to);
  }

  @Override
  public void createFolder(Path path) throws IOException {
    inner.createFolder(path);
  }

  @Override
  public List<Path> list(Path folder) throws IOException {
    return inner.list(folder);
  }

  @Override
  public void deleteFolder(Path path) throws IOException {
    inner.deleteFolder(path);
  }

  @Override
  public long usableBytes(Path folder) throws IOException {
    return inner.usableBytes(folder);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    inner.forceFolder(folder);
  }

  @Override
  public StoreLock lockForWriting(Path data) throws IOException {
    return inner.lockForWriting(data);
  }

  @Override
  public StoreLock lockForReading(Path data) throws IOException {
    return inner.lockForReading(data);
  }
}
