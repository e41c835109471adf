package dev.hmap;

import java.util.concurrent.TimeUnit;

/**
 * How long a campaign goes on: for {@code -Dstress.seconds=N}, if that is given, else for a number
 * of rounds.
 */
public final class Budget {
  private static final Long SECONDS = Long.getLong("stress.seconds");

  private final long rounds;
  private final long begun = System.nanoTime();
  private final long nanos;

  private Budget(long rounds, long nanos) {
    this.rounds = rounds;
    this.nanos = nanos;
  }

  /** This many rounds, whatever was asked for. */
  public static Budget rounds(long rounds) {
    return new Budget(rounds, Long.MAX_VALUE);
  }

  /**
   * A share of the time that was asked for; if none was, this many rounds.
   *
   * @param share 1 for all of it
   */
  public static Budget of(double share, long rounds) {
    return SECONDS == null
        ? rounds(rounds)
        : new Budget(Long.MAX_VALUE, (long) (share * TimeUnit.SECONDS.toNanos(SECONDS)));
  }

  /** Whether there is another round after this many. */
  public boolean isLeft(long done) {
    return done < rounds && System.nanoTime() - begun < nanos;
  }
}
