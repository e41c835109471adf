package dev.hmap.write;

import static dev.hmap.write.SmallWriter.SYNC;
import static dev.hmap.write.SmallWriter.put;
import static dev.hmap.write.SmallWriter.remove;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.error.StoreFullException;
import dev.hmap.table.HmapCheck;
import dev.hmap.table.Limits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A map is made as small as its entries allow, step by step between other writes. */
class OnlineCompactionTest {
  private final SmallWriter parts = new SmallWriter(SYNC);
  private final OnlineCompaction compaction =
      new OnlineCompaction(
          SmallWriter.NAMES, parts.map, parts.log, parts.checkpointer, parts.failure);

  /** Leaves ten entries of 1,000 in the array of the 1,000. */
  @BeforeEach
  void fillAndThin() {
    for (int i = 0; i < 1_000; i++) {
      parts.groupCommit.add(put("key " + i, "value"));
    }
    parts.groupCommit.commit();
    for (int i = 10; i < 1_000; i++) {
      parts.groupCommit.add(remove("key " + i));
    }
    parts.groupCommit.commit();
    assertThat(parts.map.fields().b()).isEqualTo(8); // 832 entries are the most of 128 roots
  }

  @AfterEach
  void close() {
    parts.close();
  }

  @Test
  void itIsDoneWhenHalfTheArrayWouldHoldTheEntriesNoMore() {
    int steps = 0;
    while (!compaction.isDone() && steps < 1_000) {
      compaction.step();
      steps++;
    }
    assertThat(compaction.isDone()).isTrue();
    assertThat(steps).isGreaterThan(1);
    assertThat(parts.map.fields().b()).isEqualTo(1); // 13 entries are the most of 2 roots
    assertThat(parts.map.count()).isEqualTo(10);
    assertThat(HmapCheck.check(parts.map)).isEmpty();
  }

  @Test
  void writesBetweenTwoStepsAreKept() {
    compaction.step();
    parts.commit(put("meanwhile", "value"));
    for (int step = 0; step < 1_000 && !compaction.isDone(); step++) {
      compaction.step();
    }
    assertThat(compaction.isDone()).isTrue();
    assertThat(parts.map.count()).isEqualTo(11);
    assertThat(HmapCheck.check(parts.map)).isEmpty();
  }

  @Test
  void whereThereIsNoRoomItIsGivenUpAndTheMapIsWhole() {
    int pages = parts.store.space().pages();
    parts.store.space().setLimits(new Limits(pages, parts.map.extents().size(), 1_000));
    for (int step = 0; step < 1_000 && compaction.full() == null; step++) {
      compaction.step();
    }
    assertThat(compaction.full())
        .isInstanceOf(StoreFullException.class)
        .hasMessageStartingWith("/store.hmap has no room for compaction: ");
    assertThat(parts.failure.isSet()).isFalse();
    assertThat(parts.map.count()).isEqualTo(10);
    assertThat(HmapCheck.check(parts.map)).isEmpty();
  }
}
