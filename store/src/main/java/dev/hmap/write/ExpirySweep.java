package dev.hmap.write;

import dev.hmap.format.Geometry;
import dev.hmap.table.Hmap;
import java.util.concurrent.TimeUnit;

/**
 * Removes expired entries a few chains at a time, in passes over the whole map. The next pass
 * begins when the oldest entry that this one left expires, but not at once if that is soon.
 *
 * <p>Only what has expired at the map's horizon is removed, which the log knows and no later
 * operation takes place before; so nothing goes that one of them could have found. The horizon
 * follows the trusted clock in small steps while there are writes, and when an idle pass meets an
 * entry that has expired since. Writer thread only.
 */
final class ExpirySweep {
  private static final int PASSES_PER_LIFE = 16;
  private static final int HORIZONS_PER_LIFE = 256;
  private static final long MIN_PAUSE_MILLIS = 10;
  private static final long POSTPONE_MILLIS = 1000;

  private final Hmap map;
  private final TrustedClock clock;
  private final Geometry geometry;
  private final boolean isWanted;
  private int position;
  private int left;
  private long oldest;
  private long now;
  private long nextMillis;

  /**
   * The sweep of a map.
   *
   * @param isWanted false to remove nothing
   */
  ExpirySweep(Hmap map, TrustedClock clock, Geometry geometry, boolean isWanted) {
    this.map = map;
    this.clock = clock;
    this.geometry = geometry;
    this.isWanted = isWanted;
    nextMillis = isWanted ? readClock() : Long.MAX_VALUE;
  }

  /** Looks at the trusted clock; what follows goes by that. Never behind the horizon. */
  long readClock() {
    now = Math.max(map.horizon(), Math.min(clock.millis(), Geometry.MAX_TIME_MILLIS));
    return now;
  }

  /** What the clock said last. */
  long now() {
    return now;
  }

  /** Whether the horizon is so far behind that a write shall take it along. */
  boolean isHorizonDue() {
    long step = Math.max(1, geometry.timeToLiveMillis() / HORIZONS_PER_LIFE);
    return isWanted && now - map.horizon() >= step;
  }

  /** Whether a pass is under way or may begin. */
  boolean isDue() {
    return left > 0 || nextMillis != Long.MAX_VALUE && now >= nextMillis;
  }

  /** Nanoseconds until {@link #isDue}, {@link Long#MAX_VALUE} for never. */
  long nanosUntilDue() {
    if (left > 0) {
      return 0;
    }
    return nextMillis == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : TimeUnit.MILLISECONDS.toNanos(Math.max(0, nextMillis - clock.millis()));
  }

  /** Sweeps this many chains; while the map grows, evacuates as many instead. */
  void step(int chains) {
    var _ = step(chains, true);
  }

  /**
   * The same, but stops at a chain with entries that have expired since the horizon.
   *
   * @return whether it did, and a newer horizon would let it go on
   */
  boolean stepToHorizon(int chains) {
    return step(chains, false);
  }

  private boolean step(int chains, boolean passesOver) {
    if (map.isGrowing()) {
      left = Math.max(left, 1);
      map.sweep(0);
      return false;
    }
    if (left == 0) {
      left = map.count() == 0 ? 1 : map.roots();
      oldest = Long.MAX_VALUE;
    }
    for (int i = 0; i < chains && left > 0; i++, left--) {
      long stamp = map.sweep(position);
      if (!passesOver && geometry.isExpired(stamp, now)) {
        return true;
      }
      position++;
      oldest = Math.min(oldest, stamp);
    }
    if (left == 0) {
      end();
    }
    return false;
  }

  private void end() {
    long pause = Math.max(MIN_PAUSE_MILLIS, geometry.timeToLiveMillis() / PASSES_PER_LIFE);
    long next = Math.min(oldest, now) + geometry.timeToLiveMillis();
    nextMillis = Math.max(now + pause, next);
  }

  /** Tries again after a while. */
  void postpone() {
    left = 0;
    nextMillis = now + POSTPONE_MILLIS;
  }
}
