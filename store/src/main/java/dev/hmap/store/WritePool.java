package dev.hmap.store;

import dev.hmap.write.Write;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Writes that are used again, so that a blocking call makes none. They belong to the map, not to
 * the threads: a pool thread that wrote once would keep all classes of the application it wrote
 * for. A write whose call was cut off is on its way yet, and never comes back. Any thread.
 */
final class WritePool {
  /** More than a cache line, so that threads do not take it from each other. */
  private static final int STRIDE = 32;

  private static final int STRIPES =
      Integer.highestOneBit(4 * Runtime.getRuntime().availableProcessors());

  private final AtomicReferenceArray<@Nullable Write> writes =
      new AtomicReferenceArray<>(STRIPES * STRIDE);

  /** A write that is nobody else's until it is given back. */
  Write take() {
    Write write = writes.getAndSet(stripe(), null);
    return write == null ? new Write() : write;
  }

  /** Gives back a write that is complete, and whose outcome was read. */
  void giveBack(Write write) {
    write.shrink();
    writes.setRelease(stripe(), write);
  }

  private static int stripe() {
    return ((int) Thread.currentThread().threadId() & STRIPES - 1) * STRIDE;
  }
}
