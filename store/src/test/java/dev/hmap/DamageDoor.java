package dev.hmap;

import dev.hmap.io.FileSystem;
import java.nio.file.Path;

/** Lets the damage tests put a file system of their own under a map. */
public final class DamageDoor {
  private DamageDoor() {}

  /** Opens a store for reading only. */
  public static <K, V> HMap<K, V> openToRead(
      FileSystem fileSystem, Path path, Codec<K> keys, Codec<V> values) {
    return HMap.at(path, keys, values).fileSystem(fileSystem).readOnly().open();
  }

  /** Opens a store for writing, creating it if there is none. */
  public static <K, V> HMap<K, V> open(
      FileSystem fileSystem, Path path, Codec<K> keys, Codec<V> values) {
    return HMap.at(path, keys, values)
        .fileSystem(fileSystem)
        .durability(Durability.SYNC)
        .maxLog(1L << 20)
        .open();
  }
}
