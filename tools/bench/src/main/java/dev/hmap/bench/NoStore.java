package dev.hmap.bench;

import java.util.function.BiConsumer;

/** Keeps nothing: what the benchmark itself costs, above all making the keys. */
record NoStore<K, V>(V value) implements Store<K, V> {
  @Override
  public V get(K key) {
    // a use of the key, so that it is made
    if (key.hashCode() == 0) {
      Thread.onSpinWait();
    }
    return value;
  }

  @Override
  public void put(K key, V newValue) {
    get(key);
  }

  @Override
  public void forEach(BiConsumer<? super K, ? super V> visitor) {}

  @Override
  public void close() {}
}
