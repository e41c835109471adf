package dev.hmap.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A map of some engine, under test. Any number of threads may use it, unless the engine says
 * otherwise.
 *
 * @param <K> keys
 * @param <V> values
 */
interface Store<K, V> extends AutoCloseable {
  /** The value of a key, as an object that is the caller's. */
  @Nullable V get(K key);

  /** The values of several keys; one after another where the engine knows no better way. */
  default Collection<V> getAll(List<K> keys) {
    List<V> values = new ArrayList<>(keys.size());
    for (K key : keys) {
      V value = get(key);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  /** Returns when the entry has the durability that the store was opened with. */
  void put(K key, V value);

  /** Puts several entries the way in which the engine does it best. */
  default void putAll(List<K> keys, List<V> values) {
    for (int i = 0; i < keys.size(); i++) {
      put(keys.get(i), values.get(i));
    }
  }

  /**
   * Puts the first n entries of a shape, one by one, and returns when all are done; whether it
   * waits for each is the engine's choice.
   */
  default void putEach(Shape<K, V> shape, long entries) {
    for (long i = 0; i < entries; i++) {
      put(shape.keyOf(i), shape.valueOf(i));
    }
  }

  /** How often a file was forced since it was opened; -1 if the engine does not tell. */
  default long forces() {
    return -1;
  }

  /** Visits every entry; the value is the visitor's only until it returns. */
  void forEach(BiConsumer<? super K, ? super V> visitor);

  /** Returns when the engine's work in the background that earlier puts caused is done. */
  default void settle() {}

  @Override
  void close();
}
