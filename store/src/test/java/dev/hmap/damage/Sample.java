package dev.hmap.damage;

import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.HMapBuilder;
import dev.hmap.TestMaps;
import dev.hmap.format.FileNames;
import dev.hmap.format.LogHead;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.Creation;
import dev.hmap.store.Environment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A small store as its process left it, with all that it ever held. Immutable once made. */
final class Sample<K, V> {
  /** Where its files are. */
  static final FileNames NAMES = new FileNames(Path.of("/store.hmap"));

  final String name;
  final Kind<K, V> kind;

  /** What the map held after each write, as {@link Kind#hash} sums it up. */
  final Set<Long> states = new HashSet<>();

  /** What the map held in the end. */
  final Map<K, V> content = new HashMap<>();

  private final MemoryFiles files = new MemoryFiles();
  private long state;
  private int next;
  private byte[] data = {};
  private byte @Nullable [] log;
  private byte[] olderData = {};

  private Sample(String name, Kind<K, V> kind) {
    this.name = name;
    this.kind = kind;
    Creation.create(files, NAMES, kind.geometry(), 0, new Creation.Seeds(1, 2, 3, LogHead.NONE));
    states.add(0L);
  }

  /** Keys and values in the bucket, closed while the map doubles. */
  static Sample<Long, Long> closedWhileGrowing() {
    Sample<Long, Long> sample = new Sample<>("closed while growing", Kind.LONGS);
    sample.open(map -> sample.fill(map, 700));
    sample.keepOlder();
    sample.open(map -> sample.growHalfWay(map));
    return sample.keep();
  }

  /** Keys and values in entries, some with extents of their own, many removed. */
  static Sample<String, String> closedWithEntries() {
    Sample<String, String> sample = new Sample<>("closed with entries", Kind.STRINGS);
    sample.open(map -> sample.fill(map, 150));
    sample.keepOlder();
    sample.open(map -> {
      sample.put(map, 9_001, Kind.LARGE);
      sample.fill(map, 150);
      sample.thin(map, 3);
    });
    return sample.keep();
  }

  /** Killed after a checkpoint, with a log to be replayed, while the map doubles. */
  static Sample<Long, Long> killedWhileGrowing() {
    Sample<Long, Long> sample = new Sample<>("killed while growing", Kind.LONGS);
    sample.open(map -> {
      sample.fill(map, 500);
      map.checkpoint();
      sample.keepOlder();
      sample.growHalfWay(map);
      map.checkpoint();
      sample.fill(map, 15);
      sample.thin(map, 9);
      sample.keep();
    });
    return sample;
  }

  /** Killed with entries in the file and in the log, and records of more than a segment. */
  static Sample<String, String> killedWithEntries() {
    Sample<String, String> sample = new Sample<>("killed with entries", Kind.STRINGS);
    sample.open(map -> {
      sample.fill(map, 120);
      map.checkpoint();
      sample.keepOlder();
      sample.thin(map, 3);
      for (int i = 0; i < 9; i++) {
        sample.put(map, 9_001, Kind.LARGE + i);
      }
      sample.fill(map, 30);
      sample.keep();
    });
    return sample;
  }

  /** Closed while a reader held the last checkpoint up after its commit. */
  static Sample<Long, String> leftCommitted() {
    Sample<Long, String> sample = new Sample<>("left committed", Kind.MIXED);
    sample.open(map -> {
      sample.fill(map, 300);
      map.checkpoint();
      sample.keepOlder();
      sample.thin(map, 4);
      sample.fill(map, 40);
      sample.files.setReadersAbout();
    });
    return sample.keep();
  }

  /** Opens such a store for writing, creating it if there is none. */
  static <K, V> HMap<K, V> openToWrite(FileSystem files, Kind<K, V> kind) {
    return at(files, kind).durability(Durability.SYNC).maxLog(1L << 20).open();
  }

  /** Opens such a store for reading only. */
  static <K, V> HMap<K, V> openToRead(FileSystem files, Kind<K, V> kind) {
    return at(files, kind).readOnly().open();
  }

  private static <K, V> HMapBuilder<K, V> at(FileSystem files, Kind<K, V> kind) {
    return TestMaps.at(Environment.REAL.with(files), NAMES.data(), kind.keys(), kind.values());
  }

  private void open(Consumer<HMap<K, V>> work) {
    try (HMap<K, V> map = openToWrite(files, kind)) {
      work.accept(map);
    }
  }

  private void fill(HMap<K, V> map, int count) {
    for (int i = 0; i < count; i++) {
      put(map, next, next);
      next++;
    }
  }

  private void put(HMap<K, V> map, int key, int value) {
    K k = kind.key().apply(key);
    V v = kind.value().apply(value);
    map.put(k, v);
    V before = content.put(k, v);
    state += kind.hash(k, v) - (before == null ? 0 : kind.hash(k, before));
    states.add(state);
  }

  private void thin(HMap<K, V> map, int every) {
    for (int i = 0; i < next; i += every) {
      K k = kind.key().apply(i);
      map.remove(k);
      V before = content.remove(k);
      state -= before == null ? 0 : kind.hash(k, before);
      states.add(state);
    }
  }

  /** Goes on to a growth of which a part is done. */
  private void growHalfWay(HMap<K, V> map) {
    while (map.stats().growth().oldbuckets() == 0 || map.stats().growth().nevacuate() < 32) {
      fill(map, 1);
    }
  }

  private void keepOlder() {
    olderData = files.copy(NAMES.data());
  }

  private Sample<K, V> keep() {
    data = files.copy(NAMES.data());
    log = files.copy(NAMES.log());
    return this;
  }

  byte[] data() {
    return data.clone();
  }

  /** The data file at an earlier time. */
  byte[] olderData() {
    return olderData.clone();
  }

  boolean hasLog() {
    return log != null;
  }

  byte[] log() {
    return Objects.requireNonNull(log).clone();
  }

  byte @Nullable [] logOrNull() {
    return log == null ? null : log.clone();
  }

  int pages() {
    return data.length / 4096;
  }

  /** Files of these bytes; null for a log that is missing. */
  static MemoryFiles files(byte[] data, byte @Nullable [] log) {
    MemoryFiles files = new MemoryFiles();
    files.put(NAMES.data(), data);
    if (log != null) {
      files.put(NAMES.log(), log);
    }
    return files;
  }

  @Override
  public String toString() {
    return name;
  }
}
