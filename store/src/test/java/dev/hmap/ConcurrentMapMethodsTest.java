package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link ConcurrentMap} builds on the single operations, beside {@link ConcurrentHashMap}. */
@Timeout(60)
class ConcurrentMapMethodsTest {
  private static final int THREADS = 4;
  private static final int ADDITIONS = 6_000;
  private static final int COUNTERS = 20;

  @TempDir Path folder;

  private HMap<Long, Long> open(boolean isEncrypted) {
    Codec<Long> values = isEncrypted ? new EncryptingCodec<>(Codec.LONG) : Codec.LONG;
    return HMap.at(folder.resolve("store.hmap"), Codec.LONG, values)
        .durability(Durability.ASYNC)
        .open();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void returnAndLeaveWhatAConcurrentHashMapDoes(boolean isEncrypted) {
    long seed = 1;
    System.out.println("concurrent map: seed " + seed);
    Random random = new Random(seed);
    ConcurrentMap<Long, Long> model = new ConcurrentHashMap<>();
    try (HMap<Long, Long> map = open(isEncrypted)) {
      for (int i = 0; i < 30_000; i++) {
        long key = random.nextInt(2_000);
        int kind = random.nextInt(6);
        long n = random.nextInt(4);
        assertThat(apply(map, kind, key, n))
            .as("operation %d, kind %d", i, kind)
            .isEqualTo(apply(model, kind, key, n));
        if (i % 5_000 == 0) {
          map.replaceAll((k, v) -> k % 3 == 0 ? v + 1 : v);
          model.replaceAll((k, v) -> k % 3 == 0 ? v + 1 : v);
          assertThat(map).isEqualTo(model);
        }
      }
      assertThat(map).isEqualTo(model);
      assertThatThrownBy(() ->
              map.compute(
                  1L,
                  (_, _) -> {
                    throw new IllegalStateException("of a user");
                  }))
          .hasMessage("of a user");
      assertThat(map).isEqualTo(model);
    }
  }

  /** An operation, of which a null result removes the entry where n is 0. */
  private static Long apply(ConcurrentMap<Long, Long> map, int kind, long key, long n) {
    Long result = n == 0 ? null : n;
    return switch (kind) {
      case 0 ->
          map.compute(key, (_, before) -> before == null || n == 0 ? result : (Long) (before + n));
      case 1 -> map.computeIfAbsent(key, _ -> result);
      case 2 -> map.computeIfPresent(key, (_, before) -> n == 0 ? null : before * n);
      case 3 -> map.merge(key, n, (before, one) -> one == 0 ? null : before + one);
      case 4 -> map.getOrDefault(key, n);
      default -> map.put(key, n);
    };
  }

  /** Adds one to a counter, in one of the ways there are. */
  private static void add(HMap<Long, Long> map, long key, int way) {
    switch (way) {
      case 0 -> map.compute(key, (_, before) -> before == null ? 1 : before + 1);
      case 1 -> map.merge(key, 1L, Long::sum);
      case 2 -> {
        if (map.computeIfPresent(key, (_, before) -> before + 1) == null) {
          map.merge(key, 1L, Long::sum);
        }
      }
      default -> {
        map.computeIfAbsent(key, _ -> 0L);
        map.compute(key, (_, before) -> before + 1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noAdditionOfFourThreadsIsLost(boolean isEncrypted) throws Exception {
    try (HMap<Long, Long> map = open(isEncrypted);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1)) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int seed = t + 1;
        all.add(
            threads.submit(() -> {
              Random random = new Random(seed);
              for (int i = 0; i < ADDITIONS; i++) {
                add(map, random.nextInt(COUNTERS), random.nextInt(4));
                map.put((long) seed * 1_000_000 + i, 0L); // the map grows
              }
            }));
      }
      Future<?> replacing =
          threads.submit(() -> {
            for (int i = 0; i < 3; i++) {
              map.replaceAll((key, value) -> key == -1 ? 0L : value);
            }
          });
      for (Future<?> future : all) {
        future.get();
      }
      replacing.get();
      long sum = 0;
      for (long key = 0; key < COUNTERS; key++) {
        sum += map.get(key);
      }
      assertThat(sum).isEqualTo((long) THREADS * ADDITIONS);
      assertThat(map).hasSize(COUNTERS + THREADS * ADDITIONS);
    }
  }
}
