package dev.hmap.write;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The writer's role: whoever has it may change the map and append to the log, and one thread has it
 * at any moment. It is the writer thread's while that has a batch or work of its own; while it
 * waits, a caller may take it for a single short write, which then costs no hand-over between
 * threads.
 *
 * <p>What its holder did happens before what the next one does; so what is for the writer thread
 * only, in the map and the log, is for whoever has this.
 */
final class WriterRole {
  /** About a microsecond, longer than most writes of a caller take. */
  private static final int SPINS = 50;

  private final AtomicBoolean isTaken = new AtomicBoolean(true);

  /** The writer, while it waits for a caller to give the role back. */
  private volatile @Nullable Thread awaiting;

  /** A role that the writer has. */
  WriterRole() {}

  /** Takes it if it is free and the writer does not wait for it. A caller's. */
  boolean tryTake() {
    return awaiting == null && !isTaken.get() && isTaken.compareAndSet(false, true);
  }

  /** Takes it as soon as it is free; no caller takes it meanwhile. The writer's. */
  void take() {
    if (!isTaken.compareAndSet(false, true)) {
      awaitAndTake();
    }
  }

  private void awaitAndTake() {
    awaiting = Thread.currentThread();
    for (int spins = SPINS; !isTaken.compareAndSet(false, true); spins--) {
      if (spins > 0) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this); // its holder may have lost the processor
      }
    }
    awaiting = null;
  }

  /** Gives it back. */
  void release() {
    isTaken.set(false);
    Thread writer = awaiting; // either this sees it, or it sees that the role is free
    if (writer != null) {
      LockSupport.unpark(writer);
    }
  }
}
