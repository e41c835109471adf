package dev.hmap;

import dev.hmap.error.EntryTooLargeException;
import dev.hmap.error.StoreClosedException;
import dev.hmap.format.Geometry;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.HmapIterator;
import dev.hmap.table.HmapReader;
import dev.hmap.table.KeyBytes;
import dev.hmap.table.ValueCopy;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The reading half of a map: codecs on one side, bytes on the other. Turns what befalls a reader of
 * memory into exceptions of hmap's.
 */
final class StoreView<K, V> {
  private final OpenedStore store;
  private final HmapReader reader;
  private final Codec<K> keys;
  private final Codec<V> values;
  private final Geometry geometry;
  private volatile boolean isClosed;

  StoreView(OpenedStore store, Codec<K> keys, Codec<V> values) {
    this.store = store;
    this.reader = store.map().reader();
    this.keys = keys;
    this.values = values;
    this.geometry = store.header().geometry();
  }

  /** From now on every call throws. */
  void close() {
    isClosed = true;
  }

  boolean isClosed() {
    return isClosed;
  }

  byte[] encodeKey(K key) {
    return checked(
        "key",
        keys.encode(Objects.requireNonNull(key, "key")),
        geometry.keyWidth(),
        Geometry.MAX_KEY_BYTES);
  }

  byte[] encodeValue(V value) {
    return checked(
        "value",
        values.encode(Objects.requireNonNull(value, "value")),
        geometry.valueWidth(),
        Geometry.MAX_VALUE_BYTES);
  }

  private static byte[] checked(String what, byte[] bytes, int width, int limit) {
    if (width > 0 && bytes.length != width) {
      throw new IllegalArgumentException(
          "a codec of width %d made a %s of %,d bytes".formatted(width, what, bytes.length));
    }
    if (bytes.length > limit) {
      throw new EntryTooLargeException(
          "%s of %,d bytes: the limit is %,d".formatted(what, bytes.length, limit));
    }
    return bytes;
  }

  /** The key that an untyped method was given; a {@link ClassCastException} tells a wrong type. */
  @SuppressWarnings("unchecked") // the codec casts it
  K keyOf(Object key) {
    return (K) Objects.requireNonNull(key, "key");
  }

  /** The value that an untyped method was given. */
  @SuppressWarnings("unchecked") // the codec casts it
  V valueOf(Object value) {
    return (V) Objects.requireNonNull(value, "value");
  }

  @Nullable V get(Object key) {
    KeyBytes bytes = new KeyBytes(encodeKey(keyOf(key)));
    ValueCopy into = new ValueCopy();
    return read(() -> reader.get(bytes, into)) ? decode(into) : null;
  }

  boolean containsKey(Object key) {
    KeyBytes bytes = new KeyBytes(encodeKey(keyOf(key)));
    return read(() -> reader.get(bytes, null));
  }

  V decode(ValueCopy copy) {
    byte[] bytes = copy.bytes();
    return values.decode(bytes, 0, bytes.length);
  }

  K decodeKey(EntryBytes entry) {
    return keys.decode(entry.key, 0, entry.key.length);
  }

  V decodeValue(EntryBytes entry) {
    return values.decode(entry.value, 0, entry.value.length);
  }

  long count() {
    checkOpen();
    return store.map().count();
  }

  HmapIterator iterator() {
    return read(() -> new HmapIterator(reader));
  }

  @Nullable EntryBytes next(HmapIterator iterator) {
    EntryBytes[] found = new EntryBytes[1];
    boolean any =
        read(() -> {
          EntryBytes next = iterator.next();
          if (next != null) {
            found[0] = next;
          }
          return next != null;
        });
    return any ? found[0] : null;
  }

  void checkOpen() {
    if (isClosed) {
      throw closed();
    }
  }

  private StoreClosedException closed() {
    return new StoreClosedException(store.names().data() + " is closed");
  }

  private <T> T read(Supplier<T> work) {
    checkOpen();
    try {
      return work.get();
    } catch (IllegalStateException e) {
      if (isClosed) {
        throw closed(); // unmapped under our hands
      }
      throw e;
    } catch (IndexOutOfBoundsException | InternalError e) {
      throw Recovery.damaged(store.names(), e);
    }
  }

  OpenedStore store() {
    return store;
  }
}
