package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is done to a chain unasked: expired entries go, and entries move to other places. */
class ChainUpkeepTest {
  @Test
  void aSweepRemovesWhatHasExpiredAtTheHorizonAndReturnsTheOldestStampThatIsLeft() {
    SmallMap map = new SmallMap(SmallMap.EXPIRING, 8); // after 1,000 ms
    map.putAt(5_000, 1);
    map.putAt(6_000, 2);
    map.putAt(7_000, 3);
    map.map.advanceHorizon(6_000);
    assertThat(map.map.upkeep.sweep(0)).isEqualTo(6_000);
    assertThat(map.map.count()).isEqualTo(2);
    assertThat(map.place(1).slot()).isEqualTo(-1);
    assertThat(map.map.counters().expired).hasValue(1);
  }

  @Test
  void aSweepOfAnEmptyChainFindsNoStamp() {
    SmallMap map = new SmallMap(SmallMap.EXPIRING, 8);
    assertThat(map.map.upkeep.sweep(0)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void entriesMoveOutOfSealedSlabsAndTheirKeysLeadToThem() {
    SmallMap map = SmallMap.ofTexts();
    map.put("one", "1");
    map.put("two", "2");
    long before = map.place("one").entryAddress();
    map.map.state.entries.seal(0); // all from the file's start on
    map.map.upkeep.moveEntries(0);
    map.map.state.entries.unseal();
    assertThat(map.place("one").entryAddress()).isNotEqualTo(before);
    assertThat(map.get("one")).isEqualTo("1");
    assertThat(map.get("two")).isEqualTo("2");
    assertThat(HmapCheck.check(map.map)).isEmpty();
  }

  @Test
  void entriesStayInSlabsThatAreNotSealed() {
    SmallMap map = SmallMap.ofTexts();
    map.put("one", "1");
    long before = map.place("one").entryAddress();
    map.map.upkeep.moveEntries(0);
    assertThat(map.place("one").entryAddress()).isEqualTo(before);
  }
}
