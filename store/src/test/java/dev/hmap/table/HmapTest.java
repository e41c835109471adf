package dev.hmap.table;

import static dev.hmap.table.SmallMap.bytes;
import static dev.hmap.table.SmallMap.keysOf;
import static dev.hmap.table.SmallMap.tophashes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.report.Location;
import org.junit.jupiter.api.Test;

/** Go's map: buckets of eight slots, chosen by the low bits of a hash, marked by its top eight. */
class HmapTest {
  /** The eight bytes 00 01 02 ... 07, and their hash with seed 0. */
  private static final long KEY = 0x0706_0504_0302_0100L;

  private static final long HASH = 0x3a1c_2d7c_85af_88f8L;

  @Test
  void theLowBitsOfTheHashChooseTheRootAndTheTopEightAreTheTophash() {
    assertThat(SmallMap.hash(KEY)).isEqualTo(HASH);
    SmallMap map = SmallMap.ofLongs(4); // 16 roots: four bits
    map.put(KEY, 70);
    assertThat(map.place(KEY).root()).isEqualTo(0x8);
    assertThat(tophashes(map.bucket(0x8))).containsExactly(0x3a, 0, 0, 0, 0, 0, 0, 0);
    assertThat(map.get(KEY)).isEqualTo(70);
  }

  @Test
  void theNinthEntryOfARootGoesToAnOverflowBucket() {
    SmallMap map = SmallMap.ofLongs(4);
    long[] keys = keysOf(3, 4, 9);
    map.putAll(keys);
    for (int i = 0; i < 8; i++) {
      assertThat(map.place(keys[i]).bucket()).isEqualTo(3);
      assertThat(map.place(keys[i]).slot()).isEqualTo(i);
    }
    Location ninth = map.place(keys[8]);
    assertThat(ninth.bucket()).isEqualTo(16); // the first after the roots
    assertThat(ninth.slot()).isEqualTo(0);
    assertThat(ninth.hop()).isEqualTo(1);
    assertThat(map.map.fields().noverflow()).isEqualTo(1);
  }

  @Test
  void anOperationTellsWhatWasThereAndWhetherItChangedAnything() {
    SmallMap map = SmallMap.ofLongs(0);
    map.put(bytes(1L), bytes(10L), Hmap.Condition.PRESENT);
    assertOutcome(map, false, false);
    map.put(bytes(1L), bytes(11L), Hmap.Condition.ABSENT);
    assertOutcome(map, false, true);
    map.put(bytes(1L), bytes(12L), Hmap.Condition.ABSENT);
    assertOutcome(map, true, false);
    map.put(bytes(1L), bytes(13L), Hmap.Condition.PRESENT);
    assertOutcome(map, true, true);
    assertThat(map.outcome.previous.word()).isEqualTo(11);
    map.remove(1);
    assertOutcome(map, true, true);
    assertThat(map.outcome.previous.word()).isEqualTo(13);
    map.remove(1);
    assertOutcome(map, false, false);
  }

  private static void assertOutcome(SmallMap map, boolean wasPresent, boolean changed) {
    assertThat(map.outcome.wasPresent).isEqualTo(wasPresent);
    assertThat(map.outcome.changed).isEqualTo(changed);
  }

  @Test
  void aValueIsReplacedOnlyIfItIsTheExpectedOne() {
    SmallMap map = SmallMap.ofTexts();
    map.put("key", "old");
    replace(map, "key", "else", "new");
    assertThat(map.get("key")).isEqualTo("old");
    replace(map, "key", "old", "new");
    assertThat(map.get("key")).isEqualTo("new");
  }

  private static void replace(SmallMap map, String key, String expected, String value) {
    byte[] k = bytes(key);
    byte[] both = bytes(value + expected);
    map.map.put(
        k,
        0,
        k.length,
        both,
        0,
        value.length(),
        Hmap.Condition.EQUAL,
        value.length(),
        expected.length(),
        map.outcome);
  }

  @Test
  void aClearStartsOverWithOneBucketAndAnotherSeed() {
    SmallMap map = SmallMap.ofLongs(3);
    map.putAll(1, 2, 3);
    map.map.clear(77);
    assertThat(map.map.count()).isZero();
    assertThat(map.get(1)).isNull();
    assertThat(map.map.fields().b()).isZero();
    assertThat(map.map.fields().hash0()).isEqualTo(77);
    map.put(1, 4);
    assertThat(map.get(1)).isEqualTo(4);
  }
}
