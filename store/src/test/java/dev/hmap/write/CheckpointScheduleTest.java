package dev.hmap.write;

import static dev.hmap.write.SmallWriter.NAMES;
import static dev.hmap.write.SmallWriter.SYNC;
import static dev.hmap.write.SmallWriter.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.error.StoreClosedException;
import dev.hmap.recovery.Recovery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** The schedule begins a checkpoint on demand or when the log is long, and answers who waits. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class CheckpointScheduleTest {
  private static final int PAGES = 32;

  private final Write request = Write.control(Write.Kind.CHECKPOINT);

  @Test
  void aStoreToWhichNothingWasWrittenNeedsNoCheckpoint() {
    try (SmallWriter parts = new SmallWriter(SYNC)) {
      parts.schedule.request(request);
      request.await(false);
      assertThat(parts.schedule.hasWork()).isFalse();
      assertThat(parts.checkpointer.completed()).isZero();
    }
  }

  @Test
  void whoeverAsksForACheckpointIsAnsweredAtItsEnd() {
    try (SmallWriter parts = new SmallWriter(SYNC)) {
      parts.commit(put("a", "1"));
      parts.schedule.request(request);
      assertThat(parts.schedule.hasWork()).isTrue();
      parts.schedule.step(PAGES);
      parts.commit(put("b", "2")); // after it began, so it is not in it
      assertThat(parts.schedule.finish()).isTrue();
      request.await(false);
      request.check();
      assertThat(Recovery.readHeader(parts.files, NAMES).hmap().count()).isEqualTo(1);
    }
  }

  @Test
  void aLogThatHasBecomeLongMakesOneDue() {
    try (SmallWriter parts = new SmallWriter(SmallWriter.options(true, 0, 1_000))) {
      parts.commit(put("a", "x".repeat(900)));
      parts.schedule.step(PAGES);
      assertThat(parts.checkpointer.isRunning()).isFalse();
      parts.commit(put("b", "x".repeat(100)));
      parts.schedule.step(PAGES);
      assertThat(parts.checkpointer.isRunning()).isTrue();
      assertThat(parts.schedule.finish()).isTrue();
      assertThat(parts.checkpointer.completed()).isEqualTo(1);
    }
  }

  /** Some two thousand pages of them. */
  private static void putMany(SmallWriter parts) {
    for (int i = 0; i < 5000; i++) {
      parts.commit(put("key " + i, "x".repeat(1500)));
    }
  }

  @Test
  void aLargeOneThatNobodyWaitsForBeginsWhenItsMemoryIsMade() {
    try (SmallWriter parts = new SmallWriter(SmallWriter.options(true, 0, 1_000))) {
      putMany(parts);
      parts.schedule.step(PAGES);
      assertThat(parts.checkpointer.isRunning()).isFalse();
      while (!parts.checkpointer.isReady()) {
        Thread.onSpinWait();
      }
      parts.schedule.step(PAGES);
      assertThat(parts.checkpointer.isRunning()).isTrue();
      assertThat(parts.schedule.finish()).isTrue();
    }
  }

  @Test
  void aLargeOneThatSomebodyWaitsForBeginsAtOnce() {
    try (SmallWriter parts = new SmallWriter(SmallWriter.options(true, 0, 1_000))) {
      putMany(parts);
      parts.schedule.request(request);
      parts.schedule.step(PAGES);
      assertThat(parts.checkpointer.isRunning()).isTrue();
      assertThat(parts.schedule.finish()).isTrue();
    }
  }

  @Test
  void whoeverWaitsIsRefusedIfThereWillBeNone() {
    try (SmallWriter parts = new SmallWriter(SYNC)) {
      parts.commit(put("a", "1"));
      parts.schedule.request(request);
      parts.schedule.refuse(() -> new StoreClosedException("closed"));
      assertThat(request.failure()).isInstanceOf(StoreClosedException.class);
      assertThat(parts.schedule.hasWork()).isFalse();
    }
  }
}
