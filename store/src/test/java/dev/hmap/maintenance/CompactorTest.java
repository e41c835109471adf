package dev.hmap.maintenance;

import static dev.hmap.store.TextStore.NAMES;
import static dev.hmap.store.TextStore.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.TestClock;
import dev.hmap.damage.MemoryFiles;
import dev.hmap.error.StoreLockedException;
import dev.hmap.report.Compaction;
import dev.hmap.store.Environment;
import dev.hmap.store.FollowedStore;
import dev.hmap.store.OperationBatch;
import dev.hmap.store.TextStore;
import dev.hmap.store.WritableStore;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A compaction writes a store that holds the same in as little as it needs, and replaces it. */
class CompactorTest {
  private static final long START = 1_700_000_000_000L;
  private static final long LIFE = 1000;

  private static Compaction compact(MemoryFiles files, InstantSource time) {
    return new Compactor(files, NAMES, time).run(_ -> {});
  }

  @Test
  void theNewStoreHoldsTheSameInASmallerArray() {
    MemoryFiles files = TextStore.create();
    try (WritableStore store = TextStore.open(files)) {
      var _ = StoreDamage.fill(store, 1_000);
      OperationBatch batch = new OperationBatch(0);
      for (int i = 2; i < 1_000; i++) {
        batch.remove(bytes("key " + i));
      }
      batch.mark(bytes("mark"));
      boolean _ = store.write(batch);
    }
    Compaction compaction = compact(files, InstantSource.system());
    assertThat(compaction.entries()).isEqualTo(2);
    assertThat(compaction.loadFactorBefore()).isEqualTo(2.0 / 256);
    assertThat(compaction.loadFactorAfter()).isEqualTo(2.0);
    assertThat(compaction.bytesAfter())
        .isLessThan(compaction.bytesBefore())
        .isEqualTo(files.copy(NAMES.data()).length);
    try (FollowedStore store = TextStore.read(files)) {
      assertThat(TextStore.content(store))
          .isEqualTo(Map.of("key 0", "value 0", "key 1", "value 1"));
      assertThat(store.reader().mark()).isEqualTo(bytes("mark"));
    }
  }

  @Test
  void ofAStoreThatWasKilledWhatIsInTheLogIsKeptAndTheLogGoes() {
    MemoryFiles files = TextStore.create();
    try (WritableStore store = TextStore.open(files)) {
      TextStore.put(store, "a", "1");
      files = TextStore.killed(files);
    }
    assertThat(files.exists(NAMES.log())).isTrue();
    assertThat(compact(files, InstantSource.system()).entries()).isEqualTo(1);
    assertThat(files.exists(NAMES.log())).isFalse();
    try (FollowedStore store = TextStore.read(files)) {
      assertThat(TextStore.content(store)).isEqualTo(Map.of("a", "1"));
    }
  }

  @Test
  void whatHasExpiredIsLeftBehindAndTheOthersKeepTheirStamps() {
    MemoryFiles files = TextStore.create(LIFE);
    TestClock clock = new TestClock(START);
    Environment environment = Environment.REAL.with(files).with(clock.time(), clock.nanos());
    try (WritableStore store = TextStore.open(environment)) {
      TextStore.put(store, "old", "1");
      clock.pass(1);
      TextStore.put(store, "young", "2");
    }
    clock.pass(LIFE - 1);
    assertThat(compact(files, clock.time()).entries()).isEqualTo(1);
    try (WritableStore store = TextStore.open(environment)) {
      assertThat(store.reader().count()).isEqualTo(1);
      assertThat(TextStore.content(store)).isEqualTo(Map.of("young", "2"));
      clock.pass(1);
      assertThat(TextStore.content(store)).isEmpty();
    }
  }

  @Test
  void theArrayIsMadeForWhatHasNotExpired() {
    MemoryFiles files = TextStore.create(LIFE);
    TestClock clock = new TestClock(START);
    Environment environment = Environment.REAL.with(files).with(clock.time(), clock.nanos());
    try (WritableStore store = TextStore.open(environment)) {
      for (int i = 0; i < 1_000; i++) {
        TextStore.put(store, "old " + i, "1");
      }
      clock.pass(LIFE - 1);
      TextStore.put(store, "young", "2");
    }
    clock.pass(1);
    Compaction compaction = compact(files, clock.time());
    assertThat(compaction.entries()).isEqualTo(1);
    assertThat(compaction.loadFactorAfter()).isEqualTo(1.0);
  }

  @Test
  void aStoreThatIsOpenForWritingIsRefused() {
    MemoryFiles files = TextStore.create();
    try (WritableStore store = TextStore.open(files)) {
      assertThatThrownBy(() -> compact(files, InstantSource.system()))
          .isInstanceOf(StoreLockedException.class);
      TextStore.put(store, "a", "1");
    }
  }
}
