package dev.hmap.write;

import static dev.hmap.write.SmallWriter.START;
import static dev.hmap.write.SmallWriter.SYNC;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The sweep removes what has expired at the horizon, and knows when it is next worth a pass. */
class ExpirySweepTest {
  private static final long LIFE = 1000;
  private static final int ALL = 1; // chains: the map has one root

  private final SmallWriter parts = new SmallWriter(SYNC, LIFE);
  private final ExpirySweep sweep = parts.sweep;

  @AfterEach
  void close() {
    parts.close();
  }

  private void pass(long millis) {
    parts.clock.pass(millis);
    sweep.readClock();
  }

  @Test
  void onlyWhatHasExpiredAtTheHorizonIsRemoved() {
    parts.applyStamped("old", START);
    parts.applyStamped("young", START + 1);
    pass(LIFE);
    sweep.step(ALL);
    assertThat(parts.map.count()).isEqualTo(2); // the horizon is at its beginning
    parts.map.advanceHorizon(sweep.now());
    sweep.step(ALL);
    assertThat(parts.map.count()).isEqualTo(1);
    assertThat(parts.map.counters().expired).hasValue(1);
  }

  @Test
  void theNextPassIsDueWhenTheOldestEntryThatWasLeftExpires() {
    parts.applyStamped("key", START);
    assertThat(sweep.isDue()).isTrue();
    sweep.step(ALL);
    assertThat(sweep.isDue()).isFalse();
    assertThat(sweep.nanosUntilDue()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(LIFE));
    pass(LIFE - 1);
    assertThat(sweep.isDue()).isFalse();
    pass(1);
    assertThat(sweep.isDue()).isTrue();
  }

  @Test
  void anIdlePassStopsUntilTheHorizonHasComeToWhatHasExpired() {
    parts.applyStamped("key", START);
    pass(LIFE);
    assertThat(sweep.stepToHorizon(ALL)).isTrue();
    parts.map.advanceHorizon(sweep.now());
    assertThat(sweep.stepToHorizon(ALL)).isFalse();
    assertThat(parts.map.count()).isZero();
  }

  @Test
  void theTimeNeverGoesBackBeforeTheHorizon() {
    parts.map.advanceHorizon(START + LIFE);
    assertThat(sweep.readClock()).isEqualTo(START + LIFE);
    assertThat(sweep.isHorizonDue()).isFalse();
    pass(2 * LIFE);
    assertThat(sweep.now()).isEqualTo(START + 2 * LIFE);
    assertThat(sweep.isHorizonDue()).isTrue();
  }
}
