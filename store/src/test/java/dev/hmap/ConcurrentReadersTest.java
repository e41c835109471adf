package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers on several threads while the map grows and its entries change under them. */
@Timeout(120)
@Tag("promise:readers")
@Tag("verify")
class ConcurrentReadersTest {
  private static final int STABLE = 2_000;
  private static final int CHURN = 150_000;

  @TempDir Path folder;

  @Test
  void neverMissesOrTearsAStringDuringGrowthAndUpdates() throws Exception {
    try (HMap<String, String> map =
        HMap.at(folder.resolve("s.hmap"), Codec.STRING, Codec.STRING)
            .durability(Durability.ASYNC)
            .maxLog(4 << 20)
            .open()) {
      run(
          map,
          i -> "stable" + i,
          i -> "churn" + i,
          (key, n) -> key + ":" + n + ":" + Character.toString('a' + n % 26).repeat(n % 300),
          ConcurrentReadersTest::checkString);
    }
  }

  private static void checkString(String key, String value) {
    String[] parts = value.split(":", -1);
    assertThat(parts).hasSize(3);
    assertThat(parts[0]).isEqualTo(key);
    int n = Integer.parseInt(parts[1]);
    assertThat(parts[2]).isEqualTo(Character.toString('a' + n % 26).repeat(n % 300));
  }

  record Pair(long a, long b, long c) {}

  @Test
  void neverMissesOrTearsARecordInItsBucketDuringGrowthAndUpdates() throws Exception {
    try (HMap<Long, Pair> map =
        HMap.at(folder.resolve("r.hmap"), Codec.LONG, Codec.record(Pair.class))
            .durability(Durability.ASYNC)
            .maxLog(4 << 20)
            .open()) {
      run(
          map,
          i -> (long) i,
          i -> 1_000_000L + i,
          (key, n) -> new Pair(n, n ^ key, ~n),
          (key, value) -> {
            assertThat(value.b).isEqualTo(value.a ^ key);
            assertThat(value.c).isEqualTo(~value.a);
          });
    }
  }

  interface KeyOf<K> {
    K of(int i);
  }

  interface ValueOf<K, V> {
    V of(K key, int n);
  }

  interface Check<K, V> {
    void that(K key, V value);
  }

  private static <K, V> void run(
      HMap<K, V> map, KeyOf<K> stable, KeyOf<K> churn, ValueOf<K, V> value, Check<K, V> check)
      throws Exception {
    for (int i = 0; i < STABLE; i++) {
      map.put(stable.of(i), value.of(stable.of(i), i));
    }
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong reads = new AtomicLong();
    AtomicLong sweeps = new AtomicLong();
    Callable<Void> reader =
        () -> {
          Random random = new Random(Thread.currentThread().threadId());
          while (!done.get() || reads.get() < 1_000) {
            K key = stable.of(random.nextInt(STABLE));
            V found = map.get(key);
            assertThat(found).as("key %s", key).isNotNull();
            check.that(key, found);
            K other = churn.of(random.nextInt(CHURN));
            V there = map.get(other);
            if (there != null) {
              check.that(other, there);
            }
            reads.incrementAndGet();
          }
          return null;
        };
    Callable<Void> iterator =
        () -> {
          Set<K> all = new HashSet<>();
          for (int i = 0; i < STABLE; i++) {
            all.add(stable.of(i));
          }
          while (!done.get() || sweeps.get() == 0) {
            Set<K> seen = new HashSet<>();
            for (Map.Entry<K, V> e : map.entrySet()) {
              check.that(e.getKey(), e.getValue());
              assertThat(seen.add(e.getKey())).as("%s returned twice", e.getKey()).isTrue();
            }
            assertThat(seen).containsAll(all);
            sweeps.incrementAndGet();
          }
          return null;
        };
    Callable<Void> writer =
        () -> {
          Random random = new Random(5);
          for (int i = 0; i < CHURN; i++) {
            var _ = map.putAsync(churn.of(i), value.of(churn.of(i), i));
            K key = stable.of(random.nextInt(STABLE));
            var _ = map.putAsync(key, value.of(key, i));
            if (i > 100 && random.nextInt(3) == 0) {
              var _ = map.removeAsync(churn.of(random.nextInt(i)));
            }
          }
          for (int round = 0; round < 3; round++) {
            for (int i = 0; i < CHURN; i++) {
              var _ = map.removeAsync(churn.of(i));
            }
            map.compact();
            for (int i = 0; i < CHURN >> round + 1; i++) {
              var _ = map.putAsync(churn.of(i), value.of(churn.of(i), i));
            }
          }
          map.sync();
          done.set(true);
          return null;
        };
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Void>> all = new ArrayList<>();
      try {
        all.add(threads.submit(reader));
        all.add(threads.submit(reader));
        all.add(threads.submit(iterator));
        all.add(threads.submit(writer));
        all.getLast().get();
      } finally {
        done.set(true);
      }
      for (Future<Void> future : all) {
        future.get();
      }
    }
    HMapStats stats = map.stats();
    assertThat(stats.growth().growths()).isGreaterThan(8);
    assertThat(stats.growth().maxChainsPerWrite()).isLessThanOrEqualTo(2);
  }
}
