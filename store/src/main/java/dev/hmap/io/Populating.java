package dev.hmap.io;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Has the system make private copies of pages of a mapping before they are written to, on a thread
 * of its own, so that no write waits for that. What fails is left undone: the first write to a page
 * makes its copy anyway.
 */
public final class Populating {
  /** As much as the system does in a millisecond. */
  private static final long STEP_BYTES = 512 << 10;

  private final List<MemorySegment> runs;
  private final Thread thread;
  private volatile boolean isGivenUp;

  private Populating(List<MemorySegment> runs) {
    this.runs = runs;
    this.thread = Thread.ofPlatform().daemon().name("hmap-populate").unstarted(this::run);
  }

  /**
   * Begins.
   *
   * @param runs page-aligned parts of private mappings
   * @throws OutOfMemoryError if there is no thread to be had
   */
  public static Populating start(List<MemorySegment> runs) {
    Populating populating = new Populating(List.copyOf(runs));
    populating.thread.start();
    return populating;
  }

  private void run() {
    BackgroundPriority.lower();
    for (MemorySegment run : runs) {
      for (long at = 0; at < run.byteSize(); at += STEP_BYTES) {
        long begun = System.nanoTime();
        long bytes = Math.min(STEP_BYTES, run.byteSize() - at);
        if (isGivenUp || !NativeMemory.populate(run.asSlice(at, bytes))) {
          return;
        }
        LockSupport.parkNanos(System.nanoTime() - begun); // half of a processor is for the others
      }
    }
  }

  /** Ends it, wherever it is. Returns when it has ended. */
  public void giveUp() {
    isGivenUp = true;
    join();
  }

  /** Returns when it has ended. */
  public void join() {
    Uninterruptibly.join(thread);
  }
}
