package dev.hmap.event;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How long something took each time, in an HdrHistogram: 2 digits, from a microsecond to an hour.
 * It takes next to nothing before the first time, and then up to 27 KB, as much as the longest
 * needs.
 *
 * <p>Thread-safe by a lock, which is cheap beside what is timed here. HdrHistogram's own recorders
 * need no lock, and three such histograms.
 */
public final class Durations {
  private static final long LOWEST_NANOS = TimeUnit.MICROSECONDS.toNanos(1);
  private static final long HIGHEST_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final int DIGITS = 2;

  private @Nullable Histogram histogram;

  /** Nothing yet. */
  public Durations() {}

  /** Adds one duration; one of more than an hour counts as an hour. */
  public synchronized void record(long nanos) {
    Histogram into = histogram;
    if (into == null) {
      into = new Histogram(LOWEST_NANOS, 2 * LOWEST_NANOS, DIGITS);
      into.setAutoResize(true);
      histogram = into;
    }
    into.recordValue(Math.clamp(nanos, 0, HIGHEST_NANOS));
  }

  /** All durations so far, as a copy; null if there was none. */
  public synchronized @Nullable Histogram copy() {
    return histogram == null ? null : histogram.copy();
  }
}
