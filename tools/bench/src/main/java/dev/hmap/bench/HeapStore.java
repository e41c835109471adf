package dev.hmap.bench;

import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A map of the JDK, not told how many entries will come: what a lookup costs without a file. */
record HeapStore<K, V>(Map<K, V> map) implements Store<K, V> {
  @Override
  public @Nullable V get(K key) {
    return map.get(key);
  }

  @Override
  public void put(K key, V value) {
    map.put(key, value);
  }

  @Override
  public void forEach(BiConsumer<? super K, ? super V> visitor) {
    map.forEach(visitor);
  }

  @Override
  public void close() {}
}
