package dev.hmap.write;

import static dev.hmap.write.SmallWriter.NAMES;
import static dev.hmap.write.SmallWriter.SYNC;
import static dev.hmap.write.SmallWriter.put;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The log of an open store comes with the first write, and is forced by batches or intervals. */
class StoreLogTest {
  private static final long NEVER = Long.MAX_VALUE;
  private static final WriterOptions AT_ONCE = SmallWriter.options(false, 0, 1 << 20);
  private static final WriterOptions EACH_DAY =
      SmallWriter.options(false, TimeUnit.DAYS.toNanos(1), 1 << 20);

  @Test
  void thereIsNoLogBeforeTheFirstWrite() throws IOException {
    try (SmallWriter parts = new SmallWriter(SYNC)) {
      assertThat(parts.log.writer()).isNull();
      assertThat(parts.files.exists(NAMES.log())).isFalse();
      assertThat(parts.log.open()).isSameAs(parts.log.writer());
      assertThat(parts.log.file().isAt(NAMES.log())).isTrue();
      assertThat(parts.log.open()).isSameAs(parts.log.writer());
    }
  }

  @Test
  void withSyncEachBatchIsOneForceAndNoneIsDueAfterIt() {
    try (SmallWriter parts = new SmallWriter(SYNC)) {
      parts.commit(put("a", "1"), put("b", "2"));
      assertThat(parts.log.forces()).isEqualTo(1);
      assertThat(parts.log.forceTimes().getTotalCount()).isEqualTo(1);
      assertThat(parts.log.nanosUntilForce()).isEqualTo(NEVER);
    }
  }

  @Test
  void withoutSyncWhatWasWrittenIsForcedWhenTheIntervalIsOver() {
    try (SmallWriter parts = new SmallWriter(AT_ONCE)) {
      assertThat(parts.log.nanosUntilForce()).isEqualTo(NEVER);
      parts.commit(put("a", "1"));
      assertThat(parts.log.forces()).isZero();
      assertThat(parts.log.nanosUntilForce()).isZero();
      parts.log.forceInInterval();
      parts.log.awaitForce();
      assertThat(parts.log.forceTimes().getTotalCount()).isEqualTo(1);
      assertThat(parts.log.nanosUntilForce()).isEqualTo(NEVER);
    }
  }

  @Test
  void beforeTheIntervalIsOverNothingIsForced() {
    try (SmallWriter parts = new SmallWriter(EACH_DAY)) {
      parts.commit(put("a", "1"));
      parts.log.forceInInterval();
      parts.log.awaitForce();
      assertThat(parts.log.forces()).isZero();
      assertThat(parts.log.nanosUntilForce()).isPositive().isLessThan(NEVER);
    }
  }

  @Test
  void aForceInAnIntervalThatFailsFailsTheStore() {
    try (SmallWriter parts = new SmallWriter(AT_ONCE)) {
      parts.commit(put("a", "1"));
      parts.files.watch(_ -> {
        throw new IOException("Input/output error");
      });
      parts.log.forceInInterval();
      parts.log.awaitForce();
      assertThat(parts.failure.isSet()).isTrue();
      assertThat(parts.log.forceTimes()).isNull();
    }
  }
}
