package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.checkpoint.DirtyPages;
import dev.hmap.format.Geometry;
import dev.hmap.io.FileSystem;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The map against a {@link HashMap}, with its whole structure checked on the way. */
class HmapPropertyTest {
  private static final Geometry LONGS = new Geometry(8, 8, "long", "long");
  private static final Geometry STRINGS = new Geometry(0, 0, "string", "string");
  private static final Geometry TO_STRINGS = new Geometry(8, 0, "long", "string");
  private static final Geometry FROM_STRINGS = new Geometry(0, 4, "string", "int");
  private static final Geometry ODD_WIDTHS = new Geometry(3, 5, "three", "five");
  private static final Geometry WIDEST = new Geometry(128, 128, "wide", "wide");

  /** A run of operations over a small set of keys, so that they meet. */
  record Script(Geometry geometry, long seed, int operations, int keys, int removePercent) {}

  @Provide
  Arbitrary<Script> scripts() {
    return net.jqwik.api.Combinators.combine(
            Arbitraries.of(LONGS, STRINGS, TO_STRINGS, FROM_STRINGS, ODD_WIDTHS, WIDEST),
            Arbitraries.longs(),
            Arbitraries.integers().between(1, 3_000),
            Arbitraries.of(1, 10, 100, 400, 3_000),
            Arbitraries.of(0, 10, 30, 48))
        .as(Script::new);
  }

  @Property(tries = 400)
  void behavesLikeAHashMap(@ForAll("scripts") Script script) throws IOException {
    run(script);
  }

  /** One map in a file of its own, and the model beside it. */
  private static final class Pair implements AutoCloseable {
    final Path path = Files.createTempFile("hmap", ".pages");
    final StoreFile file;
    final Space space;
    final Hmap map;
    final HmapReader reader;
    final Map<List<Byte>, byte[]> model = new HashMap<>();
    final Hmap.Outcome outcome = new Hmap.Outcome();
    Compaction compaction;

    Pair(Geometry geometry, long hash0) throws IOException {
      file = FileSystem.REAL.open(path, FileSystem.Mode.READ_WRITE);
      space = new Space(file, Space.Access.WRITE);
      space.load(List.of());
      map = HmapLoader.create(geometry, space, new DirtyPages(), 0, hash0);
      reader = map.reader();
    }

    void put(byte[] key, byte[] value, Hmap.Condition condition, byte[] expected) {
      byte[] record = new byte[key.length + expected.length + value.length];
      System.arraycopy(key, 0, record, 0, key.length);
      System.arraycopy(expected, 0, record, key.length, expected.length);
      System.arraycopy(value, 0, record, key.length + expected.length, value.length);
      outcome.reset(true);
      map.put(
          record,
          0,
          key.length,
          record,
          key.length + expected.length,
          value.length,
          condition,
          key.length,
          expected.length,
          outcome);
      byte[] before = model.get(asList(key));
      boolean applies =
          switch (condition) {
            case ALWAYS -> true;
            case ABSENT -> before == null;
            case PRESENT -> before != null;
            case EQUAL -> before != null && Arrays.equals(before, expected);
          };
      assertOutcome(before, applies);
      if (applies) {
        model.put(asList(key), value);
      }
    }

    void remove(byte[] key, byte[] expected) {
      outcome.reset(true);
      byte[] value = expected == null ? new byte[0] : expected;
      map.remove(key, 0, key.length, value, expected == null ? -1 : 0, value.length, 0, outcome);
      byte[] before = model.get(asList(key));
      boolean applies = before != null && (expected == null || Arrays.equals(before, expected));
      assertOutcome(before, applies);
      if (applies) {
        model.remove(asList(key));
      }
    }

    private void assertOutcome(byte[] before, boolean applies) {
      assertThat(outcome.wasPresent).isEqualTo(before != null);
      assertThat(outcome.changed).isEqualTo(applies);
      assertThat(outcome.previous == null ? null : outcome.previous.bytes()).isEqualTo(before);
    }

