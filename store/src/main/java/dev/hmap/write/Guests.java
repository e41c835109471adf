package dev.hmap.write;

/**
 * When the writer looks after what callers have written by themselves: whether a checkpoint is due,
 * or a force. While they write that is now and then; the first one after a while wakes it. For
 * whoever has the writer's role.
 */
final class Guests {
  private static final long LOOK_NANOS = 20_000_000;

  /** Whether somebody wrote since the last look, and between that and the one before. */
  private boolean came;

  private boolean cameBefore;

  /** Whether the writer waits without a look to come. */
  private boolean isResting;

  private long lookNanos = System.nanoTime();

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
    came = true;
    return wakes;
  }

  /** Nanoseconds until the next look; {@link Long#MAX_VALUE} if nobody came. */
  long nanosUntilLook() {
    isResting = !came && !cameBefore;
    return isResting ? Long.MAX_VALUE : Math.max(0, lookNanos - System.nanoTime());
  }

  /** The writer looks. */
  void look() {
    cameBefore = came;
    came = false;
    lookNanos = System.nanoTime() + LOOK_NANOS;
  }
}
