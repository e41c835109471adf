package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Returns each entry that is there throughout once, however the map changes meanwhile. */
class HmapIteratorTest {
  private final SmallMap map = SmallMap.ofLongs(0);
  private final List<Long> returned = new ArrayList<>();

  private HmapIterator iterator() {
    return new HmapIterator(map.map.reader());
  }

  private void take(HmapIterator iterator, int entries) {
    for (int i = 0; i < entries; i++) {
      EntryBytes entry = iterator.next();
      if (entry == null) {
        return;
      }
      returned.add(entry.keyWord());
    }
  }

  @Test
  void anEntryIsReturnedOnceThoughTheMapDoublesThreeTimesMeanwhile() {
    map.putAll(LongStream.range(0, 100).toArray());
    HmapIterator iterator = iterator();
    take(iterator, 10);
    map.putAll(LongStream.range(100, 800).toArray());
    take(iterator, 1_000);
    assertThat(returned)
        .doesNotHaveDuplicates()
        .contains(LongStream.range(0, 100).boxed().toArray(Long[]::new));
    assertThat(iterator.share()).isZero();
  }

  @Test
  void anEntryIsReturnedOnceThoughTheMapIsHalvedToOneRootMeanwhile() throws IOException {
    SmallMap large = SmallMap.ofLongs(4);
    large.putAll(LongStream.range(0, 20).toArray());
    HmapIterator iterator = new HmapIterator(large.map.reader());
    take(iterator, 7);
    for (int b = 3; b >= 0; b--) {
      large.map.growth.shrinkTo(b);
      while (large.map.isGrowing()) {
        large.map.evacuateNext();
      }
    }
    take(iterator, 1_000);
    assertThat(returned).doesNotHaveDuplicates().hasSize(20);
  }

  @Test
  void whatIsRemovedBeforeItIsReachedIsNotReturnedAndWhatIsReplacedIsReturnedAsItIsNow() {
    map.putAll(1, 2, 3, 4); // one chain, which is read at once
    HmapIterator iterator = iterator();
    take(iterator, 1);
    List<Long> ahead = new ArrayList<>(List.of(1L, 2L, 3L, 4L));
    ahead.remove(returned.getFirst());
    map.remove(ahead.get(0));
    map.put(ahead.get(1), 70);
    map.remove(ahead.get(2));
    assertThat(iterator.next().valueWord()).isEqualTo(70);
    assertThat(iterator.next()).isNull();
  }

  @Test
  void whatExpiresAfterItWasCopiedIsNotReturned() {
    SmallMap expiring = new SmallMap(SmallMap.EXPIRING, 8);
    AtomicLong clock = new AtomicLong(5_000);
    expiring.map.setTime(() -> Instant.ofEpochMilli(clock.get()));
    for (long key = 1; key <= 4; key++) {
      expiring.putAt(5_000, key);
    }
    HmapReader reader = expiring.map.reader();
    HmapIterator iterator = new HmapIterator(reader);
    take(iterator, 1);
    assertThat(iterator.peek(reader)).isNotNull();
    clock.set(6_001);
    assertThat(iterator.peek(reader)).isNull();
    assertThat(iterator.next()).isNull();
  }

  @Test
  void aClearEndsIt() {
    map.putAll(LongStream.range(0, 100).toArray());
    HmapIterator iterator = iterator();
    take(iterator, 1);
    map.map.clear(5);
    map.putAll(LongStream.range(100, 200).toArray());
    assertThat(iterator.next()).isNull();
  }

  @Test
  void twoHalvesShareTheEntries() {
    map.putAll(LongStream.range(0, 100).toArray());
    HmapIterator first = iterator();
    HmapIterator second = first.split();
    assertThat(second.share()).isEqualTo(0.5);
    take(first, 1_000);
    assertThat(returned).hasSizeBetween(1, 99);
    take(second, 1_000);
    assertThat(returned).doesNotHaveDuplicates().hasSize(100);
  }
}
