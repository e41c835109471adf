package dev.hmap.cli.rows;

import dev.hmap.HMap;
import dev.hmap.cli.text.Text;
import org.jspecify.annotations.Nullable;

/**
 * An open store whose keys and values are given and shown as text.
 *
 * @param map the store
 * @param keys text of its keys
 * @param values text of its values
 */
public record OpenStore<K, V>(HMap<K, V> map, Text<K> keys, Text<V> values)
    implements AutoCloseable {

  public @Nullable String get(String key) {
    V value = map.get(keys.fromArgument("key", key));
    return value == null ? null : values.print(value);
  }

  public void put(String key, String value) {
    K k = keys.fromArgument("key", key);
    V v = values.fromArgument("value", value);
    map.put(k, v);
  }

  public boolean remove(String key) {
    return map.remove(keys.fromArgument("key", key)) != null;
  }

  /** The line for a key that is not in the store. */
  public static String absent(String key) {
    return "there is no key " + Text.quoted(key);
  }

  @Override
  public void close() {
    map.close();
  }
}
