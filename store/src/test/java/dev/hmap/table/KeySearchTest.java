package dev.hmap.table;

import static dev.hmap.table.SmallMap.keyOf;
import static dev.hmap.table.SmallMap.keysOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.format.BucketLayout;
import dev.hmap.report.Location;
import org.junit.jupiter.api.Test;

/** Tells of a key in which array, chain, bucket, slot and entry it is. */
class KeySearchTest {
  @Test
  void aPresentKeyHasABucketASlotAndAnAddress() {
    SmallMap map = SmallMap.ofLongs(4);
    long[] keys = keysOf(3, 4, 10);
    map.putAll(keys);
    Location place = map.place(keys[9]); // the second of the chain's overflow bucket
    assertThat(place)
        .isEqualTo(
            new Location(
                true,
                SmallMap.hash(keys[9]),
                BucketLayout.tophash(SmallMap.hash(keys[9])),
                1,
                false,
                4,
                3,
                1,
                16,
                map.bucket(16).address,
                1,
                map.bucket(16).address + 8 + 8, // after the tophashes and a key
                -1)); // values stand in the bucket
  }

  @Test
  void anAbsentKeyHasAChainAndNoSlot() {
    SmallMap map = SmallMap.ofLongs(4);
    map.putAll(keysOf(3, 4, 9));
    Location place = map.place(keysOf(3, 4, 10)[9]);
    assertThat(place.root()).isEqualTo(3);
    assertThat(place.hop()).as("buckets in all").isEqualTo(2);
    assertThat(place.bucket()).isEqualTo(3);
    assertThat(place.slot()).isEqualTo(-1);
  }

  @Test
  void aKeyIsInTheOldArrayUntilItsChainIsEvacuated() {
    SmallMap map = SmallMap.ofLongs(3);
    long key = keyOf(5 + 8, 4);
    map.put(key, 1);
    map.beginDoubling();
    assertThat(map.place(key).isOld()).isTrue();
    assertThat(map.place(key).root()).isEqualTo(5);
    map.put(key, 1);
    assertThat(map.place(key).isOld()).isFalse();
    assertThat(map.place(key).root()).isEqualTo(5 + 8);
    assertThat(map.place(key).array()).isEqualTo(2);
  }
}
