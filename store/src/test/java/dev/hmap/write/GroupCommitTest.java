package dev.hmap.write;

import static dev.hmap.write.SmallWriter.ASYNC;
import static dev.hmap.write.SmallWriter.START;
import static dev.hmap.write.SmallWriter.SYNC;
import static dev.hmap.write.SmallWriter.put;
import static dev.hmap.write.SmallWriter.putStamped;
import static dev.hmap.write.SmallWriter.remove;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.Operation;
import dev.hmap.format.SegmentHeader;
import dev.hmap.table.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * A batch of writes goes through four steps: reserve, append and force, apply, complete. Nothing is
 * seen before it is durable, and where a step fails, each caller is answered.
 */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class GroupCommitTest {
  @Test
  void aBatchIsAppendedAndForcedOnceAndAppliedOnlyThen() {
    try (SmallWriter parts = new SmallWriter(SYNC)) {
      parts.commit(put("a", "1")); // begins the log
      List<String> calls = new ArrayList<>();
      parts.files.watch(call -> calls.add(call + " while the map has " + parts.map.count()));
      Write second = put("b", "2");
      Write third = put("c", "3");
      parts.groupCommit.add(second);
      parts.groupCommit.add(third);
      assertThat(calls).isEmpty();
      parts.groupCommit.commit();
      assertThat(calls).containsExactly("write while the map has 1", "force while the map has 1");
      assertThat(parts.map.count()).isEqualTo(3);
      second.await(false); // both are complete, so this returns
      third.await(false);
      assertThat(third.outcome.changed).isTrue();
    }
  }

  @Test
  void aBatchThatTheLogHasNoRoomForIsRefusedAndTheNextIsNot() {
    try (SmallWriter parts = new SmallWriter(SYNC)) {
      parts.commit(put("a", "1"));
      parts.files.watch(_ -> {
        throw new IOException("No space left on device");
      });
      Write refused = put("b", "x".repeat(2 << 20)); // more than a segment, so the log is extended
      parts.commit(refused);
      assertThat(refused.failure())
          .isInstanceOf(StoreFullException.class)
          .hasMessage("/store.hmap has no room for a write: No space left on device");
      assertThat(parts.map.count()).isEqualTo(1);
      parts.files.watch(_ -> {});
      Write next = put("c", "3");
      parts.commit(next);
      assertThat(next.failure()).isNull();
      assertThat(parts.map.count()).isEqualTo(2);
    }
  }

  @Test
  void whereTheDataFileHasNoRoomForAllEachIsCommittedByItself() {
    try (SmallWriter parts = new SmallWriter(SYNC)) {
      parts.commit(put("a", "1"));
      parts.store.space().setLimits(new Limits(64, 100, 1000));
      Write tooLarge = put("b", "x".repeat(64 * 4096));
      Write removal = remove("a");
      parts.commit(tooLarge, removal);
      assertThat(tooLarge.failure()).isInstanceOf(StoreFullException.class);
      assertThat(removal.failure()).isNull();
      assertThat(parts.map.count()).isZero();
    }
  }

  @Test
  void afterAForceThatFailedNothingIsAppliedAndWhateverComesIsRefused() {
    try (SmallWriter parts = new SmallWriter(SYNC)) {
      parts.commit(put("a", "1"));
      parts.files.watch(call -> {
        if (call.equals("force")) {
          throw new IOException("Input/output error");
        }
      });
      Write first = put("b", "2");
      Write second = put("c", "3");
      parts.commit(first, second);
      parts.files.watch(_ -> {});
      Write later = remove("a");
      parts.commit(later);
      for (Write write : List.of(first, second, later)) {
        assertThat(write.failure())
            .isInstanceOf(StoreFailedException.class)
            .hasRootCauseMessage("Input/output error");
      }
      assertThat(parts.map.count()).isEqualTo(1);
    }
  }

  @Test
  void aCallerCommitsWithoutACallOfTheSystem() {
    try (SmallWriter parts = new SmallWriter(ASYNC)) {
      assertThat(parts.groupCommit.commitInMemory(put("a", "1"))).as("there is no log").isFalse();
      parts.commit(put("a", "1"));
      List<String> calls = new ArrayList<>();
      parts.files.watch(calls::add);
      Write second = put("b", "2");
      assertThat(parts.groupCommit.commitInMemory(second)).isTrue();
      assertThat(calls).isEmpty();
      second.await(false); // it is complete, so this returns
      assertThat(second.outcome.changed).isTrue();
      assertThat(parts.map.count()).isEqualTo(2);
      assertThat(parts.log.writer().end().sequence()).isEqualTo(3);
    }
  }

  @Test
  void whatCallersCommitIsLoggedWithinASegmentAndTheNextOneIsTheWriters() {
    try (SmallWriter parts = new SmallWriter(ASYNC)) {
      parts.commit(put("a", "1"));
      long segment = parts.log.writer().end().segment();
      int writes = 0;
      while (parts.groupCommit.commitInMemory(put("a", "x".repeat(1000)))) {
        writes++;
        assertThat(parts.log.writer().end().segment()).isEqualTo(segment);
      }
      assertThat(writes * 1000L).isGreaterThan(SegmentHeader.CAPACITY * 9L / 10);
      parts.commit(put("a", "x".repeat(1000)));
      assertThat(parts.log.writer().end().segment()).isEqualTo(segment + 1);
      assertThat(parts.groupCommit.commitInMemory(put("a", "2"))).isTrue();
    }
  }

  @Test
  void aHorizonThatIsLoggedBeforeAWriteFitsIntoTheSegmentToo() {
    for (int length = 0; length < 4; length++) {
      try (SmallWriter parts = new SmallWriter(ASYNC, 1000)) {
        parts.commit(putStamped("a".repeat(1 + 32 * length)));
        Write write;
        do {
          parts.clock.pass(5); // so a new horizon is due
          write = putStamped("a".repeat(1 + 32 * length));
        } while (parts.groupCommit.commitInMemory(write));
        assertThat(parts.failure.isSet()).isFalse();
        parts.commit(write);
        assertThat(write.failure()).isNull();
      }
    }
  }

  @Test
  void theWriterAloneBeginsAGrowthAndExtendsTheFile() {
    try (SmallWriter parts = new SmallWriter(ASYNC)) {
      parts.commit(put("a", "1"));
      int byCallers = 0;
      int extensions = 0;
      for (int i = 0; i < 4_000; i++) {
        long growths = parts.map.counters().growths.get();
        int pages = parts.store.space().pages();
        Write write = put("key " + i, "x".repeat(1500));
        if (parts.groupCommit.commitInMemory(write)) {
          byCallers++;
          assertThat(parts.map.counters().growths).hasValue(growths);
          assertThat(parts.store.space().pages()).isEqualTo(pages);
        } else {
          parts.commit(write);
          extensions += parts.store.space().pages() > pages ? 1 : 0;
        }
        assertThat(write.outcome.changed).isTrue();
      }
      assertThat(byCallers).isGreaterThan(3_900);
      assertThat(extensions).isPositive();
      assertThat(parts.map.counters().growths.get()).isGreaterThan(8);
    }
  }

  @Test
  void aCallerCopiesAPageForACheckpointBesideItsWrite() {
    try (SmallWriter parts = new SmallWriter(ASYNC)) {
      for (int i = 0; i < 1000; i++) {
        parts.commit(put("key " + i, "x".repeat(100)));
      }
      parts.schedule.request(Write.control(Write.Kind.CHECKPOINT));
      parts.schedule.step(0);
      assertThat(parts.store.dirty().isPending()).isTrue();
      int writes = 0;
      while (parts.store.dirty().isPending()) {
        assertThat(parts.groupCommit.commitInMemory(put("key 1", "x".repeat(100)))).isTrue();
        writes++;
      }
      assertThat(writes).isBetween(20, 200);
    }
  }

  @Test
  void callersWriteOnThoughTheMediumTakesNoMorePagesOfACheckpoint() throws Exception {
    CountDownLatch medium = new CountDownLatch(1);
    try (SmallWriter parts = new SmallWriter(ASYNC)) {
      putMany(parts, "1");
      parts.schedule.request(Write.control(Write.Kind.CHECKPOINT));
      parts.schedule.step(0);
      assertThat(parts.schedule.finish()).isTrue();
      putMany(parts, "2");
      parts.files.watch(_ -> {
        if (Thread.currentThread().getName().equals("hmap-checkpoint")) {
          Uninterruptibles.awaitUninterruptibly(medium);
        }
      });
      parts.schedule.request(Write.control(Write.Kind.CHECKPOINT));
      parts.schedule.step(0);
      while (parts.schedule.hasWork()) {
        parts.schedule.step(64);
      }
      assertThat(parts.store.dirty().isPending()).isTrue();
      for (int i = 0; i < 100; i++) {
        Write write = put("key " + i, "3".repeat(1500));
        assertThat(parts.groupCommit.commitInMemory(write)).isTrue();
      }
      medium.countDown();
      assertThat(parts.schedule.finish()).isTrue();
    }
  }

  /** Some two thousand pages of them. */
  private static void putMany(SmallWriter parts, String value) {
    for (int i = 0; i < 5000; i++) {
      parts.commit(put("key " + i, value.repeat(1500)));
    }
  }

  @Test
  void longWritesAndThoseThatRemoveAllAreTheWriters() {
    try (SmallWriter parts = new SmallWriter(ASYNC)) {
      parts.commit(put("a", "1"));
      assertThat(parts.groupCommit.commitInMemory(put("b", "x".repeat(3000)))).isFalse();
      assertThat(parts.groupCommit.commitInMemory(SmallWriter.clear())).isFalse();
      assertThat(parts.groupCommit.commitInMemory(remove("a"))).isTrue();
      assertThat(parts.map.count()).isZero();
    }
  }

  @Test
  void afterAFailureACallerCommitsNothing() {
    try (SmallWriter parts = new SmallWriter(ASYNC)) {
      parts.commit(put("a", "1"));
      parts.failure.set(new IOException("Input/output error"));
      assertThat(parts.groupCommit.commitInMemory(put("b", "2"))).isFalse();
      assertThat(parts.map.count()).isEqualTo(1);
    }
  }

  @Test
  void whatACallerCommitsWhereEntriesExpireTakesPlaceNow() {
    try (SmallWriter parts = new SmallWriter(ASYNC, 1000)) {
      parts.commit(putStamped("a"));
      parts.clock.pass(500);
      Write second = putStamped("b");
      assertThat(parts.groupCommit.commitInMemory(second)).isTrue();
      assertThat(Operation.time(second.bytes, 0)).isEqualTo(START + 500);
      assertThat(parts.map.horizon()).isEqualTo(START + 500);
    }
  }

  @Test
  void whereEntriesExpireAllOfABatchTakesPlaceAtTheTimeOfItsCommit() {
    try (SmallWriter parts = new SmallWriter(SYNC, 1000)) {
      Write first = putStamped("a");
      Write second = putStamped("b");
      parts.groupCommit.add(first);
      parts.clock.pass(5);
      parts.groupCommit.add(second);
      parts.clock.pass(5);
      parts.groupCommit.commit();
      assertThat(Operation.time(first.bytes, 0)).isEqualTo(START + 10);
      assertThat(Operation.time(second.bytes, 0)).isEqualTo(START + 10);
    }
  }
}
