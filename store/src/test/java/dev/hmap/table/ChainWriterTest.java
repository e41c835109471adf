package dev.hmap.table;

import static dev.hmap.table.SmallMap.keysOf;
import static dev.hmap.table.SmallMap.tophashes;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The writer at one chain: which slot it fills, what it leaves where it removes. */
class ChainWriterTest {
  private static final int EMPTY_REST = 0;
  private static final int EMPTY_ONE = 1;

  @Test
  void aNewEntryTakesTheFirstEmptySlot() {
    SmallMap map = SmallMap.ofLongs(0);
    map.putAll(1, 2, 3);
    map.remove(1);
    assertThat(map.bucket(0).tophash(0)).isEqualTo(EMPTY_ONE);
    map.put(4, 40);
    assertThat(map.place(4).slot()).isEqualTo(0);
    map.put(5, 50);
    assertThat(map.place(5).slot()).isEqualTo(3);
  }

  @Test
  void emptySlotsAtTheEndOfAChainSayThatAllAfterThemAreEmpty() {
    SmallMap map = SmallMap.ofLongs(0);
    map.putAll(1, 2, 3);
    map.remove(2);
    assertThat(tophashes(map.bucket(0)).subList(1, 2)).containsExactly(EMPTY_ONE);
    map.remove(3);
    assertThat(tophashes(map.bucket(0)).subList(1, 4)).containsOnly(EMPTY_REST);
  }

  @Test
  void theEmptyRestGoesBackFromAnOverflowBucketToTheOneBefore() {
    SmallMap map = SmallMap.ofLongs(4);
    long[] keys = keysOf(3, 4, 9);
    map.putAll(keys);
    map.remove(keys[7]);
    assertThat(map.bucket(3).tophash(7)).isEqualTo(EMPTY_ONE); // the overflow bucket has an entry
    map.remove(keys[8]);
    assertThat(map.bucket(3).tophash(7)).isEqualTo(EMPTY_REST);
    assertThat(map.bucket(3).tophash(6)).isGreaterThan(EMPTY_ONE);
    map.put(keys[8], 1);
    assertThat(map.place(keys[8]).bucket()).isEqualTo(3);
  }

  @Test
  void aValueStaysInItsEntryWhileItsSizeClassIsTheSame() {
    SmallMap map = SmallMap.ofTexts();
    map.put("key", "v"); // 8 + 3 + 1 bytes in a slot of 16
    long address = map.place("key").entryAddress();
    map.put("key", "value"); // 16 bytes
    assertThat(map.place("key").entryAddress()).isEqualTo(address);
    assertThat(map.map.fields().entryBytes()).isEqualTo(16);
    map.put("key", "values"); // 17 bytes, of the next class
    assertThat(map.place("key").entryAddress()).isNotEqualTo(address);
    assertThat(map.map.fields().entryBytes()).isEqualTo(17);
    assertThat(map.get("key")).isEqualTo("values");
    assertThat(HmapCheck.check(map.map)).isEmpty();
  }
}
