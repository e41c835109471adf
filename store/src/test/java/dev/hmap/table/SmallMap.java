package dev.hmap.table;

import dev.hmap.format.BucketLayout;
import dev.hmap.format.Geometry;
import dev.hmap.format.KeyHasher;
import dev.hmap.report.Location;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A map in memory whose seed is 0, for tests that put numbers or texts and look into buckets. */
final class SmallMap {
  static final Geometry LONGS = new Geometry(8, 8, "long", "long");
  static final Geometry TEXTS = new Geometry(0, 0, "string", "string");

  /** Longs that live for a second; their values begin with the time at which they were put. */
  static final Geometry EXPIRING = new Geometry(8, 16, "long", "long", 1_000);

  private static final KeyHasher HASHER = new KeyHasher(0);

  final MemoryFile file = new MemoryFile();
  final Space space = new Space(file, Space.Access.WRITE);
  final Hmap map;
  final Hmap.Outcome outcome = new Hmap.Outcome();

  /** A map that takes this many entries before it doubles. */
  SmallMap(Geometry geometry, int expectedEntries) {
    this(geometry, expectedEntries, (_, _) -> {});
  }

  SmallMap(Geometry geometry, int expectedEntries, WriteBarrier barrier) {
    try {
      space.load(List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    map = HmapLoader.create(geometry, space, barrier, expectedEntries, 0);
  }

  /** Go's load factor: 2^B roots take 6.5 entries each, and one root takes eight. */
  static SmallMap ofLongs(int b) {
    return new SmallMap(LONGS, b == 0 ? 8 : 13 << b - 1);
  }

  static SmallMap ofTexts() {
    return new SmallMap(TEXTS, 8);
  }

  // ---------------------------------------------------------------- keys of chosen chains

  static long hash(long key) {
    return HASHER.hash(key);
  }

  /** The first keys, as many as wanted, that belong to a root of an array of 2^b. */
  static long[] keysOf(int root, int b, int count) {
    return LongStream.iterate(0, key -> key + 1)
        .filter(key -> (hash(key) & (1 << b) - 1) == root)
        .limit(count)
        .toArray();
  }

  static long keyOf(int root, int b) {
    return keysOf(root, b, 1)[0];
  }

  static byte[] bytes(long number) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  // ---------------------------------------------------------------- operations

  void put(byte[] key, byte[] value) {
    put(key, value, Hmap.Condition.ALWAYS);
  }

  void put(byte[] key, byte[] value, Hmap.Condition condition) {
    outcome.reset(true);
    map.put(key, 0, key.length, value, 0, value.length, condition, 0, 0, outcome);
  }

  void put(long key, long value) {
    put(bytes(key), bytes(value));
  }

  void put(String key, String value) {
    put(bytes(key), bytes(value));
  }

  void putAll(long... keys) {
    for (long key : keys) {
      put(key, key);
    }
  }

  /** Puts into a map whose entries expire. */
  void putAt(long time, long key) {
    put(
        bytes(key),
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(time).putLong(key).array());
  }

  void remove(byte[] key) {
    outcome.reset(true);
    map.remove(key, 0, key.length, key, -1, 0, 0, outcome);
  }

  void remove(long key) {
    remove(bytes(key));
  }

  void remove(String key) {
    remove(bytes(key));
  }

  @Nullable Long get(long key) {
    ValueCopy copy = new ValueCopy();
    return map.reader().get(KeyBytes.ofLong(key), copy) ? copy.word() : null;
  }

  @Nullable String get(String key) {
    ValueCopy copy = new ValueCopy();
    return map.reader().get(new KeyBytes(bytes(key)), copy)
        ? new String(copy.bytes(), StandardCharsets.UTF_8)
        : null;
  }

  /** Has a growth to twice the size begin, which evacuates nothing yet. */
  void beginDoubling() {
    map.growth.beginIfDue(Growth.maxEntries(map.fields().b()) + 9);
  }

  // ---------------------------------------------------------------- a look into it

  Location place(long key) {
    return KeySearch.find(map, bytes(key));
  }

  Location place(String key) {
    return KeySearch.find(map, bytes(key));
  }

  Cursor bucket(int number) {
    Cursor at = new Cursor();
    at.to(map.state.table.buckets, number);
    return at;
  }

  /** A bucket of the array that is being evacuated. */
  Cursor oldBucket(int number) {
    Cursor at = new Cursor();
    at.to(map.state.table.old, number);
    return at;
  }

  static List<Integer> tophashes(Cursor at) {
    return IntStream.range(0, BucketLayout.SLOTS).mapToObj(at::tophash).toList();
  }

  /** The roots of the old array that were evacuated. */
  List<Integer> evacuatedRoots() {
    List<Integer> roots = new ArrayList<>();
    Table table = map.state.table;
    for (int root = 0; root < table.old.roots(); root++) {
      if (table.home(root) == table.buckets) {
        roots.add(root);
      }
    }
    return roots;
  }
}
