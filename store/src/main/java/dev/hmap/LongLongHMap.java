package dev.hmap;

import dev.hmap.store.StoreReader;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.HmapIterator;
import java.nio.file.Path;

/**
 * A map of longs to longs without boxes: reading it allocates nothing, and writing next to nothing.
 * It is a window on an {@link HMap} of {@link Codec#LONG} to {@link Codec#LONG}, and the file is
 * the same. Where no value would be a good answer, the caller says which number stands for absent.
 *
 * <p>Threads, durability, limits and errors are those of the map.
 */
public final class LongLongHMap implements AutoCloseable {
  private final HMap<Long, Long> map;
  private final StoreReader reader;

  private LongLongHMap(AbstractStoreMap<Long, Long> map) {
    this.map = map;
    this.reader = map.reader;
  }

  /** Takes an entry. */
  @FunctionalInterface
  public interface EntryConsumer {
    /** One entry. */
    void accept(long key, long value);
  }

  /** Opens the store at a path, creating it if there is none, with {@link Durability#SYNC}. */
  public static LongLongHMap open(Path path) {
    return of(HMap.open(path, Codec.LONG, Codec.LONG));
  }

  /**
   * The window on a map; closing it closes the map.
   *
   * @throws IllegalArgumentException if its codecs are others than {@link Codec#LONG}
   */
  public static LongLongHMap of(HMap<Long, Long> map) {
    if (map instanceof AbstractStoreMap<Long, Long> own && own.codecs.isLongToLong()) {
      return new LongLongHMap(own);
    }
    throw new IllegalArgumentException("a map with other codecs than Codec.LONG");
  }

  /** The map that this is a window on. */
  public HMap<Long, Long> map() {
    return map;
  }

  /** The value of a key, or {@code absent} if it has none. */
  public long get(long key, long absent) {
    return reader.getLong(key, absent);
  }

  /** Whether a key is present. */
  public boolean containsKey(long key) {
    return reader.containsLong(key);
  }

  /** Associates a value with a key. */
  public void put(long key, long value) {
    writable().putLong(key, value);
  }

  /** The same if the key is absent; whether it was. */
  public boolean putIfAbsent(long key, long value) {
    return writable().putLongIfAbsent(key, value);
  }

  /** The same if the key has the expected value; whether it had. */
  public boolean replace(long key, long expected, long value) {
    return map.replace(key, expected, value);
  }

  /** Adds to a key's value, which is 0 if it is absent; returns the sum. Atomic. */
  public long addTo(long key, long difference) {
    while (true) {
      long before = get(key, 0);
      if (before == 0 && putIfAbsent(key, difference)) {
        return difference;
      }
      if (replace(key, before, before + difference)) {
        return before + difference;
      }
    }
  }

  /** Removes a key; whether it was present. */
  public boolean remove(long key) {
    return writable().removeLong(key);
  }

  private StoreMap<Long, Long> writable() {
    if (map instanceof StoreMap<Long, Long> own) {
      return own;
    }
    throw new UnsupportedOperationException("the map is open for reading only");
  }

  /** Entries. */
  public long mappingCount() {
    return map.mappingCount();
  }

  /** Hands over every entry; what is promised of iterations holds. */
  public void forEach(EntryConsumer consumer) {
    HmapIterator all = reader.iterator();
    for (EntryBytes e = reader.next(all); e != null; e = reader.next(all)) {
      consumer.accept(e.keyWord(), e.valueWord());
    }
  }

  @Override
  public void close() {
    map.close();
  }
}
