package dev.hmap.write;

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
 * @param nanos like {@link System#nanoTime}: a clock that nobody sets
 */
public record WriterOptions(
    boolean sync,
    long syncIntervalNanos,
    LongSupplier privateMemory,
    long maxLogBytes,
    boolean keepsStamps,
    LongSupplier nanos) {}
