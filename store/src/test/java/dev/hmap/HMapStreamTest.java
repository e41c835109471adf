package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Spliterator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spliterators that split at random, and streams, over a map that grows and is written to: every
 * entry that is there throughout is met exactly once, none twice, and none that never was.
 */
@Timeout(120)
class HMapStreamTest {
  private static final int STABLE = 2_000;
  private static final int LARGEST = 100_000;
  private static final int ROUNDS = 30;

  @TempDir Path folder;

  @Test
  void eachEntryIsMetOnceWhileTheMapGrows() throws Exception {
    run(1, Budget.rounds(ROUNDS));
  }

  @Test
  @Tag("campaign")
  void eachEntryIsMetOnceForLong() throws Exception {
    run(System.nanoTime(), Budget.of(1, 10 * ROUNDS));
  }

  private void run(long firstSeed, Budget budget) throws Exception {
    long growths = 0;
    long splits = 0;
    long seed = firstSeed;
    try (HMap<Long, Long> map =
        HMap.at(folder.resolve("store.hmap"), Codec.LONG, Codec.LONG)
            .durability(Durability.ASYNC)
            .open()) {
      for (long round = 0; budget.isLeft(round); round++, seed++) {
        Random random = new Random(seed);
        map.clear();
        map.write(batch -> {
          for (long key = 0; key < STABLE; key++) {
            batch.put(key, -key);
          }
        });
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long growthsBefore = map.stats().growth().growths();
        long writerSeed = random.nextLong();
        Thread writer = Thread.ofPlatform().start(() -> grow(map, writerSeed, done, failure));
        try {
          do {
            splits += splitAtRandom(map, random, seed);
            check(seed, "parallel", map.entrySet().parallelStream().map(Met::new).toList());
            check(seed, "stream", map.entrySet().stream().map(Met::new).toList());
            assertThat(map.keySet().parallelStream().filter(key -> key < STABLE).count())
                .as("keys, seed %d", seed)
                .isEqualTo(STABLE);
          } while (map.stats().growth().growths() == growthsBefore && writer.isAlive());
        } finally {
          done.set(true);
          writer.join();
        }
        assertThat(failure.get()).isNull();
        growths += map.stats().growth().growths() - growthsBefore;
      }
    }
    System.out.printf(
        "streams: seeds %d to %d, %,d splits, %,d growths meanwhile%n",
        firstSeed, seed - 1, splits, growths);
    assertThat(growths).isGreaterThan(0);
    assertThat(splits).isGreaterThan(0);
  }

  /** Adds keys, removes some of them, and writes the stable ones again as they are. */
  private static void grow(
      HMap<Long, Long> map, long seed, AtomicBoolean done, AtomicReference<Throwable> failure) {
    try {
      Random random = new Random(seed);
      for (long key = STABLE; key < LARGEST && !done.get(); key++) {
        var _ = map.putAsync(key, -key);
        long stable = random.nextInt(STABLE);
        if (random.nextInt(8) == 0) {
          var _ = map.putAsync(stable, -stable);
          var _ = map.removeAsync(key - random.nextInt((int) (key - STABLE) + 1));
        }
      }
      map.sync();
    } catch (Throwable e) {
      failure.set(e);
    }
  }

  private record Met(long key, long value) {
    Met(Map.Entry<Long, Long> entry) {
      this(entry.getKey(), entry.getValue());
    }
  }

  /** Goes through the map by parts that are split, advanced and finished in a random order. */
  private static int splitAtRandom(HMap<Long, Long> map, Random random, long seed) {
    List<Met> met = new ArrayList<>();
    int splits = 0;
    List<Spliterator<Map.Entry<Long, Long>>> parts = new ArrayList<>();
    parts.add(map.entrySet().spliterator());
    while (!parts.isEmpty()) {
      int at = random.nextInt(parts.size());
      Spliterator<Map.Entry<Long, Long>> part = parts.get(at);
      switch (random.nextInt(4)) {
        case 0 -> {
          Spliterator<Map.Entry<Long, Long>> half = parts.size() < 50 ? part.trySplit() : null;
          if (half != null) {
            parts.add(half);
            splits++;
          }
        }
        case 1 -> {
          if (random.nextInt(10) == 0) {
            part.forEachRemaining(entry -> met.add(new Met(entry)));
            parts.remove(at);
          }
        }
        default -> {
          boolean any = true;
          for (int i = random.nextInt(200); i >= 0 && any; i--) {
            any = part.tryAdvance(entry -> met.add(new Met(entry)));
          }
          if (!any) {
            parts.remove(at);
          }
        }
      }
    }
    check(seed, "splits", met);
    return splits;
  }

  private static void check(long seed, String what, List<Met> met) {
    Map<Long, Long> seen = new HashMap<>();
    for (Met entry : met) {
      assertThat(entry.value)
          .as("%s, seed %d, key %d", what, seed, entry.key)
          .isEqualTo(-entry.key);
      assertThat(entry.key).isBetween(0L, (long) LARGEST);
      assertThat(seen.put(entry.key, entry.value))
          .as("%s, seed %d: key %d met before", what, seed, entry.key)
          .isNull();
    }
    for (long key = 0; key < STABLE; key++) {
      assertThat(seen).as("%s, seed %d", what, seed).containsKey(key);
    }
  }
}
