package dev.hmap.bench;

import dev.hmap.Codec;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.HTreeMap;
import org.mapdb.Serializer;
import org.mapdb.serializer.GroupSerializer;

/**
 * MapDB's {@code HTreeMap} on a memory-mapped file, as its performance page advises: no
 * transactions unless durable, no clearing of the file beforehand, serializers of the types, and a
 * layout that has room for all entries. Without transactions it does not survive the death of the
 * process.
 */
record MapDbStore<K, V>(DB db, HTreeMap<K, V> map, boolean durable) implements Store<K, V> {
  private static final int SEGMENTS = 8;
  private static final int LEVELS = 4;

  static <K, V> Store<K, V> open(Place place, Shape<K, V> shape) {
    DBMaker.Maker maker =
        DBMaker.fileDB(place.file("bench.mapdb").toFile())
            .fileMmapEnable()
            .fileMmapPreclearDisable();
    DB db = (place.durable() ? maker.transactionEnable() : maker).make();
    HTreeMap<K, V> map =
        db.hashMap("bench", serializer(shape.keys()), serializer(shape.values()))
            .layout(SEGMENTS, nodeSize(place.entries()), LEVELS)
            .createOrOpen();
    return new MapDbStore<>(db, map, place.durable());
  }

  /** Such that the table has a place for each entry. */
  private static int nodeSize(long entries) {
    int size = 16;
    while (SEGMENTS * Math.pow(size, LEVELS) < entries && size < 128) {
      size *= 2;
    }
    return size;
  }

  @SuppressWarnings("unchecked") // each codec's type
  private static <T> GroupSerializer<T> serializer(Codec<T> codec) {
    GroupSerializer<?> of;
    if (codec.equals(Codec.LONG)) {
      of = Serializer.LONG;
    } else if (codec.equals(Codec.STRING)) {
      of = Serializer.STRING;
    } else if (codec.equals(Codec.UUID)) {
      of = Serializer.UUID;
    } else {
      of = Serializer.BYTE_ARRAY;
    }
    return (GroupSerializer<T>) of;
  }

  @Override
  public @Nullable V get(K key) {
    return map.get(key);
  }

  @Override
  public void put(K key, V value) {
    map.put(key, value);
    if (durable) {
      db.commit();
    }
  }

  @Override
  public void putAll(List<K> keys, List<V> values) {
    for (int i = 0; i < keys.size(); i++) {
      map.put(keys.get(i), values.get(i));
    }
    if (durable) {
      db.commit();
    }
  }

  @Override
  public void forEach(BiConsumer<? super K, ? super V> visitor) {
    map.forEach(visitor);
  }

  @Override
  public void settle() {
    db.commit();
  }

  @Override
  public void close() {
    db.close();
  }
}
