package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Longs without boxes. */
@Timeout(60)
class LongLongHMapTest {
  private static final int READS = 2_000_000;

  @TempDir Path folder;

  private HMap<Long, Long> open() {
    return HMap.at(folder.resolve("store.hmap"), Codec.LONG, Codec.LONG)
        .durability(Durability.ASYNC)
        .open();
  }

  @Test
  void behavesLikeAHashMap() {
    long seed = new Random().nextLong();
    System.out.println("longs: seed " + seed);
    Random random = new Random(seed);
    Map<Long, Long> model = new HashMap<>();
    try (LongLongHMap map = LongLongHMap.of(open())) {
      for (int i = 0; i < 20_000; i++) {
        long key = random.nextInt(4_000);
        long value = random.nextInt(3);
        switch (random.nextInt(6)) {
          case 0 -> {
            map.put(key, value);
            model.put(key, value);
          }
          case 1 ->
              assertThat(map.putIfAbsent(key, value))
                  .isEqualTo(model.putIfAbsent(key, value) == null);
          case 2 -> assertThat(map.remove(key)).isEqualTo(model.remove(key) != null);
          case 3 -> assertThat(map.replace(key, 1, value)).isEqualTo(model.replace(key, 1L, value));
          case 4 -> assertThat(map.addTo(key, value)).isEqualTo(model.merge(key, value, Long::sum));
          default -> {
            assertThat(map.get(key, -1)).isEqualTo(model.getOrDefault(key, -1L));
            assertThat(map.containsKey(key)).isEqualTo(model.containsKey(key));
          }
        }
      }
      assertThat(map.map()).isEqualTo(model);
      Map<Long, Long> seen = new HashMap<>();
      map.forEach((key, value) -> assertThat(seen.put(key, value)).isNull());
      assertThat(seen).isEqualTo(model);
      assertThat(map.mappingCount()).isEqualTo(model.size());
    }
  }

  @Test
  void readingAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().threadId();
    try (LongLongHMap map = LongLongHMap.of(open())) {
      map.map()
          .write(batch -> {
            for (long i = 0; i < 10_000; i++) {
              batch.put(i, i);
            }
          });
      long sum = 0;
      long before = threads.getThreadAllocatedBytes(thread);
      for (long i = 0; i < READS; i++) {
        sum += map.get(i % 20_000, 1);
        sum += map.containsKey(i % 20_000) ? 1 : 0;
      }
      long allocated = threads.getThreadAllocatedBytes(thread) - before;
      System.out.printf("longs: %,d bytes allocated by %,d reads, sum %d%n", allocated, READS, sum);
      assertThat(allocated).isLessThan(READS / 10); // not even at the interpreter's hands
    }
  }

  @Test
  void otherCodecsAreRefused() {
    try (HMap<Long, String> map =
        HMap.open(folder.resolve("strings.hmap"), Codec.LONG, Codec.STRING)) {
      @SuppressWarnings({"unchecked", "rawtypes"}) // what a caller might do
      HMap<Long, Long> other = (HMap) map;
      assertThatThrownBy(() -> LongLongHMap.of(other)).isInstanceOf(IllegalArgumentException.class);
    }
    open().close();
    try (LongLongHMap map =
        LongLongHMap.of(
            HMap.at(folder.resolve("store.hmap"), Codec.LONG, Codec.LONG).readOnly().open())) {
      assertThat(map.get(1, 7)).isEqualTo(7);
      assertThatThrownBy(() -> map.put(1, 1)).isInstanceOf(UnsupportedOperationException.class);
    }
  }
}
