package dev.hmap.write;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

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
  /** Some microseconds, longer than most writes of a caller take, or looks of the writer. */
  private static final int SPINS = 50;

  /** Between two looks at a role whose holder has lost the processor. */
  private static final long LOOK_NANOS = 20_000;

  private final AtomicBoolean isTaken = new AtomicBoolean(true);

  /** Whether the writer waits for a caller to give the role back. */
  private volatile boolean isAwaited;

  /** A role that the writer has. */
  WriterRole() {}

  /** Takes it if it is free and the writer does not wait for it. A caller's. */
  boolean tryTake() {
    return !isAwaited && !isTaken.get() && isTaken.compareAndSet(false, true);
  }

  /** The same if it becomes free in a moment. */
  boolean tryTakeSoon() {
    for (int spins = SPINS; spins > 0 && !isAwaited; spins--) {
      if (tryTake()) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  /** Takes it as soon as it is free; no caller takes it meanwhile. The writer's. */
  void take() {
    if (!isTaken.compareAndSet(false, true)) {
      awaitAndTake();
    }
  }

  private void awaitAndTake() {
    isAwaited = true;
    for (int spins = SPINS; !isTaken.compareAndSet(false, true); spins--) {
      if (spins > 0) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, LOOK_NANOS);
      }
    }
    isAwaited = false;
  }

  /**
   * Gives it back. The writer is not told, if it waits: that would cost each caller a fence, which
   * waits for all that it stored.
   */
  void release() {
    isTaken.setRelease(false);
  }
}
