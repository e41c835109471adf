package dev.hmap;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that a test moves, and beside it the one that nobody sets. Thread-safe. */
public final class TestClock {
  private final AtomicLong wall;
  private final AtomicLong passed = new AtomicLong();

  /** A clock that stands. */
  public TestClock(long startMillis) {
    wall = new AtomicLong(startMillis);
  }

  /** Time passes. */
  public void pass(long millis) {
    wall.addAndGet(millis); // first, as the store looks at it last: it never seems to go back
    passed.addAndGet(millis);
  }

  /** The clock is set. */
  public void jump(long millis) {
    wall.addAndGet(millis);
  }

  /** What it says. */
  public long millis() {
    return wall.get();
  }

  /** What it says. */
  public InstantSource time() {
    return () -> Instant.ofEpochMilli(wall.get());
  }

  /** The time that passed, whatever the clock says. */
  public LongSupplier nanos() {
    return () -> TimeUnit.MILLISECONDS.toNanos(passed.get());
  }
}
