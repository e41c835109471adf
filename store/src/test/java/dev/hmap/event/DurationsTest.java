package dev.hmap.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** How long something took each time, to two digits. */
class DurationsTest {
  private final Durations durations = new Durations();

  @Test
  void beforeTheFirstTimeThereIsNothing() {
    assertThat(durations.copy()).isNull();
  }

  @Test
  void eachTimeCountsAndItsLengthIsKeptToTwoDigits() {
    durations.record(TimeUnit.MILLISECONDS.toNanos(1));
    durations.record(TimeUnit.MILLISECONDS.toNanos(3));
    durations.record(TimeUnit.SECONDS.toNanos(2));
    Histogram histogram = durations.copy();
    assertThat(histogram.getTotalCount()).isEqualTo(3);
    assertThat((double) histogram.getValueAtPercentile(50)).isBetween(2.97e6, 3.03e6);
    assertThat((double) histogram.getMaxValue()).isBetween(1.98e9, 2.02e9);
  }

  @Test
  void moreThanAnHourCountsAsAnHourAndLessThanNothingAsNothing() {
    durations.record(TimeUnit.HOURS.toNanos(5));
    durations.record(-1);
    Histogram histogram = durations.copy();
    assertThat(histogram.getTotalCount()).isEqualTo(2);
    assertThat((double) histogram.getMaxValue()).isBetween(3.6e12, 3.64e12);
    assertThat(histogram.getMinValue()).isZero();
  }

  @Test
  void aCopyDoesNotGoOnCounting() {
    durations.record(1_000);
    Histogram before = durations.copy();
    durations.record(1_000);
    assertThat(before.getTotalCount()).isEqualTo(1);
    assertThat(durations.copy().getTotalCount()).isEqualTo(2);
  }
}
