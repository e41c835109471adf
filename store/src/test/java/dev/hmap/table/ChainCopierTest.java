package dev.hmap.table;

import static dev.hmap.table.SmallMap.keyOf;
import static dev.hmap.table.SmallMap.keysOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.report.Location;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Copies the entries of one root as they are at one moment, for iterators. */
class ChainCopierTest {
  private final SmallMap map = SmallMap.ofLongs(3);
  private final ChainCopier copier = map.map.reader().copier();
  private final ChainCopy copied = new ChainCopy();

  private boolean copy(int root, int firstSlot) {
    return copier.copy(map.map.state.table, root, firstSlot, copied);
  }

  private List<Long> keys() {
    return IntStream.range(0, copied.size()).mapToObj(i -> copied.get(i).keyWord()).toList();
  }

  @Test
  void aChainIsCopiedWithItsOverflowBucketsAndFromTheGivenSlotOn() {
    long[] k = keysOf(2, 3, 9);
    map.putAll(k);
    assertThat(copy(2, 6)).isTrue();
    assertThat(keys()).containsExactly(k[6], k[7], k[0], k[1], k[2], k[3], k[4], k[5], k[8]);
  }

  @Test
  void whileTheMapGrowsARootGetsItsHalfOfTheOldChain() {
    long x = keyOf(2, 4);
    long y = keyOf(2 + 8, 4);
    map.putAll(x, y);
    map.beginDoubling();
    for (int i = 0; i < 2; i++) {
      assertThat(copy(2, 0)).isTrue();
      assertThat(keys()).containsExactly(x);
      assertThat(copy(2 + 8, 0)).isTrue();
      assertThat(keys()).containsExactly(y);
      map.put(x, x); // evacuates the chain, which makes no difference
    }
  }

  @Test
  void whereTheArrayIsHalvedARootGetsBothOldChains() throws Exception {
    map.putAll(keyOf(1, 3), keyOf(1 + 4, 3));
    map.map.growth.shrinkTo(2);
    assertThat(copy(1, 0)).isTrue();
    assertThat(keys()).containsExactly(keyOf(1, 3), keyOf(1 + 4, 3));
  }

  @Test
  void nothingIsCopiedForATableThatIsNotTheCurrentOne() {
    map.putAll(1, 2, 3);
    Table before = map.map.state.table;
    map.beginDoubling();
    assertThat(copier.copy(before, 0, 0, copied)).isFalse();
    assertThat(copied.size()).isZero();
  }

  @Test
  void aTophashThatIsNotThatOfItsKeyIsDamage() {
    map.put(1, 1);
    Location place = map.place(1);
    Cursor at = map.bucket(place.root());
    at.setTophash(0, at.tophash(0) ^ 0x40);
    assertThatThrownBy(() -> copy(place.root(), 0))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage(
            "the chain of bucket %d of array 1, at address %,d, is damaged"
                .formatted(place.root(), place.bucketAddress()));
  }
}
