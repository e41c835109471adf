package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.format.BucketLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Reads without a lock: if a chain's version moved meanwhile, what was read does not count. */
class HmapReaderTest {
  private static final BucketLayout LAYOUT = new BucketLayout(SmallMap.LONGS);

  private final SmallMap map = SmallMap.ofLongs(3);
  private final HmapReader reader = map.map.reader();

  @Test
  void aKeyIsFoundOrIsAbsent() {
    map.put(1, 10);
    ValueCopy copy = new ValueCopy();
    assertThat(reader.get(KeyBytes.ofLong(1), copy)).isTrue();
    assertThat(copy.word()).isEqualTo(10);
    assertThat(reader.get(KeyBytes.ofLong(2), null)).isFalse();
    assertThat(reader.longLookUp(1, true, -1)).isEqualTo(10);
    assertThat(reader.longLookUp(2, true, -1)).isEqualTo(-1);
  }

  @Test
  void aLookUpBeginsAgainIfTheChainIsChangedUnderIt() {
    map.put(1, 10);
    List<Long> seen = new ArrayList<>();
    ValueSink changing =
        new ValueSink() {
          @Override
          void take(Memory memory, long at, int length) {
            seen.add(memory.getLong(at));
            if (seen.size() == 1) {
              map.put(1, 11);
            }
          }
        };
    assertThat(reader.get(KeyBytes.ofLong(1), changing)).isTrue();
    assertThat(seen).containsExactly(10L, 11L);
  }

  @Test
  void aLookUpBeginsAgainIfTheChainIsEvacuatedUnderIt() {
    map.put(1, 10);
    map.beginDoubling();
    List<Boolean> sawOldArray = new ArrayList<>();
    ValueSink evacuating =
        new ValueSink() {
          @Override
          void take(Memory memory, long at, int length) {
            boolean isOld = map.place(1).isOld();
            sawOldArray.add(isOld);
            if (isOld) {
              map.put(1, 10); // evacuates the chain first
            }
          }
        };
    assertThat(reader.get(KeyBytes.ofLong(1), evacuating)).isTrue();
    assertThat(sawOldArray).containsExactly(true, false);
  }

  @Test
  void aLookUpOfATextBeginsAgainIfItsChainIsEvacuatedUnderIt() {
    SmallMap texts = new SmallMap(SmallMap.TEXTS, 52);
    texts.put("a", "10");
    texts.beginDoubling();
    List<Boolean> sawOldArray = new ArrayList<>();
    ValueSink evacuating =
        new ValueSink() {
          @Override
          void take(Memory memory, long at, int length) {
            sawOldArray.add(texts.place("a").isOld());
            if (sawOldArray.size() == 1) {
              texts.put("a", "a longer value, which is not where the shorter one was");
              texts.put("b", "11"); // there it is, where the old chain refers to
            }
          }
        };
    assertThat(texts.map.reader().get(new KeyBytes(SmallMap.bytes("a")), evacuating)).isTrue();
    assertThat(sawOldArray).containsExactly(true, false);
  }

  @Test
  void theShortWayToALongKnowsTheLayoutOfItsBucket() {
    assertThat(HmapReader.LongBucket.KEYS).isEqualTo(LAYOUT.key(0));
    assertThat(HmapReader.LongBucket.VALUES).isEqualTo(LAYOUT.value(0));
    assertThat(HmapReader.LongBucket.VERSION).isEqualTo(LAYOUT.version());
    assertThat(HmapReader.LongBucket.BYTES).isEqualTo(LAYOUT.bytes());
  }

  /** Chains of several buckets, keys of equal tophash, holes, and growth now and then. */
  @Test
  void theShortWayToALongEndsWhereTheLongOneDoes() {
    Random random = new Random(1);
    Map<Long, Long> model = new HashMap<>();
    for (int i = 1; i <= 3000; i++) {
      long key = random.nextInt(1500);
      if (random.nextInt(3) == 0) {
        map.remove(key);
        model.remove(key);
      } else {
        map.put(key, i);
        model.put(key, (long) i);
      }
      for (int look = 0; look < 10; look++) {
        long sought = random.nextInt(1500);
        assertThat(reader.longLookUp(sought, true, 0)).isEqualTo(model.getOrDefault(sought, 0L));
        assertThat(reader.longLookUp(sought, false, 0))
            .isEqualTo(model.containsKey(sought) ? 1 : 0);
      }
    }
  }

  @Test
  void anOddVersionWithoutAWriterIsDamageToALookUpOfALong() {
    map.put(1, 10);
    Cursor root = map.bucket(map.place(1).root());
    root.memory.putInt(root.offset + LAYOUT.version(), 7);
    assertThatThrownBy(() -> reader.longLookUp(1, true, 0))
        .isInstanceOf(StoreCorruptException.class);
    long[] ofRoot = SmallMap.keysOf(map.place(1).root(), 3, 2);
    long absent = ofRoot[0] == 1 ? ofRoot[1] : ofRoot[0];
    assertThatThrownBy(() -> reader.longLookUp(absent, true, 0))
        .isInstanceOf(StoreCorruptException.class);
  }

  @Test
  void anOddVersionWithoutAWriterIsDamage() {
    map.put(1, 10);
    Cursor root = map.bucket(map.place(1).root());
    root.memory.putInt(root.offset + LAYOUT.version(), 7);
    assertThatThrownBy(() -> reader.get(KeyBytes.ofLong(1), null))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageEndingWith("at address %,d, is damaged", root.address);
  }

  @Test
  void aChainThatWasLeftHalfChangedIsNotWaitedFor() {
    map.put(1, 10);
    map.map.state.seqlock.beginChange(map.bucket(map.place(1).root()));
    map.map.setBroken(new OutOfMemoryError("no memory"));
    assertThatThrownBy(() -> reader.get(KeyBytes.ofLong(1), null))
        .isInstanceOf(StoreFailedException.class)
        .hasMessageContaining("no memory");
  }
}
