package dev.hmap;

import dev.hmap.io.ForwardingFileSystem;
import dev.hmap.io.ForwardingStoreFile;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The machine's file system, of which forces of the log wait at a gate while it is closed, as those
 * of a disk that hangs, and writes of checkpoints may fail. Thread-safe.
 */
final class GatedFileSystem extends ForwardingFileSystem {
  private boolean isClosed;
  private int toPass;
  private int waiting;
  private boolean isOutOfMemory;

  GatedFileSystem() {
    super(REAL);
  }

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
    return new File(super.open(path, mode), path.toString().endsWith("-log"));
  }

  private final class File extends ForwardingStoreFile {
    private final boolean isLog;

    File(StoreFile file, boolean isLog) {
      super(file);
      this.isLog = isLog;
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      checkMemory();
      super.write(from, position);
    }

    @Override
    public void force() throws IOException {
      if (isLog) {
        passGate();
      }
      super.force();
    }
  }
}
