package dev.hmap.write;

/**
 * When the writer looks after what callers have written by themselves: whether a checkpoint is due,
 * or a force. While they write that is now and then; the first one after a while wakes it. For
 * whoever has the writer's role.
 */
final class Guests {
  private static final long LOOK_NANOS = 20_000_000;

  /** They copy as many pages for a checkpoint as the writer would, and it is in nobody's way. */
  private static final int MANY = 200;

  /**
   * How many came since the last look, and between that and the one before. As if one had come when
   * the store was opened: so the writer looks, and prepares what they need.
   */
  private int came = 1;

  private int cameBefore;

  /** Whether the writer waits without a look to come. */
  private boolean isResting;

  private long lookNanos = System.nanoTime() + LOOK_NANOS;

  /** None yet. */
  Guests() {}

  /**
   * A caller has written.
   *
   * @return whether the writer must be woken
   */
  boolean count() {
    boolean wakes = isResting;
    isResting = false;
    came++;
    return wakes;
  }

  /** Nanoseconds until the next look; {@link Long#MAX_VALUE} if nobody came. */
  long nanosUntilLook() {
    isResting = came == 0 && cameBefore == 0;
    return isResting ? Long.MAX_VALUE : Math.max(0, lookNanos - System.nanoTime());
  }

  /** Whether there are enough of them to leave a checkpoint's copies to. */
  boolean areMany() {
    return came + cameBefore >= MANY;
  }

  /** The writer looks. */
  void look() {
    cameBefore = came;
    came = 0;
    lookNanos = System.nanoTime() + LOOK_NANOS;
  }
}
