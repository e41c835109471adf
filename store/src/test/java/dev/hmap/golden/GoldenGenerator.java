package dev.hmap.golden;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Codec;
import dev.hmap.HMap;
import dev.hmap.HMapStats.Growth;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Makes the stores in {@code format-spec/golden} again. No build runs it; the command is
 *
 * <pre>mvn test -pl store -Dtest=GoldenGenerator</pre>
 *
 * <p>Salts are random, and so are the sums in a log; but for the sum in the header's log position,
 * the data files of stores that were closed are the same bytes each time.
 */
class GoldenGenerator {
  private static final int LIFE_MILLIS = 60_000;

  record Score(String name, int score) {}

  @Test
  void empty() {
    new Making<>(Codec.LONG, Codec.LONG).write("empty");
  }

  @Test
  void small() {
    Making<Long, Long> making = new Making<>(Codec.LONG, Codec.LONG);
    making.open(map ->
        making.both(
            map,
            m -> {
              fill(m, 0, 20);
              m.remove(7L);
              m.put(8L, -8L);
            }));
    making.write("small");
  }

  @Test
  void doubling() {
    Making<Long, Long> making = new Making<>(Codec.LONG, Codec.LONG);
    making.open(map -> growHalfWay(making, map));
    making.write("doubling");
  }

  @Test
  void doublingUnclean() {
    Making<Long, Long> making = new Making<>(Codec.LONG, Codec.LONG);
    making.openAndDie(map -> {
      growHalfWay(making, map);
      map.checkpoint();
      making.both(
          map,
          m -> {
            fill(m, 10_000, 10_020);
            m.keySet().removeIf(k -> k % 9 == 0);
          });
    });
    making.write("doubling-unclean");
  }

  /** Closed in the middle of a compaction that halves the array. */
  @Test
  void halving() {
    Making<Long, Long> making = halfHalved();
    while (making == null) {
      making = halfHalved(); // the compaction was quicker
    }
    making.write("halving");
  }

  private static @Nullable Making<Long, Long> halfHalved() {
    Making<Long, Long> making = new Making<>(Codec.LONG, Codec.LONG);
    making.open(map -> {
      making.both(map, m -> fill(m, 0, 8_000));
      fillUntil(making, map, g -> g.oldbuckets() == 0);
      making.both(map, m -> m.keySet().removeIf(k -> k % 50 > 0));
      int before = map.stats().growth().b();
      CompletableFuture<Void> compaction = CompletableFuture.runAsync(map::compact);
      Growth growth = map.stats().growth();
      while (growth.b() == before && !compaction.isDone()) {
        growth = map.stats().growth();
      }
      map.close();
      compaction.exceptionally(_ -> null).join();
    });
    boolean[] isHalfWay = new boolean[1];
    making.open(map -> {
      Growth growth = map.stats().growth();
      isHalfWay[0] = growth.oldbuckets() != 0 && growth.nevacuate() > 0;
    });
    return isHalfWay[0] ? making : null;
  }

  /** Up to a doubling of which a part is done, so that extents of the old array are free again. */
  private static void growHalfWay(Making<Long, Long> making, HMap<Long, Long> map) {
    making.both(map, m -> fill(m, 0, 700));
    fillUntil(making, map, g -> g.oldbuckets() != 0 && g.nevacuate() >= 32 && !g.sameSizeGrow());
  }

  private static void fillUntil(
      Making<Long, Long> making, HMap<Long, Long> map, Predicate<Growth> isReached) {
    for (long i = 1_000; !isReached.test(map.stats().growth()); i++) {
      long key = i;
      making.both(map, m -> m.put(key, ~key));
    }
  }

  @Test
  void growingToTheSameSize() {
    Making<Long, Long> making = new Making<>(Codec.LONG, Codec.LONG);
    making.open(map -> {
      making.both(map, m -> fill(m, 0, 200));
      for (long i = 200; !isHalfWayToTheSameSize(map); i++) {
        long key = i;
        making.both(
            map,
            m -> {
              m.remove(key - 200);
              m.put(key, ~key);
            });
      }
    });
    making.write("same-size");
  }

  private static boolean isHalfWayToTheSameSize(HMap<Long, Long> map) {
    Growth growth = map.stats().growth();
    return growth.sameSizeGrow() && growth.nevacuate() >= (1 << growth.b()) / 3;
  }

