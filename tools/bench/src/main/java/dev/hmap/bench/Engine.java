package dev.hmap.bench;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is measured. How each one is set up stands with its {@link Store}. */
enum Engine {
  /** {@code ASYNC}, but for durable puts {@code SYNC}. */
  HMAP(null),
  /** Chronicle Map. */
  CHRONICLE("chronicle-map"),
  /** LMDB. */
  LMDB("lmdbjava"),
  /** RocksDB. */
  ROCKSDB("rocksdbjni"),
  /** MapDB. */
  MAPDB("mapdb"),
  /** H2's MVStore. */
  MVSTORE("h2-mvstore"),
  /** {@code ConcurrentHashMap}. */
  CHM(null),
  /** {@code HashMap}: one thread only. */
  HASHMAP(null),
  /** The benchmark without a map. */
  NONE(null),
  /** What memory and disk can do. */
  LIMITS(null);

  /** The artifact whose version counts; null if it is hmap or the JDK. */
  final @Nullable String artifact;

  Engine(@Nullable String artifact) {
    this.artifact = artifact;
  }

  /** Whether it takes part in a stage: Chronicle Map cannot force, growth is compared with few. */
  boolean does(Stage stage) {
    return switch (stage) {
      case TABLE -> this != HASHMAP && this != LIMITS;
      case BULK -> isOnDisk();
      case DURABLE -> isOnDisk() && this != CHRONICLE;
      case GROWTH -> this == HMAP || this == HASHMAP || this == MVSTORE;
      case READ_LATENCY -> this == HMAP || this == CHRONICLE || this == CHM;
      case RECOVERY -> this == HMAP;
      case LIMITS -> this == LIMITS;
    };
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Engine named(String label) {
    return Arrays.stream(values())
        .filter(e -> e.label().equals(label))
        .findAny()
        .orElseThrow(() -> new IllegalArgumentException("no engine '%s'".formatted(label)));
  }

  /** Whether its entries are objects of the Java heap. */
  boolean isOnHeap() {
    return this == CHM || this == HASHMAP;
  }

  /** Whether it has files. */
  boolean isOnDisk() {
    return !isOnHeap() && this != NONE && this != LIMITS;
  }

  /**
   * Whether callers may be virtual threads. Those that wait in native code hold the carrier thread:
   * only as many could wait as there are cores, and there would be nothing to group.
   */
  boolean takesVirtualThreads() {
    return this != LMDB && this != ROCKSDB;
  }

  /** Opens its store, creating it if there is none. */
  <K, V> Store<K, V> open(Place place, Shape<K, V> shape) {
    return switch (this) {
      case HMAP -> HMapStore.open(place, shape);
      case CHRONICLE -> ChronicleStore.open(place, shape);
      case LMDB -> LmdbStore.open(place, shape);
      case ROCKSDB -> RocksStore.open(place, shape);
      case MAPDB -> MapDbStore.open(place, shape);
      case MVSTORE -> MvStore.open(place, shape);
      case CHM -> new HeapStore<>(new ConcurrentHashMap<>());
      case HASHMAP -> new HeapStore<>(new HashMap<>());
      case NONE -> new NoStore<>(shape.valueOf(0));
      case LIMITS -> throw new IllegalStateException("the limits are no store");
    };
  }
}
