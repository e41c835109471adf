package dev.hmap.cli;

import dev.hmap.HMap;
import org.jspecify.annotations.Nullable;

/**
 * An open store whose keys and values are given and shown as text.
 *
 * @param map the store
 * @param keys text of its keys
 * @param values text of its values
 */
record OpenStore<K, V>(HMap<K, V> map, Text<K> keys, Text<V> values) implements AutoCloseable {

  @Nullable String get(String key) {
    V value = map.get(keys.fromArgument("key", key));
    return value == null ? null : values.print(value);
  }

  void put(String key, String value) {
    K k = keys.fromArgument("key", key);
    V v = values.fromArgument("value", value);
    map.put(k, v);
  }

  boolean remove(String key) {
    return map.remove(keys.fromArgument("key", key)) != null;
  }

  @Override
  public void close() {
    map.close();
  }
}
