package dev.hmap;

import dev.hmap.format.FileNames;
import dev.hmap.io.FileSystem;
import java.nio.file.Path;
import java.time.Duration;

/** Lets the crash tests put a file system of their own under a map. */
public final class CrashDoor {
  private CrashDoor() {}

  /**
   * Opens a map with a small log, creating it if there is none.
   *
   * @param lifeMillis how long its entries live, 0 for ever
   */
  public static <K, V> HMap<K, V> open(
      FileSystem fileSystem,
      Path path,
      Codec<K> keys,
      Codec<V> values,
      Durability durability,
      Duration syncInterval,
      long lifeMillis,
      TestClock clock) {
    HMapBuilder<K, V> builder =
        HMap.at(path, keys, values)
            .fileSystem(fileSystem)
            .durability(durability)
            .syncInterval(syncInterval)
            .maxLog(1L << 20)
            .time(clock.time(), clock.nanos());
    return (lifeMillis == 0 ? builder : builder.timeToLive(Duration.ofMillis(lifeMillis))).open();
  }

  /** Opens a store for reading. */
  public static <K, V> HMap<K, V> follow(
      FileSystem fileSystem, Path path, Codec<K> keys, Codec<V> values) {
    return HMap.at(path, keys, values).fileSystem(fileSystem).readOnly().open();
  }

  /** Compacts a store that is closed. */
  public static void compact(FileSystem fileSystem, Path path, TestClock clock) {
    var _ = new Compactor(fileSystem, new FileNames(path), clock.time()).run(_ -> {});
  }
}