    void compact(int chains) throws IOException {
      if (compaction == null) {
        compaction = new Compaction(map);
      }
      if (compaction.step(chains)) {
        compaction = null;
      }
    }

    void assertEqual() {
      assertThat(HmapCheck.check(map)).isEmpty();
      assertThat(map.count()).isEqualTo(model.size());
      model.forEach((key, value) -> {
        ValueCopy copy = new ValueCopy();
        assertThat(reader.get(new KeyBytes(asBytes(key)), copy)).isTrue();
        assertThat(copy.bytes()).isEqualTo(value);
      });
      Map<List<Byte>, byte[]> iterated = new HashMap<>();
      HmapIterator all = new HmapIterator(reader);
      for (EntryBytes e = all.next(); e != null; e = all.next()) {
        assertThat(iterated.put(asList(e.key()), e.value())).as("returned twice").isNull();
        assertThat(e.value()).isEqualTo(model.get(asList(e.key())));
      }
      assertThat(iterated).hasSameSizeAs(model);
      checkWalk();
    }

    /** The walk comes by every entry once, and by as many chains as there are roots. */
    private void checkWalk() {
      Map<List<Byte>, Integer> walked = new HashMap<>();
      int[] chains = {0};
      HmapWalk.run(
          map,
          new HmapWalk.Visitor() {
            @Override
            public void entry(HmapWalk at) {
              assertThat(at.key()).hasSize(at.keyLength());
              assertThat(walked.put(asList(at.key()), at.valueLength())).isNull();
            }

            @Override
            public void chain(HmapWalk at) {
              chains[0]++;
            }
          });
      assertThat(walked).hasSameSizeAs(model);
      model.forEach((key, value) -> assertThat(walked).containsEntry(key, value.length));
      int b = map.fields().b();
      int oldB = map.isGrowing() ? map.fields().oldbuckets().b() : b;
      assertThat(chains[0]).isBetween(1 << Math.min(b, oldB), 1 << Math.max(b, oldB));
    }

    @Override
    public void close() throws IOException {
      space.close();
      file.close();
      Files.delete(path);
    }
  }

  private static void run(Script script) throws IOException {
    Random random = new Random(script.seed);
    try (Pair pair = new Pair(script.geometry, random.nextLong())) {
      for (int i = 0; i < script.operations; i++) {
        byte[] key = bytes(random.nextInt(script.keys), script.geometry.keyWidth(), 0);
        byte[] value = value(random, script.geometry.valueWidth());
        byte[] present = pair.model.getOrDefault(asList(key), value);
        int choice = random.nextInt(100);
        if (choice < script.removePercent) {
          pair.remove(key, null);
        } else if (choice < 52) {
          pair.remove(key, random.nextBoolean() ? present : value);
        } else if (choice < 56) {
          pair.put(key, value, Hmap.Condition.ABSENT, new byte[0]);
        } else if (choice < 60) {
          pair.put(key, value, Hmap.Condition.PRESENT, new byte[0]);
        } else if (choice < 64) {
          byte[] expected = random.nextBoolean() ? present : value;
          pair.put(key, value, Hmap.Condition.EQUAL, expected);
        } else if (choice == 64 && random.nextInt(20) == 0) {
          pair.map.clear(random.nextLong());
          pair.model.clear();
        } else {
          pair.put(key, value, Hmap.Condition.ALWAYS, new byte[0]);
        }
        if (script.removePercent >= 30 && random.nextInt(8) == 0) {
          pair.compact(1 + random.nextInt(8));
        }
        if (random.nextInt(200) == 0) {
          pair.assertEqual();
        }
      }
      pair.assertEqual();
      assertThat(pair.map.counters().maxChainsPerWrite.get()).isLessThanOrEqualTo(2);
    }
  }

