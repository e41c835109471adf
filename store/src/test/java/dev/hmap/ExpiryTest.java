package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.CodecMismatchException;
import dev.hmap.store.Environment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Entries that live for a time. */
@Timeout(120)
@Tag("promise:expiry")
class ExpiryTest {
  private static final int LIFE_MILLIS = 1_000;

  @TempDir Path folder;

  private final AtomicLong now = new AtomicLong(1_000_000);

  /** What is stored. */
  @SuppressWarnings("ImmutableEnumChecker") // codecs are, by their contract
  enum Kind {
    LONGS(Codec.LONG, i -> (long) i, Codec.LONG, i -> (long) i * 3),
    WIDE_VALUES(Codec.INT, i -> i, Codec.record(Wide.class), i -> new Wide(i, i, i)),
    STRINGS(Codec.STRING, i -> "key" + i, Codec.STRING, i -> "value ".repeat(i % 40) + i),
    FROM_STRINGS(Codec.STRING, i -> "key" + i, Codec.INT, i -> i);

    final Codec<Object> keys;
    final IntFunction<Object> key;
    final Codec<Object> values;
    final IntFunction<Object> value;

    @SuppressWarnings("unchecked") // each constant's functions fit its codecs
    <K, V> Kind(Codec<K> keys, IntFunction<K> key, Codec<V> values, IntFunction<V> value) {
      this.keys = (Codec<Object>) keys;
      this.key = (IntFunction<Object>) key;
      this.values = (Codec<Object>) values;
      this.value = (IntFunction<Object>) value;
    }
  }

  /** A value that fills a slot to 128 bytes only without its stamp. */
  record Wide(long a, Instant b, Rest rest) {
    record Rest(
        long c,
        long d,
        long e,
        long f,
        long g,
        long h,
        long i,
        long j,
        long k,
        long l,
        long m,
        int n,
        long o) {}

    Wide(long a, long b, long c) {
      this(a, Instant.ofEpochSecond(b), new Rest(c, c, c, c, c, c, c, c, c, c, c, (int) c, c));
    }
  }

  private HMapBuilder<Object, Object> builder(Kind kind) {
    return HMap.at(folder.resolve("store.hmap"), kind.keys, kind.values)
        .durability(Durability.ASYNC)
        .timeToLive(Duration.ofMillis(LIFE_MILLIS))
        .in(Environment.REAL.with(() -> Instant.ofEpochMilli(now.get())));
  }

  @ParameterizedTest
  @EnumSource
  void anExpiredEntryIsAbsentToEveryReadAndIteration(Kind kind) {
    Object key = kind.key.apply(1);
    Object value = kind.value.apply(1);
    try (HMap<Object, Object> map = builder(kind).open()) {
      map.put(key, value);
      now.addAndGet(LIFE_MILLIS - 1);
      assertThat(map.get(key)).isEqualTo(value);
      assertThat(map).containsOnly(Map.entry(key, value));
      assertThat(map.putIfAbsent(key, kind.value.apply(2))).isEqualTo(value);
      now.incrementAndGet();
      assertThat(map.get(key)).isNull();
      assertThat(map.containsKey(key)).isFalse();
      assertThat(map.containsValue(value)).isFalse();
      assertThat(map.getAll(List.of(key))).isEmpty();
      assertThat(map.<Long>read(key, s -> s.byteSize())).isNull();
      assertThat(map.entrySet().iterator()).isExhausted();
      assertThat(map.keySet().stream().count()).isZero();
      assertThat(map.isEmpty()).isTrue();
      assertThat(map.replace(key, value)).isNull();
      assertThat(map.replace(key, value, value)).isFalse();
      assertThat(map.remove(key, value)).isFalse();
      assertThat(map.remove(key)).isNull();
      assertThat(map.putIfAbsent(key, value)).isNull();
      assertThat(map.get(key)).isEqualTo(value);
    }
  }

  private record Stamped(Object value, long expires) {}

  /** A {@link HashMap} that forgets. */
  private final class Model {
    final Map<Object, Stamped> entries = new HashMap<>();

    Object get(Object key) {
      Stamped found = entries.get(key);
      return found == null || found.expires <= now.get() ? null : found.value;
    }

    Object put(Object key, Object value) {
      Object before = get(key);
      entries.put(key, new Stamped(value, now.get() + LIFE_MILLIS));
      return before;
    }

    Map<Object, Object> alive() {
      Map<Object, Object> alive = new HashMap<>();
      entries
          .keySet()
          .forEach(k -> {
            if (get(k) != null) {
              alive.put(k, get(k));
            }
          });
      return alive;
    }
  }

