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
 * The machine's file system, of which forces of the log wait at a gate while it is closed, as those
 * of a disk that hangs, and writes of checkpoints may fail. Thread-safe.
 */
final class GatedFileSystem implements FileSystem {
  private boolean isClosed;
  private int toPass;
  private int waiting;
  private boolean isOutOfMemory;

  /** From now on forces wait. */
  synchronized void closeGate() {
    isClosed = true;
  }

  /** From now on they do not, and those that wait go on. */
  synchronized void openGate() {
    isClosed = false;
    notifyAll();
  }

  /** Lets one force through. */
  synchronized void passOne() {
    toPass++;
    notifyAll();
  }

  /** Returns when a force waits at the gate. */
  synchronized void awaitForce() throws InterruptedException {
    while (waiting == 0 || toPass > 0) {
      wait();
    }
  }

  /** From now on a checkpoint meets an {@link OutOfMemoryError}, or none any more. */
  synchronized void failCheckpoints(boolean fail) {
    isOutOfMemory = fail;
  }

  private synchronized void passGate() throws IOException {
    waiting++;
    notifyAll();
    try {
      while (isClosed && toPass == 0) {
        wait();
      }
      toPass = Math.max(0, toPass - 1);
    } catch (InterruptedException e) {
      throw new IOException("a thread of hmap's own was interrupted", e);
    } finally {
      waiting--;
    }
  }

  private synchronized void checkMemory() {
    if (isOutOfMemory && Thread.currentThread().getName().equals("hmap-checkpoint")) {
      throw new OutOfMemoryError("simulated");
    }
  }

  @Override
  public StoreFile open(Path path, Mode mode) throws IOException {
    return new File(REAL.open(path, mode), path.toString().endsWith("-log"));
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
    private final boolean isLog;

    File(StoreFile file, boolean isLog) {
      this.file = file;
      this.isLog = isLog;
    }

    @Override
    public void read(ByteBuffer to, long position) throws IOException {
      file.read(to, position);
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      checkMemory();
      file.write(from, position);
    }

    @Override
    public void force() throws IOException {
      if (isLog) {
        passGate();
      }
      file.force();
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void resize(long bytes) throws IOException {
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
