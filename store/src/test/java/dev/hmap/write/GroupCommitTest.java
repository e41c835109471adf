package dev.hmap.write;

import static dev.hmap.write.SmallWriter.START;
import static dev.hmap.write.SmallWriter.SYNC;
import static dev.hmap.write.SmallWriter.put;
import static dev.hmap.write.SmallWriter.putStamped;
import static dev.hmap.write.SmallWriter.remove;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.Operation;
import dev.hmap.table.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
