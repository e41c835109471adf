package dev.hmap;

import dev.hmap.io.FileSystem;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The machine's file system, on which data files find no more room from some moment on, as on a
 * tmpfs that is full; there is some left for logs. Thread-safe.
 */
final class SmallDisk implements FileSystem {
  private volatile boolean isFull;

  /** From now on data files cannot be extended, or can be again. */
  void setFull(boolean full) {
    isFull = full;
  }

  @Override
  public StoreFile open(Path path, Mode mode) throws IOException {
    StoreFile file = REAL.open(path, mode);
    return path.toString().endsWith("-log") ? file : new File(file);
  }

  @Override
  public boolean exists(Path path) throws IOException {
    return REAL.exists(path);
  }

  @Override
  public void delete(Path path) throws IOException {
    REAL.delete(path);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    REAL.rename(from, to);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    REAL.forceFolder(folder);
  }

  @Override
  public StoreLock lockForWriting(Path lockFile) throws IOException {
    return REAL.lockForWriting(lockFile);
  }

  @Override
  public StoreLock lockForReading(Path lockFile) throws IOException {
    return REAL.lockForReading(lockFile);
  }

  private final class File implements StoreFile {
    private final StoreFile file;

    File(StoreFile file) {
      this.file = file;
    }

    @Override
    public void read(ByteBuffer to, long position) throws IOException {
      file.read(to, position);
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      file.write(from, position);
    }

    @Override
    public void force() throws IOException {
      file.force();
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void resize(long bytes) throws IOException {
      if (isFull && bytes > file.size()) {
        throw new IOException("No space left on device");
      }
      file.resize(bytes);
    }

    @Override
    public MemorySegment map(long position, long bytes, Arena arena) throws IOException {
      return file.map(position, bytes, arena);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