  @Test
  void strings() {
    Making<String, String> making = new Making<>(Codec.STRING, Codec.STRING);
    making.open(map -> {
      making.both(
          map,
          m -> {
            for (int i = 0; i < 60; i++) {
              m.put("key-" + i, "v".repeat(i * i % 700) + i);
            }
            for (int i = 0; i < 60; i += 4) {
              m.remove("key-" + i);
            }
            m.put("", "the key is empty");
            m.put("the value is empty", "");
            m.put("nul\0tab\tnewline\nend", "nul\0tab\tnewline\nend");
            m.put("\u00e4\u20ac\ud83d\ude00", "two, three and four bytes");
            m.put("k".repeat(300), "a long key");
            m.put("large", "large ".repeat(22_000));
          });
    });
    making.write("strings");
  }

  @Test
  void records() {
    Making<UUID, Score> making = new Making<>(Codec.UUID, Codec.record(Score.class));
    making.open(map ->
        making.both(
            map,
            m -> {
              for (int i = 0; i < 30; i++) {
                m.put(new UUID(0x1122334455667788L * i, -i), new Score("name" + i, i - 15));
              }
            }));
    making.write("records");
  }

  @Test
  void counts() {
    Making<String, Integer> making = new Making<>(Codec.STRING, Codec.INT);
    making.open(map ->
        making.both(
            map,
            m -> {
              for (int i = 0; i < 40; i++) {
                m.merge("word" + i % 13, i, Integer::sum);
              }
            }));
    making.write("counts");
  }

  @Test
  void marked() {
    Making<Long, Long> making = new Making<>(Codec.LONG, Codec.LONG);
    making.open(map -> {
      map.write(batch -> batch.mark("an earlier mark".getBytes(UTF_8)));
      making.both(map, m -> fill(m, 0, 3));
      map.write(batch -> {
        batch.put(3L, ~3L);
        batch.mark("up to 3".getBytes(UTF_8));
      });
      making.model.put(3L, ~3L);
    });
    making.write("marked");
  }

  @Test
  void expiring() {
    Making<Long, String> making = new Making<>(Codec.LONG, Codec.STRING, LIFE_MILLIS);
    making.open(map -> {
      for (long i = 0; i < 20; i++) {
        map.put(i, "value " + i);
        making.now += 3_000;
      }
    });
    making.now += LIFE_MILLIS / 2;
    making.writeExpiring("expiring", 9);
  }

  @Test
  void expiringUnclean() {
    Making<String, Long> making = new Making<>(Codec.STRING, Codec.LONG, LIFE_MILLIS);
    making.openAndDie(map -> {
      map.put("expires, and is put if absent", 1L);
      map.put("expires, and is replaced", 2L);
      map.put("expires, and is replaced if equal", 3L);
      map.put("expires, and is removed", 9L);
      map.put("expires, and is removed if equal", 10L);
      map.checkpoint();
      making.now += LIFE_MILLIS / 2;
      map.put("lives, and is put if absent", 4L);
      map.put("lives, and is replaced", 5L);
      map.put("lives, and is replaced if equal", 6L);
      map.put("lives, and is removed", 7L);
      map.put("lives, and is removed if equal", 8L);
      making.now += LIFE_MILLIS / 2;
      assertThat(map.putIfAbsent("expires, and is put if absent", 11L)).isNull();
      assertThat(map.replace("expires, and is replaced", 12L)).isNull();
      assertThat(map.replace("expires, and is replaced if equal", 3L, 13L)).isFalse();
      assertThat(map.remove("expires, and is removed")).isNull();
      assertThat(map.remove("expires, and is removed if equal", 10L)).isFalse();
      assertThat(map.putIfAbsent("lives, and is put if absent", 14L)).isEqualTo(4);
      assertThat(map.replace("lives, and is replaced", 15L)).isEqualTo(5);
      assertThat(map.replace("lives, and is replaced if equal", 6L, 16L)).isTrue();
      assertThat(map.remove("lives, and is removed")).isEqualTo(7);
      assertThat(map.remove("lives, and is removed if equal", 8L)).isTrue();
      making.now -= LIFE_MILLIS / 4;
      map.put("put while the clock was set back", 20L);
      making.now += LIFE_MILLIS / 4;
      map.write(batch -> {
        batch.put("in a batch", 21L);
        batch.remove("lives, and is replaced");
      });
    });
    making.writeExpiring("expiring-unclean", 5);
  }

