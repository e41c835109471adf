package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the statistics count is what was done. */
class HMapStatsTest {
  private static final HMapStats.Latency NONE = new HMapStats.Latency(0, 0, 0, 0, 0, 0);

  @TempDir Path folder;

  @Test
  void eachForceIsTimed() {
    try (HMap<Long, Long> map = HMap.open(path(), Codec.LONG, Codec.LONG)) {
      assertThat(map.stats().log().forceTimes()).isEqualTo(NONE);
      for (long i = 0; i < 20; i++) {
        map.put(i, i);
      }
      HMapStats.Log log = map.stats().log();
      assertThat(log.forces()).isEqualTo(20);
      assertThat(log.forceTimes().count()).isEqualTo(20);
      assertOrdered(log.forceTimes());
    }
  }

  @Test
  void aForceInAnIntervalIsTimedOnItsOwnThread() {
    try (HMap<Long, Long> map =
        HMap.at(path(), Codec.LONG, Codec.LONG)
            .durability(Durability.ASYNC)
            .syncInterval(Duration.ofMillis(1))
            .open()) {
      map.put(1L, 1L);
      long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (map.stats().log().forceTimes().count() == 0 && System.nanoTime() < giveUp) {
        Thread.onSpinWait();
      }
      assertOrdered(map.stats().log().forceTimes());
    }
  }

  @Test
  void eachCheckpointIsTimed() {
    try (HMap<Long, Long> map = HMap.open(path(), Codec.LONG, Codec.LONG)) {
      map.put(1L, 1L);
      assertThat(map.stats().log().checkpointTimes()).isEqualTo(NONE);
      map.checkpoint();
      map.put(2L, 2L);
      map.checkpoint();
      HMapStats.Log log = map.stats().log();
      assertThat(log.checkpoints()).isEqualTo(2);
      assertThat(log.checkpointTimes().count()).isEqualTo(2);
      assertOrdered(log.checkpointTimes());
    }
  }

  private static void assertOrdered(HMapStats.Latency times) {
    assertThat(times.p50Nanos())
        .isBetween(TimeUnit.MICROSECONDS.toNanos(1), TimeUnit.HOURS.toNanos(1));
    assertThat(times.p90Nanos()).isGreaterThanOrEqualTo(times.p50Nanos());
    assertThat(times.p99Nanos()).isGreaterThanOrEqualTo(times.p90Nanos());
    assertThat(times.p999Nanos()).isGreaterThanOrEqualTo(times.p99Nanos());
    assertThat(times.maxNanos()).isGreaterThanOrEqualTo(times.p999Nanos());
  }

  @Test
  void writesAreCountedByKind() {
    try (HMap<Long, Long> map = HMap.open(path(), Codec.LONG, Codec.LONG)) {
      assertThat(map.stats().writes()).isEqualTo(new HMapStats.Writes(0, 0, 0, 0, 0));
      map.put(1L, 1L);
      map.put(1L, 2L);
      map.putAsync(2L, 2L).join();
      map.putIfAbsent(1L, 3L); // not met
      map.replace(1L, 3L);
      map.replace(1L, 3L, 4L);
      map.replace(1L, 3L, 5L); // not met
      map.remove(7L); // absent
      map.remove(1L, 4L);
      map.removeAsync(2L).join();
      map.clear();
      map.write(batch -> {
        for (long i = 0; i < 10; i++) {
          batch.put(i, i);
        }
      });
      map.write(batch -> batch.remove(3L));
      map.get(1L);
      assertThat(map.stats().writes()).isEqualTo(new HMapStats.Writes(3, 4, 3, 1, 2));
    }
  }

  @Test
  void aReaderHasNoWritesAndNoTimes() {
    try (HMap<Long, Long> map = HMap.open(path(), Codec.LONG, Codec.LONG)) {
      map.put(1L, 1L);
    }
    try (HMap<Long, Long> map = HMap.at(path(), Codec.LONG, Codec.LONG).readOnly().open()) {
      HMapStats stats = map.stats();
      assertThat(stats.count()).isOne();
      assertThat(stats.writes()).isEqualTo(new HMapStats.Writes(0, 0, 0, 0, 0));
      assertThat(stats.log().forceTimes()).isEqualTo(NONE);
      assertThat(stats.log().checkpointTimes()).isEqualTo(NONE);
      assertThat(stats.opening()).isEqualTo(new HMapStats.Opening(0, true));
    }
  }

  private Path path() {
    return folder.resolve("map.hmap");
  }
}
