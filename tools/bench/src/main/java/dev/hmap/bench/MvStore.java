package dev.hmap.bench;

import dev.hmap.Codec;
import java.util.List;
import java.util.function.BiConsumer;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.ObjectDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/**
 * H2's MVStore with a cache that holds everything if the heap can, and the data types of keys and
 * values. It commits by itself every second, or at each put and forces the file where durable.
 */
record MvStore<K, V>(MVStore store, MVMap<K, V> map, boolean durable) implements Store<K, V> {
  static <K, V> Store<K, V> open(Place place, Shape<K, V> shape) {
    int cacheMb =
        Math.toIntExact(Math.min(place.cacheBytes(), Runtime.getRuntime().maxMemory() / 3) >> 20);
    MVStore store =
        new MVStore.Builder().fileName(place.file("bench.mv").toString()).cacheSize(cacheMb).open();
    MVMap<K, V> map =
        store.openMap(
            "bench",
            new MVMap.Builder<K, V>().keyType(type(shape.keys())).valueType(type(shape.values())));
    return new MvStore<>(store, map, place.durable());
  }

  @SuppressWarnings("unchecked") // each codec's type
  private static <T> DataType<T> type(Codec<T> codec) {
    DataType<?> of;
    if (codec.equals(Codec.LONG)) {
      of = LongDataType.INSTANCE;
    } else if (codec.equals(Codec.STRING)) {
      of = StringDataType.INSTANCE;
    } else if (codec.equals(Codec.BYTES)) {
      of = ByteArrayDataType.INSTANCE;
    } else {
      of = new ObjectDataType(); // which has a form of its own for UUID
    }
    return (DataType<T>) of;
  }

  @Override
  public @Nullable V get(K key) {
    return map.get(key);
  }

  @Override
  public void put(K key, V value) {
    map.put(key, value);
    if (durable) {
      force();
    }
  }

  @Override
  public void putAll(List<K> keys, List<V> values) {
    for (int i = 0; i < keys.size(); i++) {
      map.put(keys.get(i), values.get(i));
    }
    if (durable) {
      force();
    }
  }

  private void force() {
    store.commit();
    store.sync();
  }

  @Override
  public void forEach(BiConsumer<? super K, ? super V> visitor) {
    map.forEach(visitor);
  }

  @Override
  public void settle() {
    store.commit();
  }

  @Override
  public void close() {
    store.close();
  }
}