  @Test
  void unclean() {
    Making<String, String> making = new Making<>(Codec.STRING, Codec.STRING);
    making.openAndDie(map -> {
      making.both(map, m -> fillStrings(m, 0, 30));
      map.checkpoint();
      map.write(batch -> {
        batch.put("in a batch", "with a mark");
        batch.remove("key 3");
        batch.mark("marked".getBytes(UTF_8));
      });
      making.model.put("in a batch", "with a mark");
      making.model.remove("key 3");
      making.both(map, GoldenGenerator::conditionals);
      making.both(map, m -> fillSegments(m));
    });
    making.write("unclean");
  }

  @Test
  void uncleanBehindClear() {
    Making<String, String> making = new Making<>(Codec.STRING, Codec.STRING);
    making.openAndDie(map -> {
      making.both(map, m -> fillStrings(m, 0, 30));
      map.write(batch -> batch.mark(new byte[] {1, 2, 3}));
      map.checkpoint();
      making.both(
          map,
          m -> {
            m.clear();
            fillStrings(m, 25, 33);
            conditionals(m);
          });
    });
    making.write("cleared");
  }

  /** Records that fill more than one segment. */
  private static void fillSegments(Map<String, String> map) {
    for (int i = 0; i < 3; i++) {
      map.put("large " + i, String.valueOf((char) ('a' + i)).repeat(450_000));
    }
    fillStrings(map, 40, 50);
  }

  /** Each conditional operation, once with effect and once without. */
  private static void conditionals(Map<String, String> map) {
    map.putIfAbsent("key 28", "not put");
    map.putIfAbsent("was absent", "put");
    map.replace("key 29", "replaced");
    map.replace("is absent", "not replaced");
    map.replace("key 27", text(27), "replaced");
    map.replace("key 26", "another", "not replaced");
    map.remove("key 25", "another");
    map.remove("key 30", text(30));
    map.remove("key 28", text(28));
    map.remove("is absent");
  }

  /** Died, died with a torn record, died again: three writers in one log. */
  @Test
  void torn() {
    Making<String, String> making = new Making<>(Codec.STRING, Codec.STRING);
    making.openAndDie(map -> making.both(map, m -> fillStrings(m, 0, 5)));
    making.openAndTear(
        map -> making.both(map, m -> fillStrings(m, 5, 10)),
        map -> map.put("torn", "by a power cut"));
    making.openAndDie(map ->
        making.both(
            map,
            m -> {
              fillStrings(m, 10, 15);
              m.remove("key 4");
            }));
    making.write("torn");
  }

  /** Died while the pages of a committed checkpoint were written, with records after it. */
  @Test
  void committed() {
    leftCommitted().dieInPlace(2, 0).write("committed");
  }

  /** Died while its header was written: the slot of the older generation is the only sound one. */
  @Test
  void committedHeaderTorn() {
    leftCommitted().dieInPlace(1, 512).write("committed-header-torn");
  }

  private static Making<Long, String> leftCommitted() {
    Making<Long, String> making = new Making<>(Codec.LONG, Codec.STRING);
    return making.openAndDie(map -> {
      making.both(map, m -> fillLongs(m, 0, 300));
      map.checkpoint();
      making.both(
          map,
          m -> {
            m.keySet().removeIf(k -> k % 4 == 0);
            fillLongs(m, 300, 340);
          });
      making.holdCheckpointsUp();
      Thread.ofVirtual()
          .start(() -> {
            try {
              map.checkpoint();
            } catch (RuntimeException e) {
              assertThat(e).hasMessageContaining("closed");
            }
          });
      while (!map.stats().log().checkpointWaitsForReaders()) {
        Thread.onSpinWait();
      }
      making.both(map, m -> fillLongs(m, 340, 345));
    });
  }

  /** Compacted, and cut off before the log of the store that was replaced was removed. */
  @Test
  void compacted() {
    Making<Long, Long> former = new Making<>(Codec.LONG, Codec.LONG);
    former.openAndDie(map ->
        former.both(
            map,
            m -> {
              fill(m, 0, 40);
              m.keySet().removeIf(k -> k % 4 > 0);
            }));
    Making<Long, Long> making = former.successor();
    making.open(map -> making.both(map, m -> m.putAll(former.model)));
    making.beside(former).write("compacted");
  }

  private static void fill(Map<Long, Long> map, long from, long to) {
    for (long i = from; i < to; i++) {
      map.put(i, ~i);
    }
  }

  private static void fillLongs(Map<Long, String> map, int from, int to) {
    for (int i = from; i < to; i++) {
      map.put((long) i, text(i));
    }
  }

  private static void fillStrings(Map<String, String> map, int from, int to) {
    for (int i = from; i < to; i++) {
      map.put("key " + i, text(i));
    }
  }

  private static String text(int i) {
    return i + "x".repeat(i % 40);
  }
}
