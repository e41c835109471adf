package dev.hmap.bench;

import dev.hmap.Durability;
import dev.hmap.HMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * hmap, not told how many entries will come; everything but the durability as it is by itself. Many
 * entries: one batch, which is one record of the log.
 */
record HMapStore<K, V>(HMap<K, V> map) implements Store<K, V> {
  /** The name of the data file. */
  static final String FILE = "bench.hmap";

  static <K, V> Store<K, V> open(Place place, Shape<K, V> shape) {
    return new HMapStore<>(
        HMap.at(place.file(FILE), shape.keys(), shape.values())
            .durability(place.durable() ? Durability.SYNC : Durability.ASYNC)
            .open());
  }

  @Override
  public @Nullable V get(K key) {
    return map.get(key);
  }

  @Override
  public Collection<V> getAll(List<K> keys) {
    return map.getAll(keys).values();
  }

  @Override
  public void put(K key, V value) {
    map.put(key, value);
  }

  @Override
  public void putAll(List<K> keys, List<V> values) {
    map.write(batch -> {
      for (int i = 0; i < keys.size(); i++) {
        batch.put(keys.get(i), values.get(i));
      }
    });
  }

  @Override
  public void putEach(Shape<K, V> shape, long entries) {
    List<CompletableFuture<?>> last = new ArrayList<>(1); // writes are done in their order
    for (long i = 0; i < entries; i++) {
      CompletableFuture<?> put = map.putAsync(shape.keyOf(i), shape.valueOf(i));
      if (i == entries - 1) {
        last.add(put);
      }
    }
    last.forEach(CompletableFuture::join);
  }

  @Override
  public long forces() {
    return map.stats().log().forces();
  }

  @Override
  public void forEach(BiConsumer<? super K, ? super V> visitor) {
    map.forEach(visitor);
  }

  @Override
  public void settle() {
    map.checkpoint();
  }

  @Override
  public void close() {
    map.close();
  }
}
