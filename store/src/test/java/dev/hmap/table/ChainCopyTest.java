package dev.hmap.table;

import static dev.hmap.table.SmallMap.keyOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.format.BucketLayout;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tells by the chain's version whether what was copied is still so. */
class ChainCopyTest {
  private static final BucketLayout LAYOUT = new BucketLayout(SmallMap.LONGS);

  private final List<Runnable> atWrites = new ArrayList<>();
  private final SmallMap map =
      new SmallMap(SmallMap.LONGS, 50, (_, _) -> atWrites.forEach(Runnable::run)); // 2^3 roots
  private final HmapReader reader = map.map.reader();
  private final long key = keyOf(2, 3);
  private final ChainCopy copy = new ChainCopy();

  private void copy() {
    assertThat(reader.copier().copy(map.map.state.table, 2, 0, copy)).isTrue();
  }

  @Test
  void aCopyStaysUntouchedUntilItsOwnChainChanges() {
    map.put(key, 1);
    copy();
    assertThat(copy.size()).isOne();
    map.put(keyOf(3, 3), 1);
    assertThat(copy.isUntouched(reader)).isTrue();
    map.put(key, 2);
    assertThat(copy.isUntouched(reader)).isFalse();
  }

  @Test
  void aCopyMadeJustBeforeAChangeDoesNotOutliveIt() {
    map.put(key, 1);
    atWrites.add(() -> {
      if ((version() & 1) == 0) {
        copy();
      }
    });
    map.remove(key);
    assertThat(copy.size()).isOne();
    assertThat(copy.isUntouched(reader)).isFalse();
  }

  @Test
  void aVersionThatHasComeRoundDoesNotPassForTheOneThatWasCopied() {
    map.put(key, 1);
    setVersion(-2);
    copy();
    map.put(key, 2);
    assertThat(version()).isZero();
    setVersion(-2); // as after 2^31 changes more
    assertThat(copy.isUntouched(reader)).isFalse();
    assertThat(map.get(key)).isEqualTo(2);
  }

  @Test
  void aGrowthTouchesIt() {
    map.put(key, 1);
    copy();
    map.beginDoubling();
    assertThat(copy.isUntouched(reader)).isFalse();
  }

  @Test
  void anEvacuationTouchesItThoughItDoesNotChangeTheOldChain() {
    map.put(key, 1);
    map.beginDoubling();
    copy();
    assertThat(copy.isUntouched(reader)).isTrue();
    Table before = map.map.state.table;
    map.put(key, 1);
    assertThat(map.map.state.table).isSameAs(before);
    assertThat(copy.isUntouched(reader)).isFalse();
  }

  @Test
  void memoryOfATableThatWasReplacedIsNotLookedAt() {
    Table before = map.map.state.table;
    Memory gone;
    try (Arena arena = Arena.ofConfined()) {
      gone = new MappedMemory(arena.allocate(4_096, Long.BYTES));
    }
    copy.setChain(before, before.buckets, 2, gone, 0, 0);
    map.beginDoubling();
    assertThat(copy.isUntouched(reader)).isFalse();
  }

  @Test
  void noVersionTellsOfTwoChains() throws Exception {
    map.putAll(keyOf(1, 3), keyOf(1 + 4, 3));
    map.map.growth.shrinkTo(2);
    assertThat(reader.copier().copy(map.map.state.table, 1, 0, copy)).isTrue();
    assertThat(copy.size()).isEqualTo(2);
    assertThat(copy.isUntouched(reader)).isFalse();
  }

  private int version() {
    Cursor root = map.bucket(2);
    return root.memory.getInt(root.offset + LAYOUT.version());
  }

  private void setVersion(int version) {
    Cursor root = map.bucket(2);
    root.memory.putInt(root.offset + LAYOUT.version(), version);
  }
}
