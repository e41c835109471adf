package dev.hmap.crash;

import dev.hmap.Codec;
import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.HMapBuilder;
import dev.hmap.TestClock;
import dev.hmap.TestMaps;
import dev.hmap.format.FileNames;
import dev.hmap.io.FileSystem;
import dev.hmap.maintenance.Compactor;
import dev.hmap.store.Environment;
import java.nio.file.Path;
import java.time.Duration;

/** Opens maps on the file systems of the crash tests. */
final class CrashMaps {
  private CrashMaps() {}

  /**
   * Opens a map with a small log, creating it if there is none.
   *
   * @param lifeMillis how long its entries live, 0 for ever
   */
  static <K, V> HMap<K, V> open(
      FileSystem fileSystem,
      Path path,
      Codec<K> keys,
      Codec<V> values,
      Durability durability,
      Duration syncInterval,
      long lifeMillis,
      TestClock clock) {
    HMapBuilder<K, V> builder =
        TestMaps.at(
                Environment.REAL.with(fileSystem).with(clock.time(), clock.nanos()),
                path,
                keys,
                values)
            .durability(durability)
            .syncInterval(syncInterval)
            .maxLog(1L << 20);
    return (lifeMillis == 0 ? builder : builder.timeToLive(Duration.ofMillis(lifeMillis))).open();
  }

  /** Opens a store for reading. */
  static <K, V> HMap<K, V> follow(
      FileSystem fileSystem, Path path, Codec<K> keys, Codec<V> values) {
    return TestMaps.at(Environment.REAL.with(fileSystem), path, keys, values).readOnly().open();
  }

  /** Compacts a store that is closed. */
  static void compact(FileSystem fileSystem, Path path, TestClock clock) {
    var _ = new Compactor(fileSystem, new FileNames(path), clock.time()).run(_ -> {});
  }
}
