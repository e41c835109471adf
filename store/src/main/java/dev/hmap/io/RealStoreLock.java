package dev.hmap.io;

import dev.hmap.error.StoreLockedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Locks on two bytes of the data file itself, far behind its end: the writer's, and the guard's. A
 * lock counts only if, once taken, the name still leads to the file it is on: meanwhile a
 * compaction may have put another there, or somebody moved it.
 */
final class RealStoreLock implements StoreLock {
  private static final long WRITER_BYTE = 1L << 40;
  private static final long GUARD_BYTE = WRITER_BYTE + 1;
  private static final long RETRY_NANOS = 1_000_000;

  private final Path path;
  private final FileIdentity identity;
  private final ByteLocks locks;
  private final boolean writing;
  private @Nullable HolderNote note;
  private boolean isGuarding;
  private boolean isClosed;

  private RealStoreLock(Path path, FileIdentity identity, ByteLocks locks, boolean writing) {
    this.path = path;
    this.identity = identity;
    this.locks = locks;
    this.writing = writing;
  }

  static StoreLock forWriting(Path path) throws IOException {
    while (true) {
      FileIdentity.Opened<ByteLocks> opened = open(path, true);
      StoreLock lock = null;
      try {
        if (!opened.file().tryLock(WRITER_BYTE, false)) {
          throw new StoreLockedException(
              "locked for writing by %s (%s)".formatted(HolderNote.holderOf(path), path));
        }
        if (opened.identity().isAt(path)) {
          lock = new RealStoreLock(path, opened.identity(), opened.file(), true);
          return lock;
        }
      } finally {
        if (lock == null) {
          opened.file().close();
        }
      }
    }
  }

  static StoreLock forReading(Path path) throws IOException {
    while (true) {
      FileIdentity.Opened<ByteLocks> opened = open(path, false);
      StoreLock lock = null;
      try {
        if (opened.file().tryLock(GUARD_BYTE, true) && opened.identity().isAt(path)) {
          lock = new RealStoreLock(path, opened.identity(), opened.file(), false);
          return lock;
        }
      } finally {
        if (lock == null) {
          opened.file().close();
        }
      }
      LockSupport.parkNanos(RETRY_NANOS);
    }
  }

  private static FileIdentity.Opened<ByteLocks> open(Path path, boolean writable)
      throws IOException {
    return FileIdentity.open(path, identity -> ByteLocks.open(path, identity, writable));
  }

  @Override
  public synchronized boolean tryGuard() throws IOException {
    checkOpen();
    isGuarding = locks.tryLock(GUARD_BYTE, false);
    return isGuarding;
  }

  @Override
  public synchronized void releaseGuard() throws IOException {
    if (isGuarding) {
      isGuarding = false;
      locks.unlock(GUARD_BYTE);
    }
  }

  @Override
  public synchronized void check() throws IOException {
    if (!identity.isAt(path)) {
      throw new LostLockException(
          "%s was deleted, moved away or replaced while it was open".formatted(path));
    }
    boolean isHeld =
        !writing
            || locks.tryLock(WRITER_BYTE, false)
                && (!isGuarding || locks.tryLock(GUARD_BYTE, false));
    if (!isHeld) {
      throw new LostLockException(
          "%s is locked by %s now: this process has lost its lock"
              .formatted(path, HolderNote.holderOf(path)));
    }
  }

  @Override
  public synchronized void leaveNote() {
    checkOpen();
    note = HolderNote.leave(path);
  }

  private void checkOpen() {
    if (isClosed || !writing) {
      throw new IllegalStateException("the lock is not held for writing");
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try (ByteLocks _ = locks) {
      if (note != null) {
        note.remove();
      }
    }
  }
}
