package dev.hmap.write;

import dev.hmap.table.Hmap;
import java.util.concurrent.TimeUnit;

/**
 * Removes expired entries a few chains at a time, in passes over the whole map. The next pass
 * begins when the oldest entry that this one left expires, but not at once if that is soon. Writer
 * thread only.
 */
final class ExpirySweep {
  private static final int PASSES_PER_LIFE = 16;
  private static final long MIN_PAUSE_MILLIS = 10;
  private static final long POSTPONE_MILLIS = 1000;

  private final Hmap map;
  private final long timeToLiveMillis;
  private int position;
  private int left;
  private long oldest;
  private long nextMillis;

  /**
   * The sweep of a map.
   *
   * @param timeToLiveMillis of its entries, 0 if they do not expire
   */
  ExpirySweep(Hmap map, long timeToLiveMillis) {
    this.map = map;
    this.timeToLiveMillis = timeToLiveMillis;
    nextMillis = timeToLiveMillis == 0 ? Long.MAX_VALUE : map.now();
  }

  /** Tells the map what time it is. */
  void readClock() {
    map.advanceClock(map.now());
  }

  /** Whether a pass is under way or may begin. */
  boolean isDue() {
    return left > 0 || nextMillis != Long.MAX_VALUE && map.now() >= nextMillis;
  }

  /** Nanoseconds until {@link #isDue}, {@link Long#MAX_VALUE} for never. */
  long nanosUntilDue() {
    if (left > 0) {
      return 0;
    }
    return nextMillis == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : TimeUnit.MILLISECONDS.toNanos(Math.max(0, nextMillis - map.now()));
  }

  /** Sweeps so many chains; while the map grows, evacuates as many instead. */
  void step(int chains) {
    readClock();
    if (map.isGrowing()) {
      left = Math.max(left, 1);
      map.sweep(0);
      return;
    }
    if (left == 0) {
      left = map.count() == 0 ? 1 : map.roots();
      oldest = Long.MAX_VALUE;
    }
    for (int i = 0; i < chains && left > 0; i++, left--) {
      oldest = Math.min(oldest, map.sweep(position++));
    }
    if (left == 0) {
      end();
    }
  }

  private void end() {
    long pause = Math.max(MIN_PAUSE_MILLIS, timeToLiveMillis / PASSES_PER_LIFE);
    long next = Math.min(oldest, map.clock()) + timeToLiveMillis;
    nextMillis = Math.max(map.clock() + pause, next);
  }

  /** Tries again after a while. */
  void postpone() {
    left = 0;
    nextMillis = map.clock() + POSTPONE_MILLIS;
  }
}
