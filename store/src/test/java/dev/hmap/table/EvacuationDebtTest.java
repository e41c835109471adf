package dev.hmap.table;

import static dev.hmap.table.SmallMap.keyOf;
import static dev.hmap.table.SmallMap.keysOf;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A bound for the overflow buckets that the rest of an evacuation may take. */
class EvacuationDebtTest {
  private final SmallMap map = SmallMap.ofLongs(4);

  private int debt() {
    return map.map.growth.debt.buckets();
  }

  @Test
  void theNewArrayNeedsNoMoreOverflowBucketsThanTheOldOneHas() {
    map.putAll(keysOf(2, 4, 17)); // a root and two overflow buckets
    map.putAll(keysOf(9, 4, 9)); // a root and one
    for (int root = 12; root < 16; root++) {
      map.putAll(keysOf(root, 4, 8)); // a root that is full
    }
    assertThat(debt()).isZero();
    map.beginDoubling();
    assertThat(debt()).isEqualTo(3);
    map.remove(keysOf(2, 4, 18)[17]); // an absent key of the longer chain
    assertThat(debt()).isEqualTo(1);
    map.remove(keysOf(9, 4, 10)[9]);
    assertThat(debt()).isZero();
  }

  @Test
  void anOverflowBucketIsTakenOnlyForEightEntries() {
    long[] keys = keysOf(2, 4, 17);
    map.putAll(keys);
    for (int i = 0; i < 9; i++) {
      map.remove(keys[i]);
    }
    map.beginDoubling();
    assertThat(map.map.fields().oldNoverflow()).isEqualTo(2);
    assertThat(debt()).isEqualTo(1); // of the 8 entries that are left
  }

  @Test
  void whatIsLeftOfALoadedMapIsCounted() {
    map.putAll(keysOf(2, 4, 17)); // a root and two overflow buckets
    map.putAll(keysOf(9, 4, 9)); // a root and one
    map.putAll(keysOf(12, 4, 8));
    map.beginDoubling();
    map.remove(keysOf(2, 4, 18)[17]);
    EvacuationDebt loaded = map.map.growth.debt;
    loaded.begin(map.map.fields().oldbuckets().nextOverflow(), map.map.count(), false);
    assertThat(debt()).as("a bound").isEqualTo(3);
    loaded.count();
    assertThat(debt()).isEqualTo(1);
  }

  @Test
  void nothingIsOwedOnceTheGrowthIsOver() {
    map.putAll(keysOf(2, 4, 17));
    map.beginDoubling();
    while (map.map.isGrowing()) {
      map.remove(keyOf(15, 4));
    }
    assertThat(debt()).isZero();
    assertThat(map.map.fields().noverflow()).isLessThanOrEqualTo(2);
  }
}
