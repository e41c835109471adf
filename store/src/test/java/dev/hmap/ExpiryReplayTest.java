package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.store.Environment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the writer shows is what recovery and a follower find, however the clock moves. */
@Timeout(240)
@Tag("promise:expiry")
@Tag("verify")
class ExpiryReplayTest {
  private static final int LIFE_MILLIS = 1_000;
  private static final int THREADS = 16;
  private static final int ROUNDS = 6;
  private static final int WRITES = 1_000;
  private static final int KEYS = 400;
  private static final int FOLLOWED = 3_000;

  @TempDir Path folder;

  private final AtomicLong now = new AtomicLong(1_000_000);

  private HMapBuilder<Long, Long> at(Path path) {
    return HMap.at(path, Codec.LONG, Codec.LONG)
        .in(Environment.REAL.with(() -> Instant.ofEpochMilli(now.get())));
  }

  /** The clock moves on while writes are on their way, so that a batch lasts for some of it. */
  @Test
  void acknowledgedWritesAreLostWhenTheClockMovesOnWithinABatch() throws Exception {
    long seed = new Random().nextLong();
    System.out.printf("expiry and replay: seed %d%n", seed);
    Path path = folder.resolve("store.hmap");
    try (HMap<Long, Long> map = at(path).timeToLive(Duration.ofMillis(LIFE_MILLIS)).open();
        HMap<Long, Long> follower = at(path).readOnly().open()) {
      for (int round = 0; round < ROUNDS; round++) {
        writeFromThreads(map, new Random(seed + round));
        Map<Long, Long> shown = new HashMap<>(map); // the clock stands
        follower.refresh();
        assertThat(differing(follower, shown)).as("of the follower, in round %d", round).isEmpty();
        Path copy = folder.resolve("killed" + round);
        TestFiles.copyStore(path, copy);
        try (HMap<Long, Long> recovered = at(copy).open()) {
          assertThat(differing(recovered, shown)).as("recovered in round %d", round).isEmpty();
        }
      }
    }
  }

  /** After each operation, under a clock that passes, stands, and is set ahead and back. */
  @Test
  void aFollowerShowsAnotherValueThanTheWriter() {
    long seed = new Random().nextLong();
    System.out.printf("expiry and following: seed %d%n", seed);
    Random random = new Random(seed);
    TestClock clock = new TestClock(1_700_000_000_000L);
    Path path = folder.resolve("followed.hmap");
    try (HMap<Long, Long> map =
            at(path, clock)
                .durability(Durability.ASYNC)
                .timeToLive(Duration.ofMillis(LIFE_MILLIS))
                .create();
        HMap<Long, Long> follower = at(path, clock).readOnly().open()) {
      for (int i = 0; i < FOLLOWED; i++) {
        move(clock, random);
        write(map, random.nextInt(KEYS / 4), random);
        follower.refresh();
        assertThat(differing(follower, new HashMap<>(map))).as("after write %d", i).isEmpty();
      }
    }
  }

  private static HMapBuilder<Long, Long> at(Path path, TestClock clock) {
    return HMap.at(path, Codec.LONG, Codec.LONG)
        .in(Environment.REAL.with(clock.time(), clock.nanos()));
  }

  private static void move(TestClock clock, Random random) {
    switch (random.nextInt(12)) {
      case 0 -> clock.pass(random.nextInt(LIFE_MILLIS));
      case 1 -> clock.jump(random.nextInt(2 * LIFE_MILLIS) - LIFE_MILLIS);
      case 2 -> clock.pass(120_000);
      case 3, 4, 5 -> {} // it stands
      default -> clock.pass(random.nextInt(50));
    }
  }

  private void writeFromThreads(HMap<Long, Long> map, Random seeds) throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(seeds.nextLong());
      threads.add(Thread.ofPlatform().start(() -> write(map, random)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void write(HMap<Long, Long> map, Random random) {
    for (int i = 0; i < WRITES; i++) {
      write(map, random.nextInt(KEYS), random);
      now.addAndGet(random.nextInt(3));
    }
  }

  private static void write(HMap<Long, Long> map, long key, Random random) {
    switch (random.nextInt(7)) {
      case 0, 1 -> map.put(key, random.nextLong());
      case 2, 3 -> map.putIfAbsent(key, random.nextLong());
      case 4 -> map.replace(key, random.nextLong());
      case 5 -> map.remove(key, map.getOrDefault(key, 0L));
      default -> map.remove(key);
    }
  }

  /** The keys that are not the same in both, with what they are in each. */
  private static List<String> differing(Map<Long, Long> found, Map<Long, Long> shown) {
    List<String> keys = new ArrayList<>();
    for (long key = 0; key < KEYS; key++) {
      if (!Objects.equals(found.get(key), shown.get(key))) {
        keys.add("%d: %d, shown as %d".formatted(key, found.get(key), shown.get(key)));
      }
    }
    return keys;
  }
}
