package dev.hmap.table;

import static dev.hmap.table.SmallMap.keyOf;
import static dev.hmap.table.SmallMap.keysOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.format.ArrayDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When the map gets another array: of twice the size when it is full, of the same to pack it. */
class GrowthTest {
  @Test
  void theMapDoublesWhenItWouldHoldMoreThanSixAndAHalfEntriesForEachRoot() {
    SmallMap map = SmallMap.ofLongs(3); // 8 roots * 6.5 = 52
    for (long key = 0; key < 52; key++) {
      map.put(key, key);
    }
    assertThat(map.map.isGrowing()).isFalse();
    map.put(52, 52);
    assertThat(map.map.isGrowing()).isTrue();
    assertThat(map.map.fields().b()).isEqualTo(4);
    assertThat(map.map.fields().oldbuckets().b()).isEqualTo(3);
  }

  @Test
  void theNextArrayLiesWhereItWasAnnounced() {
    SmallMap map = SmallMap.ofLongs(12);
    long max = Growth.maxEntries(12);
    for (long key = 0; key < max; key++) {
      map.put(key, key);
    }
    assertThat(map.map.insertsUntilDoubling()).isZero();
    Hmap.NextArray next = map.map.nextArray();
    assertThat(map.map.insertsUntilDoubling()).as("once for each size").isEqualTo(Long.MAX_VALUE);
    map.put(max, max);
    BucketArray fresh = map.map.state.table.buckets;
    assertThat(fresh.b).isEqualTo(13);
    assertThat(next.extentOrder()).isEqualTo(fresh.extentOrder);
    assertThat(next.pages())
        .startsWith(
            IntStream.range(0, fresh.extents()).mapToObj(fresh::page).toArray(Integer[]::new));
  }

  @Test
  void whereTheFileCannotBeExtendedThereIsNoNextArrayAndNothingElseChanges() {
    SmallMap map = SmallMap.ofLongs(12);
    map.put(1, 1);
    map.file.setFull(true);
    long free = map.space.freePages();
    assertThat(map.map.nextArray().pages()).isEmpty();
    assertThat(map.space.freePages()).isEqualTo(free);
    map.put(1, 2);
    assertThat(map.get(1)).isEqualTo(2);
  }

  @Test
  void aMapOfOneBucketFillsItsEightSlotsAndThenDoublesAtTheLoadFactor() {
    SmallMap map = SmallMap.ofLongs(0);
    List<Long> entries = new ArrayList<>();
    map.map.onGrowth(
        new GrowthListener() {
          @Override
          public void began(int oldB, int newB, long held) {
            assertThat(newB).isEqualTo(oldB + 1);
            entries.add(held);
          }

          @Override
          public void ended(int oldB, int newB, long held) {}
        });
    for (long key = 0; key < 120; key++) {
      map.put(key, key);
    }
    assertThat(entries).containsExactly(8L, 13L, 26L, 52L, 104L);
  }

  @Test
  void asManyOverflowBucketsAsRootsBringAGrowthToTheSameSizeWhichPacksTheChains() {
    SmallMap map = SmallMap.ofLongs(4);
    for (int root = 0; root < 16; root++) {
      long[] keys = keysOf(root, 4, 9); // the ninth takes an overflow bucket
      map.putAll(keys);
      for (int i = 0; i < 8; i++) {
        map.remove(keys[i]);
      }
    }
    assertThat(map.map.fields().noverflow()).isEqualTo(16);
    assertThat(map.map.isGrowing()).isFalse();
    map.put(keyOf(0, 4), 7);
    assertThat(map.map.fields().sameSizeGrow()).isTrue();
    assertThat(map.map.fields().b()).isEqualTo(4);
    while (map.map.isGrowing()) {
      map.remove(keyOf(0, 4));
    }
    assertThat(map.map.fields().noverflow()).isZero();
    assertThat(map.map.count()).isEqualTo(16);
  }

  @Test
  void theOldArrayIsGivenBackWhenItsLastChainIsEvacuated() {
    SmallMap map = SmallMap.ofLongs(3);
    long before = map.space.freePages();
    map.beginDoubling();
    assertThat(map.space.freePages()).isEqualTo(before - 1); // both arrays, of a page each
    while (map.map.isGrowing()) {
      map.map.evacuateNext();
    }
    assertThat(map.space.freePages()).isEqualTo(before);
    assertThat(map.map.fields().oldbuckets()).isEqualTo(ArrayDescriptor.NONE);
    assertThat(map.map.fields().nevacuate()).isZero();
  }

  @Test
  void whereThereIsNoRoomForAGrowthTheChainsGetLonger() {
    SmallMap map = SmallMap.ofLongs(0);
    while (map.space.allocateBeside(0) != ExtentAllocator.NONE) {
      // until no page is free
    }
    map.file.setFull(true);
    map.putAll(1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(map.map.isGrowing()).isFalse();
    assertThat(map.map.fields().b()).isZero();
    assertThat(map.map.fields().noverflow()).isEqualTo(1);
    assertThat(map.get(9)).isEqualTo(9);
  }
}
