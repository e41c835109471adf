package dev.hmap.write;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time of day as far as it can be trusted: that of the system's clock, but one that is set
 * ahead is believed only when it has stayed so for a minute. What a clock says ahead for a moment
 * would otherwise expire entries that cannot be brought back.
 *
 * <p>It goes on as a clock goes that nobody sets, {@link System#nanoTime}. Between two looks the
 * last one holds, so that nobody need look while nothing is written. The smallest difference
 * between the two clocks within the last minute counts: a clock that was set back is believed at
 * once, one that stands likewise. At first what it was before counts too: a process may start
 * before the clock is set right.
 *
 * <p>One thread at a time.
 */
final class TrustedClock {
  private static final int WINDOW_SECONDS = 60;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final int MICROS_PER_MILLI = 1_000;
  private static final long MAX_MILLIS = Long.MAX_VALUE / MICROS_PER_MILLI;

  private final InstantSource wall;
  private final LongSupplier nanos;
  private final long begunNanos;

  /** The least difference of each second of the window, in microseconds: a ring. */
  private final long[] least = new long[WINDOW_SECONDS];

  private long second;
  private long last;
  private long trusted;

  /**
   * A clock that begins with a look at the system's.
   *
   * @param wall may be set
   * @param nanos is not set by anybody; its zero is anywhere
   * @param beforeMillis what time it was when somebody looked last, {@link Long#MAX_VALUE} if
   *     nobody did
   */
  TrustedClock(InstantSource wall, LongSupplier nanos, long beforeMillis) {
    this.wall = wall;
    this.nanos = nanos;
    this.begunNanos = nanos.getAsLong();
    last = micros(wall.instant());
    trusted = Math.min(last, Math.min(beforeMillis, MAX_MILLIS) * MICROS_PER_MILLI);
    Arrays.fill(least, trusted);
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * MICROS_PER_SECOND
        + TimeUnit.NANOSECONDS.toMicros(instant.getNano());
  }

  /** What time it is, in milliseconds since 1970. */
  long millis() {
    // In this order: a thread that is held up in between sees the system's clock ahead, which is
    // not believed, and not behind, which would be.
    long elapsed = TimeUnit.NANOSECONDS.toMicros(nanos.getAsLong() - begunNanos);
    long difference = micros(wall.instant()) - elapsed;
    turnTo(elapsed / MICROS_PER_SECOND);
    int now = (int) (second % WINDOW_SECONDS);
    least[now] = Math.min(least[now], difference);
    trusted = Math.min(trusted, difference);
    last = difference;
    return Math.floorDiv(elapsed + trusted, MICROS_PER_MILLI);
  }

  /** Moves the window on; in the seconds without a look the last one holds. */
  private void turnTo(long now) {
    if (now <= second) {
      return;
    }
    for (long s = Math.max(second + 1, now - WINDOW_SECONDS + 1); s <= now; s++) {
      least[(int) (s % WINDOW_SECONDS)] = last;
    }
    second = now;
    trusted = Arrays.stream(least).min().orElse(last);
  }
}
