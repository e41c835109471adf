package dev.hmap.table;

import static dev.hmap.table.SmallMap.keyOf;
import static dev.hmap.table.SmallMap.keysOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.format.BucketLayout;
import org.junit.jupiter.api.Test;

/** Says what is wrong with the structure of a map, a line for each finding. */
class HmapCheckTest {
  private static final BucketLayout LAYOUT = new BucketLayout(SmallMap.LONGS);

  private final SmallMap map = SmallMap.ofLongs(3);

  @Test
  void aMapThatIsInOrderHasNoFindingsAlsoWhileItGrows() {
    map.putAll(keysOf(2, 3, 20));
    assertThat(HmapCheck.check(map.map)).isEmpty();
    map.beginDoubling();
    map.map.evacuateNext();
    assertThat(HmapCheck.check(map.map)).isEmpty();
  }

  @Test
  void anEntryInAnotherChainThanItsHashChoosesIsFound() {
    map.put(keyOf(2, 3), 1);
    Cursor bucket = map.bucket(2);
    bucket.memory.putLong(bucket.offset + LAYOUT.key(0), keyOf(5, 3));
    bucket.setTophash(0, BucketLayout.tophash(SmallMap.hash(keyOf(5, 3))));
    assertThat(HmapCheck.check(map.map)).containsExactly("array 1: a key of bucket 2 belongs to 5");
  }

  @Test
  void anEntryAfterAnEmptyRestIsFound() {
    map.putAll(keysOf(2, 3, 2));
    int tophash = map.bucket(2).tophash(1);
    map.bucket(2).setTophash(0, BucketLayout.EMPTY_REST);
    assertThat(HmapCheck.check(map.map))
        .containsExactly(
            "array 1: bucket 2 has tophash %d after an emptyRest".formatted(tophash),
            "count is 2, and 0 entries were found");
  }

  @Test
  void aTophashThatNoWriterMakesIsFound() {
    map.put(keyOf(2, 3), 1);
    map.bucket(2).setTophash(0, 3);
    assertThat(HmapCheck.check(map.map))
        .containsExactly(
            "array 1: bucket 2 slot 0 has tophash 3, which no writer makes",
            "count is 1, and 0 entries were found");
  }

  @Test
  void aBucketThatTwoChainsShareIsFound() {
    map.putAll(keysOf(2, 3, 9)); // with overflow bucket 8
    Cursor other = map.bucket(3);
    for (int i = 0; i < BucketLayout.SLOTS; i++) {
      other.setTophash(i, BucketLayout.EMPTY_ONE);
    }
    other.memory.putInt(other.offset + LAYOUT.overflow(), 8);
    assertThat(HmapCheck.check(map.map))
        .containsExactly("array 1: bucket 8 is reached twice, from 3");
  }

  @Test
  void aTextThatTwoSlotsReferToIsFound() {
    SmallMap texts = SmallMap.ofTexts();
    texts.put("one", "1");
    texts.put("two", "2");
    BucketLayout layout = new BucketLayout(SmallMap.TEXTS);
    Cursor root = texts.bucket(0);
    long reference = root.memory.getLong(root.offset + layout.reference(0));
    root.memory.putLong(root.offset + layout.reference(1), reference);
    assertThat(HmapCheck.check(texts.map))
        .contains(
            "bucket 0 slot 1 refers to %,d, which is not an entry of its own"
                .formatted(texts.place("one").entryAddress()));
  }
}
