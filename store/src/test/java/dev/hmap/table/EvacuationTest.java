package dev.hmap.table;

import static dev.hmap.table.SmallMap.keyOf;
import static dev.hmap.table.SmallMap.keysOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.format.BucketLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A growth moves no more than two chains with each write, so that no write takes long. */
class EvacuationTest {
  private static final BucketLayout LAYOUT = new BucketLayout(SmallMap.LONGS);

  private final SmallMap map = SmallMap.ofLongs(3); // 8 roots

  @Test
  void aWriteEvacuatesTheChainThatItIsAboutAndTheOneAtTheMark() {
    map.beginDoubling();
    assertThat(map.evacuatedRoots()).isEmpty();
    map.remove(keyOf(5, 3));
    assertThat(map.evacuatedRoots()).containsExactly(0, 5);
    assertThat(map.map.fields().nevacuate()).isEqualTo(1);
    map.remove(keyOf(5, 3));
    assertThat(map.evacuatedRoots()).containsExactly(0, 1, 5);
    map.remove(keyOf(3, 3));
    assertThat(map.evacuatedRoots()).containsExactly(0, 1, 2, 3, 5);
    assertThat(map.map.fields().nevacuate()).isEqualTo(4); // it passes what went out of turn
    assertThat(map.map.counters().maxChainsPerWrite).hasValue(2);
  }

  @Test
  void theNextBitOfItsHashSendsAnEntryToOneOfTwoChains() {
    long stays = keyOf(2, 4);
    long[] leave = keysOf(2 + 8, 4, 2);
    map.putAll(leave[0], stays, leave[1]);
    assertThat(map.place(leave[1]).root()).isEqualTo(2);
    map.beginDoubling();
    map.put(stays, 70);
    assertThat(map.place(stays).root()).isEqualTo(2);
    assertThat(map.place(leave[0]).root()).isEqualTo(2 + 8);
    assertThat(map.place(leave[1]).slot()).isEqualTo(1);
    assertThat(map.get(stays)).isEqualTo(70);
    assertThat(map.get(leave[1])).isEqualTo(leave[1]);
  }

  @Test
  void theOldArrayIsNotWrittenAnyMore() {
    List<Long> written = new ArrayList<>();
    SmallMap watched = new SmallMap(SmallMap.LONGS, 52, (address, _) -> written.add(address));
    watched.putAll(keysOf(2, 3, 20)); // with overflow buckets
    watched.beginDoubling();
    Cursor old = watched.oldBucket(0);
    long begin = old.address;
    long end = begin + (long) watched.map.state.table.old.capacity() * LAYOUT.bytes();
    written.clear();
    watched.putAll(keysOf(2, 3, 3));
    watched.map.evacuateNext();
    assertThat(watched.evacuatedRoots()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(written).isNotEmpty().noneMatch(address -> address >= begin && address < end);
  }

  @Test
  void everyKeyIsFoundAtEachStepAndAReadEvacuatesNothing() {
    long[] keys = new long[50];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = i;
    }
    map.putAll(keys);
    map.beginDoubling();
    int writes = 0;
    while (map.map.isGrowing()) {
      long mark = map.map.fields().nevacuate();
      for (long key : keys) {
        assertThat(map.get(key)).isEqualTo(key);
      }
      assertThat(map.map.fields().nevacuate()).isEqualTo(mark);
      map.remove(keysOf(0, 3, 50)[49]); // an absent key of the first chain
      writes++;
    }
    assertThat(writes).isEqualTo(7); // two chains with the first write, and one with each other
    assertThat(HmapCheck.check(map.map)).isEmpty();
  }

  @Test
  void twoChainsBecomeOneWhereTheArrayIsHalved() throws IOException {
    map.putAll(keyOf(1, 3), keyOf(1 + 4, 3));
    map.map.growth.shrinkTo(2);
    map.put(keyOf(1, 3), 70);
    assertThat(map.evacuatedRoots()).containsExactly(1, 1 + 4);
    assertThat(map.place(keyOf(1, 3)).slot()).isEqualTo(0);
    assertThat(map.place(keyOf(1 + 4, 3)).root()).isEqualTo(1);
    assertThat(map.place(keyOf(1 + 4, 3)).slot()).isEqualTo(1);
  }

  @Test
  void whatHasExpiredIsLeftWhereItIs() {
    SmallMap expiring = new SmallMap(SmallMap.EXPIRING, 8); // after 1,000 ms
    expiring.putAt(5_000, 1);
    expiring.putAt(5_001, 2);
    expiring.map.advanceHorizon(6_000);
    expiring.beginDoubling();
    expiring.map.evacuateNext();
    assertThat(expiring.map.isGrowing()).isFalse();
    assertThat(expiring.map.count()).isEqualTo(1);
    assertThat(expiring.place(1).slot()).isEqualTo(-1);
    assertThat(expiring.place(2).slot()).isEqualTo(0);
  }
}
