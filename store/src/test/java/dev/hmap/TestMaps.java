package dev.hmap;

import dev.hmap.store.Environment;
import java.nio.file.Path;

/** Opens maps in another environment than the machine's, for tests of all packages. */
public final class TestMaps {
  private TestMaps() {}

  /** How a map is opened. */
  public static <K, V> HMapBuilder<K, V> at(
      Environment environment, Path path, Codec<K> keys, Codec<V> values) {
    return HMap.at(path, keys, values).in(environment);
  }
}