  @ParameterizedTest
  @EnumSource
  void behavesLikeAHashMapThatForgetsThroughGrowthClosingAndKilling(Kind kind) throws Exception {
    long seed = new Random().nextLong();
    System.out.printf("expiry of %s: seed %d%n", kind, seed);
    Random random = new Random(seed);
    Model model = new Model();
    Path path = folder.resolve("store.hmap");
    HMap<Object, Object> map = builder(kind).open();
    try {
      for (int i = 0; i < 12_000; i++) {
        Object key = kind.key.apply(random.nextInt(3_000));
        Object value = kind.value.apply(random.nextInt(1_000));
        switch (random.nextInt(12)) {
          case 0 -> now.addAndGet(random.nextInt(10));
          case 1 -> {
            Object before = model.get(key);
            assertThat(map.remove(key)).isEqualTo(before);
            model.entries.remove(key);
          }
          case 2 -> {
            Object before = model.get(key);
            assertThat(map.putIfAbsent(key, value)).isEqualTo(before);
            if (before == null) {
              model.put(key, value);
            }
          }
          case 3 -> {
            Object before = model.get(key);
            assertThat(map.replace(key, value)).isEqualTo(before);
            if (before != null) {
              model.put(key, value);
            }
          }
          case 4 -> {
            Object before = model.get(key);
            Object expected = before == null ? value : before;
            assertThat(map.replace(key, expected, value)).isEqualTo(before != null);
            if (before != null) {
              model.put(key, value);
            }
          }
          case 5 -> {
            map.write(batch -> {
              batch.put(key, value);
              assertThat(batch.get(key)).isEqualTo(value);
            });
            model.put(key, value);
          }
          case 6, 7 -> assertThat(map.get(key)).isEqualTo(model.get(key));
          default -> assertThat(map.put(key, value)).isEqualTo(model.put(key, value));
        }
        if (random.nextInt(2_000) == 0) {
          map.checkpoint();
          now.addAndGet(random.nextInt(2 * LIFE_MILLIS));
          assertThat(map).isEqualTo(model.alive());
        }
        if (random.nextInt(3_000) == 0) {
          Path copy = folder.resolve("killed" + i);
          TestFiles.copyStore(path, copy);
          map.close();
          try (HMap<Object, Object> killed =
              HMap.at(copy, kind.keys, kind.values)
                  .in(Environment.REAL.with(() -> Instant.ofEpochMilli(now.get())))
                  .open()) {
            assertThat(killed).isEqualTo(model.alive());
          }
          assertThat(HMapAdmin.verify(copy, _ -> {}).findings()).isEmpty();
          map = builder(kind).open();
        }
      }
      assertThat(map).isEqualTo(model.alive());
    } finally {
      map.close();
    }
    assertThat(HMapAdmin.verify(path, _ -> {}).findings()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void theIdleWriterRemovesWhatHasExpired(Kind kind) {
    try (HMap<Object, Object> map = builder(kind).open()) {
      for (int i = 0; i < 1_000; i++) {
        map.put(kind.key.apply(i), kind.value.apply(i));
      }
      now.addAndGet(LIFE_MILLIS / 2);
      for (int i = 500; i < 1_000; i++) {
        map.put(kind.key.apply(i), kind.value.apply(i));
      }
      now.addAndGet(LIFE_MILLIS / 2);
      HMapStats stats = map.stats();
      while (stats.count() > 500) {
        stats = map.stats(); // each call wakes the writer, which is idle after it
      }
      assertThat(map.get(kind.key.apply(700))).isEqualTo(kind.value.apply(700));
      assertThat(map.keySet().stream().count()).isEqualTo(500);
      now.addAndGet(LIFE_MILLIS);
      while (stats.count() > 0) {
        stats = map.stats();
      }
      assertThat(stats.space().entryBytes()).isZero();
      assertThat(stats.growth().expired()).isEqualTo(1_000);
      assertThat(stats.growth().maxChainsPerWrite()).isLessThanOrEqualTo(2);
    }
    assertThat(HMapAdmin.verify(folder.resolve("store.hmap"), _ -> {}).findings()).isEmpty();
  }

  @Test
  void aStoreThatForgetsAsMuchAsItIsGivenDoesNotGrowForEver() {
    try (HMap<Object, Object> map = builder(Kind.LONGS).open()) {
      for (int i = 0; i < 400_000; i++) {
        var _ = map.putAsync((long) i, 1L);
        if (i % 10 == 0) {
          now.incrementAndGet(); // so that 10,000 entries are alive
        }
      }
      map.sync();
      assertThat(map.stats().growth().b()).isLessThanOrEqualTo(13);
    }
  }

  /** The ring is never empty here: what is swept is swept beside the writes. */
  @Test
  void aWriterThatIsNeverIdleSweepsBesideItsWrites() throws Exception {
    GatedFileSystem disk = new GatedFileSystem();
    try (HMap<Object, Object> map =
        builder(Kind.LONGS)
            .durability(Durability.SYNC)
            .in(Environment.REAL.with(disk).with(() -> Instant.ofEpochMilli(now.get())))
            .open()) {
      map.write(batch -> {
        for (long i = 0; i < 3_000; i++) {
          batch.put(i, i);
        }
      });
      disk.closeGate();
      CompletableFuture<Object> first = map.putAsync(-1L, 1L);
      disk.awaitForce();
      now.addAndGet(LIFE_MILLIS);
      List<CompletableFuture<Object>> writes = new ArrayList<>(List.of(first));
      for (long i = 0; i < 500; i++) {
        writes.add(map.putAsync(i, i));
      }
      AtomicLong expired = new AtomicLong();
      Thread behindThem =
          Thread.ofPlatform().start(() -> expired.set(map.stats().growth().expired()));
      while (behindThem.getState() != Thread.State.WAITING) {
        Thread.onSpinWait(); // until it has asked: its turn is before any idle moment
      }
      disk.openGate();
      writes.forEach(CompletableFuture::join);
      behindThem.join();
      assertThat(expired.get()).isPositive();
    }
  }

  @Test
  void whatASweepRemovedWithoutALogStaysRemovedForWritesBehindIt() throws Exception {
    Path path = folder.resolve("store.hmap");
    Path killed = folder.resolve("killed.hmap");
    try (HMap<Object, Object> map = builder(Kind.LONGS).open()) {
      map.put(1L, 1L);
      now.addAndGet(LIFE_MILLIS);
      while (map.stats().count() > 0) {
        assertThat(map.get(1L)).isNull();
      }
      assertThat(map.putIfAbsent(1L, 2L)).isNull();
      TestFiles.copyStore(path, killed);
    }
    try (HMap<Long, Long> map =
        HMap.at(killed, Codec.LONG, Codec.LONG)
            .in(Environment.REAL.with(() -> Instant.ofEpochMilli(now.get())))
            .open()) {
      assertThat(map).containsOnly(Map.entry(1L, 2L));
    }
  }

  @Test
  void aCompactedStoreKeepsTheTimesOfItsEntries() {
    Path path = folder.resolve("store.hmap");
    long start = System.currentTimeMillis();
    try (HMap<Long, Long> map =
        HMap.at(path, Codec.LONG, Codec.LONG)
            .timeToLive(Duration.ofHours(1))
            .in(Environment.REAL.with(() -> Instant.ofEpochMilli(start - 1_800_000)))
            .open()) {
      map.put(1L, 1L);
      map.write(batch -> batch.mark(new byte[] {7}));
    }
    var _ = HMapAdmin.compact(path, _ -> {});
    var _ = HMapAdmin.salvage(path, folder.resolve("saved.hmap"), _ -> {});
    for (String name : List.of("store.hmap", "saved.hmap")) {
      AtomicLong clock = new AtomicLong(start + 1_799_999);
      try (HMap<Long, Long> map =
          HMap.at(folder.resolve(name), Codec.LONG, Codec.LONG)
              .in(Environment.REAL.with(() -> Instant.ofEpochMilli(clock.get())))
              .open()) {
        assertThat(map.get(1L)).isEqualTo(1L);
        clock.incrementAndGet();
        assertThat(map.get(1L)).isNull();
        assertThat(map.mark()).containsExactly(7);
      }
    }
  }

  @Test
  void anotherTimeToLiveIsRefusedByName() {
    builder(Kind.LONGS).open().close();
    assertThatThrownBy(() -> builder(Kind.LONGS).timeToLive(Duration.ofMillis(5)).open())
        .isInstanceOf(CodecMismatchException.class)
        .hasMessageContaining(
            "holds entries that live 1,000 ms, and is opened for entries that live 5 ms");
    HMap.open(folder.resolve("store.hmap"), Codec.LONG, Codec.LONG).close();
    Path forever = folder.resolve("forever.hmap");
    HMap.open(forever, Codec.LONG, Codec.LONG).close();
    assertThatThrownBy(
            () -> HMap.at(forever, Codec.LONG, Codec.LONG).timeToLive(Duration.ofDays(1)).open())
        .isInstanceOf(CodecMismatchException.class)
        .hasMessageContaining(
            "holds entries that live for ever, and is opened for entries that live 86,400,000 ms");
    assertThatThrownBy(() -> HMap.at(forever, Codec.LONG, Codec.LONG).timeToLive(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("timeToLive in milliseconds is 0: it must be at least 1");
  }
}
