package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.store.Environment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store whose entries expire under a clock that is set. */
@Timeout(120)
@Tag("promise:expiry")
class ExpiryClockTest {
  private static final long LIFE_MILLIS = 3_600_000;
  private static final long DAY = 24 * LIFE_MILLIS;
  private static final long SECOND = 1_000;
  private static final int ENTRIES = 500;

  @TempDir Path folder;

  private final TestClock clock = new TestClock(1_700_000_000_000L);
  private HMap<Long, Long> map;
  private int copies;

  @BeforeEach
  void open() {
    map = builder(folder.resolve("store.hmap")).timeToLive(Duration.ofMillis(LIFE_MILLIS)).create();
    fill(0, ENTRIES);
  }

  @AfterEach
  void close() {
    map.close();
  }

  private HMapBuilder<Long, Long> builder(Path path) {
    return HMap.at(path, Codec.LONG, Codec.LONG)
        .in(Environment.REAL.with(clock.time(), clock.nanos()));
  }

  private void fill(long from, long to) {
    map.write(batch -> LongStream.range(from, to).forEach(i -> batch.put(i, i)));
  }

  private static Map<Long, Long> entries(long from, long to) {
    return LongStream.range(from, to).boxed().collect(Collectors.toMap(i -> i, i -> i));
  }

  /** Each call wakes the writer, which is idle after it and sweeps if it may. */
  private void beIdle() {
    for (int i = 0; i < 200; i++) {
      var _ = map.stats();
    }
  }

  private void assertRecovered(Map<Long, Long> expected) throws Exception {
    Path copy = folder.resolve("killed" + copies++);
    TestFiles.copyStore(folder.resolve("store.hmap"), copy);
    try (HMap<Long, Long> recovered = builder(copy).open()) {
      assertThat(recovered).isEqualTo(expected);
    }
  }

  @Test
  void aClockThatJumpsADayAheadForAMomentExpiresWhatIsAlive() throws Exception {
    clock.pass(LIFE_MILLIS / 2);
    clock.jump(DAY);
    beIdle();
    assertThat(map.putIfAbsent(7L, -7L)).as("as to who reads, it is absent").isNull();
    fill(ENTRIES, 20 * ENTRIES); // so that chains are evacuated
    beIdle();
    clock.pass(10 * SECOND);
    clock.jump(-DAY);
    Map<Long, Long> expected = entries(0, 20 * ENTRIES);
    expected.put(7L, -7L);
    assertThat(map).isEqualTo(expected);
    assertThat(map.stats().growth().expired()).isZero();
    assertRecovered(expected);
  }

  @Test
  void aClockThatJumpedADayAheadForAMomentStampsLaterWritesADayLate() {
    clock.jump(DAY);
    map.put(-1L, 1L);
    beIdle();
    clock.pass(SECOND);
    clock.jump(-DAY);
    map.put(-2L, 2L);
    clock.pass(LIFE_MILLIS - 1);
    assertThat(map.get(-2L)).isEqualTo(2);
    clock.pass(1);
    assertThat(map.get(-2L)).isNull();
    map.put(-3L, 3L);
    clock.pass(LIFE_MILLIS);
    assertThat(map.get(-3L)).isNull();
  }

  @Test
  void aClockThatStaysAheadIsBelievedAfterAMinute() {
    clock.jump(DAY);
    assertThat(map.putIfAbsent(1L, -1L)).isNull();
    assertThat(map).isEqualTo(Map.of(1L, -1L));
    beIdle();
    assertThat(map.stats().count()).isEqualTo(ENTRIES);
    clock.pass(61 * SECOND);
    while (map.stats().count() > 1) {
      clock.pass(SECOND); // until the next pass begins
    }
  }

  @Test
  void whatAHorizonTookComesBackWithAClockThatIsSetBack() throws Exception {
    clock.pass(LIFE_MILLIS);
    map.put(-1L, 1L);
    while (map.stats().count() > 1) {
      clock.pass(1);
    }
    clock.jump(-DAY);
    assertThat(map.putIfAbsent(1L, -1L)).isNull();
    assertThat(map.replace(2L, -2L)).isNull();
    assertThat(map.remove(3L)).isNull();
    assertThat(map).isEqualTo(Map.of(-1L, 1L, 1L, -1L));
    assertRecovered(Map.of(-1L, 1L, 1L, -1L));
    clock.pass(2 * SECOND);
    assertRecovered(Map.of(-1L, 1L, 1L, -1L));
  }

  /**
   * What a clock ahead took for expired was removed for good, though a clock behind would see it.
   */
  @Test
  void whatWasRemovedComesBackWithAClockThatIsSetBack() throws Exception {
    clock.pass(LIFE_MILLIS - 2 * SECOND);
    map.put(-2L, 2L);
    clock.pass(2 * SECOND); // too little for a new horizon
    assertThat(map.remove(1L)).isNull();
    clock.jump(-SECOND);
    assertThat(map.get(1L)).isNull();
    assertThat(map.putIfAbsent(1L, 2L)).isNull();
    assertRecovered(Map.copyOf(map));
  }

  @Test
  void aStoreOpenedUnderAClockThatWasSetBackGoesOnFromItsHorizon() throws Exception {
    clock.pass(LIFE_MILLIS);
    map.put(-1L, 1L);
    map.close();
    clock.jump(-DAY);
    map = builder(folder.resolve("store.hmap")).openExisting();
    assertThat(map.putIfAbsent(1L, -1L)).isNull();
    assertThat(map.putIfAbsent(-1L, -1L)).isEqualTo(1);
    clock.jump(DAY);
    clock.pass(61 * SECOND);
    assertThat(map).isEqualTo(Map.of(-1L, 1L, 1L, -1L));
    assertRecovered(Map.of(-1L, 1L, 1L, -1L));
  }

  @Test
  void aStoreOfWhichNothingHasExpiredLogsNothingWhenOpened() throws Exception {
    map.close();
    clock.pass(LIFE_MILLIS / 2);
    map = builder(folder.resolve("store.hmap")).openExisting();
    beIdle();
    assertThat(TestFiles.names(folder)).doesNotContain("store.hmap-log");
    clock.pass(LIFE_MILLIS / 2);
    while (map.stats().count() > 0) {
      clock.pass(SECOND);
    }
    assertThat(TestFiles.names(folder)).contains("store.hmap-log");
  }
}
