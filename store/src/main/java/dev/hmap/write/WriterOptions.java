package dev.hmap.write;

import dev.hmap.io.MachineMemory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How a store is written.
 *
 * @param sync whether a write returns only when it survives a power cut
 * @param syncIntervalNanos without {@code sync}: the log is forced at least so often while there
 *     are writes
 * @param privateMemory bytes of private copies of pages that are kept at most, where they can be
 *     given back
 * @param maxLogBytes a checkpoint begins at the latest when the log has grown by so much
 * @param keepsStamps whether values come with the stamps they shall keep: for copies, from which
 *     nothing is removed
 */
public record WriterOptions(
    boolean sync,
    long syncIntervalNanos,
    LongSupplier privateMemory,
    long maxLogBytes,
    boolean keepsStamps) {
  /** How long the log may grow by default, in bytes. */
  public static final long DEFAULT_MAX_LOG_BYTES = 256L << 20;

  /** The least that may be asked for, in bytes. */
  public static final long MIN_PRIVATE_MEMORY = 16L << 20;

  /** As long as it is not known how much memory there is. */
  private static final long UNKNOWN_MEMORY = 4L << 30;

  /** Of the memory there is. */
  private static final int PRIVATE_MEMORY_SHARE = 4;

  /** For a copy of a store, which nobody sees before it is closed. */
  public static WriterOptions ofCopy() {
    return new WriterOptions(
        false,
        TimeUnit.SECONDS.toNanos(1),
        WriterOptions::defaultPrivateMemory,
        DEFAULT_MAX_LOG_BYTES,
        true);
  }

  /** The default, in bytes: a quarter of the memory there is. */
  public static long defaultPrivateMemory() {
    return Math.max(MIN_PRIVATE_MEMORY, MachineMemory.bytes(UNKNOWN_MEMORY) / PRIVATE_MEMORY_SHARE);
  }
}
