package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.format.BucketLayout;
import java.io.IOException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Fetches what look-ups and writes will look at. Whether it does shows in their speed alone; here
 * it must not look at memory that is gone, whatever the arrays are about.
 */
class PrefetcherTest {
  private static final int KEYS = 500;

  private final SmallMap map = SmallMap.ofLongs(6); // 64 roots, and so extents that are freed
  private final BucketLayout layout = new BucketLayout(SmallMap.LONGS);
  private final Prefetcher prefetcher = new Prefetcher(layout, 4);

  private void prefetchAll() {
    Table t = map.map.state.table;
    for (long key = 0; key < KEYS; key++) {
      prefetcher.add(t, SmallMap.hash(key));
      prefetcher.addForWrite(t, SmallMap.hash(key));
    }
    prefetcher.addUnits(t, map.map.growth.nevacuate(), KEYS);
    prefetcher.prefetch();
  }

  private void evacuateAll() {
    assertThat(map.map.isGrowing()).isTrue();
    for (int steps = 0; map.map.isGrowing(); steps++) {
      prefetchAll();
      map.map.evacuateNext();
      map.remove(KEYS + steps); // a chain out of turn
    }
    prefetchAll();
    assertThat(HmapCheck.check(map.map)).isEmpty();
  }

  /** A reader may look at memory that is something else by now: nothing of it counts. */
  @Test
  void aBucketThatLeadsOutOfTheArrayIsNotFollowed() {
    map.putAll(1, 2, 3);
    Cursor root = map.bucket(0);
    for (int next : new int[] {1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      root.memory.putInt(root.offset + layout.overflow(), next);
      prefetcher.add(map.map.state.table, 0);
      prefetcher.prefetch();
    }
    root.memory.putInt(root.offset + layout.overflow(), 0);
    assertThat(HmapCheck.check(map.map)).isEmpty();
  }

  @Test
  void whileTheMapDoubles() {
    map.putAll(LongStream.range(0, 416).toArray()); // 6.5 for each root, in some overflow buckets
    map.beginDoubling();
    evacuateAll();
  }

  @Test
  void whileTheMapIsHalved() throws IOException {
    map.putAll(LongStream.range(0, 200).toArray());
    map.map.growth.shrinkTo(5);
    evacuateAll();
  }

  @Test
  void whileTheMapIsPacked() throws IOException {
    map.putAll(LongStream.range(0, 300).toArray());
    map.map.growth.shrinkTo(6);
    evacuateAll();
  }
}