  @Property(tries = 30)
  void removingWhatWasInsertedLeavesGrowthsToTheSameSize(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    try (Pair pair = new Pair(LONGS, random.nextLong())) {
      List<Integer> live = new ArrayList<>();
      int next = 0;
      while (pair.map.counters().sameSizeGrowths.get() < 3) {
        pair.put(bytes(next, 8, 0), new byte[8], Hmap.Condition.ALWAYS, new byte[0]);
        live.add(next++);
        if (live.size() > 300) {
          for (int i = 0; i < 250; i++) {
            int at = random.nextInt(live.size());
            pair.remove(bytes(live.get(at), 8, 0), null);
            live.set(at, live.getLast());
            live.removeLast();
          }
        }
        assertThat(next).as("insertions without a growth to the same size").isLessThan(1_000_000);
      }
      pair.assertEqual();
      assertThat(pair.map.counters().maxChainsPerWrite.get()).isLessThanOrEqualTo(2);
    }
  }

  @Property(tries = 40)
  void compactionLeavesAsFewBucketsAndPagesAsAFreshMapWouldHave(@ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    Geometry geometry = random.nextBoolean() ? LONGS : STRINGS;
    try (Pair pair = new Pair(geometry, random.nextLong())) {
      int entries = 200 + random.nextInt(3_000);
      for (int i = 0; i < entries; i++) {
        byte[] value = value(random, geometry.valueWidth());
        pair.put(bytes(i, geometry.keyWidth(), 0), value, Hmap.Condition.ALWAYS, new byte[0]);
      }
      for (int i = 0; i < entries; i++) {
        if (random.nextInt(10) > 0) {
          pair.remove(bytes(i, geometry.keyWidth(), 0), null);
        }
      }
      long before = pair.space.pages() - pair.space.freePages();
      do {
        pair.compact(1 + random.nextInt(100));
      } while (pair.compaction != null);
      pair.assertEqual();
      int b = pair.map.fields().b();
      assertThat(b == 0 || Growth.overLoadFactor(pair.map.count(), b - 1)).isTrue();
      assertThat(pair.space.pages() - pair.space.freePages()).isLessThanOrEqualTo(before);
    }
  }

  @Property(tries = 50)
  void aGrowthIsOverAfterAtMostAsManyWritesAsTheOldArrayHadRoots(@ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    try (Pair pair = new Pair(LONGS, random.nextLong())) {
      int next = 0;
      while (next < 2_000) {
        pair.put(bytes(next++, 8, 0), new byte[8], Hmap.Condition.ALWAYS, new byte[0]);
        if (pair.map.isGrowing()) {
          int writes = 0;
          int oldRoots = 1 << pair.map.fields().oldbuckets().b();
          while (pair.map.isGrowing()) {
            pair.remove(bytes(random.nextInt(next), 8, 1), null); // an absent key
            writes++;
          }
          assertThat(writes).isLessThanOrEqualTo(oldRoots);
        }
      }
    }
  }

  private static byte[] value(Random random, int width) {
    if (width > 0) {
      return bytes(random.nextInt(), width, 0);
    }
    int length =
        switch (random.nextInt(20)) {
          case 0 -> 0;
          case 1 -> random.nextInt(5_000);
          case 2 -> random.nextInt(20) == 0 ? 100_000 + random.nextInt(200_000) : 200;
          default -> random.nextInt(60);
        };
    byte[] value = new byte[length];
    random.nextBytes(value);
    return value;
  }

  /** A number as this many bytes; as a string if the width is 0. */
  private static byte[] bytes(int number, int width, int tag) {
    if (width == 0) {
      return ("key " + "x".repeat(number % 40) + number)
          .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
    byte[] bytes = new byte[width];
    for (int i = 0; i < Math.min(4, width); i++) {
      bytes[i] = (byte) (number >>> 8 * i);
    }
    bytes[width - 1] |= (byte) tag;
    return bytes;
  }

  private static List<Byte> asList(byte[] bytes) {
    List<Byte> list = new ArrayList<>(bytes.length);
    for (byte b : bytes) {
      list.add(b);
    }
    return list;
  }

  private static byte[] asBytes(List<Byte> list) {
    byte[] bytes = new byte[list.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = list.get(i);
    }
    return bytes;
  }
}
