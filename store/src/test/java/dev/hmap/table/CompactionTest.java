package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreFullException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Makes a map as small as its entries allow, a few chains at a time, and changes nothing in it. */
class CompactionTest {
  private final SmallMap map = SmallMap.ofTexts();
  private final Compaction compaction = new Compaction(map.map);

  /** Leaves each 25th of 500 entries. */
  private void fillAndLeaveTwenty() {
    for (int i = 0; i < 500; i++) {
      map.put("key " + i, "value " + i);
    }
    for (int i = 0; i < 500; i++) {
      if (i % 25 != 0) {
        map.remove("key " + i);
      }
    }
  }

  @Test
  void theArrayIsHalvedAsLongAsItTakesAllEntries() throws IOException {
    fillAndLeaveTwenty();
    assertThat(map.map.fields().b()).isEqualTo(7); // 128 roots, for more than 416
    while (!compaction.step(5)) {
      assertThat(HmapCheck.check(map.map)).isEmpty();
    }
    assertThat(map.map.fields().b()).isEqualTo(2); // 4 roots take 26 entries, and 2 take 13
    for (int i = 0; i < 500; i += 25) {
      assertThat(map.get("key " + i)).isEqualTo("value " + i);
    }
  }

  @Test
  void entriesAreMovedTogetherSoThatSlabsAreGivenBack() throws IOException {
    fillAndLeaveTwenty();
    assertThat(map.map.extents()).hasSizeGreaterThan(2);
    while (!compaction.step(5)) {
      // until it is done
    }
    assertThat(map.map.extents()).hasSize(2); // one of buckets, and one slab for all 20
    assertThat(HmapCheck.check(map.map)).isEmpty();
  }

  @Test
  void itIsDoneAtOnceWhereThereIsNothingToGain() throws IOException {
    map.put("key", "value");
    assertThat(compaction.step(1_000)).isTrue();
    assertThat(map.map.counters().growths).hasValue(0);
    assertThat(map.get("key")).isEqualTo("value");
  }

  @Test
  void whatCannotBeHalvedForWantOfRoomStaysAsItWas() {
    SmallMap longs = SmallMap.ofLongs(4);
    longs.put(1, 10);
    while (longs.space.allocateBeside(0) != ExtentAllocator.NONE) {
      // until no page is free
    }
    longs.file.setFull(true);
    assertThatThrownBy(() -> new Compaction(longs.map).step(1))
        .isInstanceOf(StoreFullException.class);
    assertThat(longs.map.isGrowing()).isFalse();
    assertThat(longs.map.fields().b()).isEqualTo(4);
    assertThat(longs.get(1)).isEqualTo(10);
  }
}
