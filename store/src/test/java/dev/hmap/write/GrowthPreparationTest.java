package dev.hmap.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hmap.checkpoint.GivingBack;
import dev.hmap.format.PageLayout;
import dev.hmap.io.NativeMemory;
import dev.hmap.table.Hmap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Has the next array's memory made when the map will double within seconds, and no sooner. */
class GrowthPreparationTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int LEFT = 1_000;

  private final SmallWriter parts = new SmallWriter(SmallWriter.SYNC);
  private long nanos;
  private long memory = 1 << 30;
  private final GivingBack givingBack =
      new GivingBack("store", parts.store.space(), parts.store.dirty());
  private GrowthPreparation preparation;
  private int puts;

  @BeforeEach
  void fillAlmost() {
    assumeTrue(NativeMemory.isAvailable());
    while (parts.map.insertsUntilDoubling() > LEFT) {
      put();
    }
    preparation =
        new GrowthPreparation(
            parts.map,
            parts.store.space(),
            parts.store.dirty(),
            givingBack,
            () -> memory,
            () -> nanos);
  }

  @AfterEach
  void close() {
    preparation.giveUp();
    parts.close();
  }

  private void put() {
    Write write = SmallWriter.put("key " + puts++, "");
    parts.applier.apply(write.bytes, 0, write.length, write.outcome);
  }

  private void step() {
    for (int i = 0; i < GrowthPreparation.STEPS; i++) {
      preparation.step();
    }
  }

  /** Pages that were made private by a step after some puts and seconds. */
  private int prepared(int more, long seconds) {
    for (int i = 0; i < more; i++) {
      put();
    }
    nanos += seconds * SECOND;
    int before = parts.store.dirty().privateCount();
    step();
    return parts.store.dirty().privateCount() - before;
  }

  /** To ask a map for its next array is to prepare it; so another is asked that got the same. */
  private Hmap.NextArray nextArrayOfATwin() {
    SmallWriter twin = new SmallWriter(SmallWriter.SYNC);
    try {
      for (int i = 0; i < puts; i++) {
        Write write = SmallWriter.put("key " + i, "");
        twin.applier.apply(write.bytes, 0, write.length, write.outcome);
      }
      return twin.map.nextArray();
    } finally {
      twin.close();
    }
  }

  private int pagesOfNextArray() {
    Hmap.NextArray next = parts.map.nextArray();
    return next.pages().size() << next.extentOrder();
  }

  @Test
  void aMapThatRestsIsNotPrepared() {
    assertThat(prepared(0, 1)).isZero();
    assertThat(prepared(0, 100)).isZero();
  }

  @Test
  void aMapThatWillDoubleInAMinuteIsNotPreparedYet() {
    assertThat(prepared(15, 1)).isZero();
  }

  @Test
  void aMapThatWillDoubleInASecondIsPreparedOnce() {
    assertThat(prepared(950, 1)).isBetween(pagesOfNextArray() / 2, pagesOfNextArray());
    assertThat(prepared(40, 1)).isZero();
  }

  @Test
  void nothingIsPreparedWhilePagesAreGivenBack() {
    givingBack.begin();
    assertThat(prepared(950, 1)).isZero();
  }

  @Test
  void aRateIsNotTakenFromAMoment() {
    put();
    nanos += 1;
    step();
    assertThat(parts.map.insertsUntilDoubling()).isNotEqualTo(Long.MAX_VALUE);
  }

  @Test
  void noMoreIsPreparedThanThereIsMemoryFor() {
    int room = 100;
    int used = parts.store.dirty().privateCount() + 1; // with the page that the puts may take
    memory = PageLayout.addressOf(used + room) / 11 * 16;
    assertThat(prepared(950, 1)).isBetween(1, room);
  }

  @Test
  void pagesThatAnArrayBeforeHasLeftTakeNoRoomAgain() {
    for (int i = 0; i < 950; i++) {
      put();
    }
    Hmap.NextArray next = nextArrayOfATwin();
    int pages = 1 << next.extentOrder();
    int last = next.pages().getLast();
    for (int first : next.pages()) {
      for (int page = first; first != last && page < first + pages; page++) {
        parts.store.dirty().setPrivate(page);
      }
    }
    memory = PageLayout.addressOf(parts.store.dirty().privateCount() + pages) / 11 * 16 + 64;
    assertThat(prepared(0, 1)).isEqualTo(pages);
  }
}
