package dev.hmap.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;
import java.util.function.BiConsumer;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Chronicle Map as its tutorial advises: persisted, told the exact number of entries and the
 * constant sizes of keys and values. It cannot wait for the disk: it has no durable puts.
 */
record ChronicleStore<K, V>(ChronicleMap<K, V> map) implements Store<K, V> {
  static <K, V> Store<K, V> open(Place place, Shape<K, V> shape) {
    K key = shape.keyOf(0);
    V value = shape.valueOf(0);
    @SuppressWarnings("unchecked") // the class of a K
    ChronicleMapBuilder<K, V> builder =
        ChronicleMapBuilder.of((Class<K>) key.getClass(), (Class<V>) value.getClass())
            .name("bench")
            .entries(place.entries());
    if (!(key instanceof Long)) { // which it knows to be constant
      builder.constantKeySizeBySample(key);
    }
    if (!(value instanceof Long)) {
      builder.constantValueSizeBySample(value);
    }
    if (key instanceof UUID) {
      @SuppressWarnings("unchecked") // K is UUID
      ChronicleMapBuilder<UUID, V> ofUuid = (ChronicleMapBuilder<UUID, V>) builder;
      ofUuid.keyMarshaller(UuidMarshaller.INSTANCE);
    }
    try {
      return new ChronicleStore<>(builder.createPersistedTo(place.file("bench.dat").toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

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
  public void close() {
    map.close();
  }
}
