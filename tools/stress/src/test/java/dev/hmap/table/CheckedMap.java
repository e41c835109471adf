package dev.hmap.table;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The map in an array, as the model checker drives it: one thread calls {@link #put} and {@link
 * #remove}, others {@link #get}; one of them may call {@link #copy} and {@link #current}. It begins
 * with the keys 0 and 1, whose value is 0, without the keys 2 and 3, and so full that the next new
 * key makes it grow, or with a growth that has begun.
 */
public abstract class CheckedMap {
  /** Keys that operations name, 0 to 3. */
  static final int KEYS = 4;

  /** Values that operations name, 0 to 2. */
  static final int VALUES = 3;

  /** No value that any put had. */
  private static final int MIXED = -1;

  /** States made so far, one for each interleaving that was tried. */
  static final AtomicInteger MADE = new AtomicInteger();

  private final SmallMap map;
  private final Lookup lookup;
  private final HmapReader reader;
  private final byte[][] keys;
  private final int[] lengths;

  /** Of the thread that iterates. */
  private final ChainCopy copied = new ChainCopy();

  /**
   * The map's first state.
   *
   * @param map with all its entries but those of the keys 0 and 1
   * @param reader makes what {@link #get} calls
   * @param asIfFull a growth is begun as if it held this many entries
   * @param keys that operations name
   * @param lengths of the values 0, 1, ... and so on, in turn
   */
  CheckedMap(
      SmallMap map, Function<Hmap, Lookup> reader, long asIfFull, byte[][] keys, int... lengths) {
    this.map = map;
    this.lookup = reader.apply(map.map);
    this.reader = map.map.reader();
    this.keys = keys;
    this.lengths = lengths;
    put(0, 0);
    put(1, 0);
    map.map.growth.beginIfDue(asIfFull);
    MADE.incrementAndGet();
  }

  /** An empty map in an array. */
  static SmallMap emptyMap(int keyWidth, int valueWidth, int expectedEntries) {
    ArrayFile file = new ArrayFile();
    Space space = new Space(file, Space.Access.WRITE, ArrayMemory::of);
    return new SmallMap(file, space, (address, bytes) -> {}, keyWidth, valueWidth, expectedEntries);
  }

  /** A put by the writer. */
  public void put(int key, int value) {
    map.put(keys[key], bytes(key, value));
  }

  /** A removal by the writer. */
  public void remove(int key) {
    map.remove(keys[key]);
  }

  /** A look-up by a reader: the value, or null if the key is absent. */
  public @Nullable Integer get(int key) {
    ValueCopy copy = new ValueCopy();
    return lookup.get(new KeyBytes(keys[key]), copy) ? (Integer) value(key, copy.bytes()) : null;
  }

  /** Copies a key's chain, as an iterator does when it comes there. */
  public void copy(int key) {
    Table t;
    do {
      t = map.map.state.table;
    } while (!reader.copier().copy(t, (int) hash(t, key) & t.buckets.mask, 0, copied));
  }

  /**
   * What an iterator would return of a key now: as it was copied, if it still is so; if it was not
   * copied, as {@link #get}.
   */
  public @Nullable Integer current(int key) {
    Table t = map.map.state.table;
    for (int i = 0; i < copied.size(); i++) {
      EntryBytes entry = copied.get(i);
      if (entry.hash(t.hasher) == hash(t, key)) {
        EntryBytes now = current(entry, copied);
        return now == null ? null : (Integer) value(key, now.value());
      }
    }
    return get(key);
  }

  /** {@link HmapReader#current}. */
  @Nullable EntryBytes current(EntryBytes entry, ChainCopy chain) {
    return reader.current(entry, chain);
  }

  private long hash(Table t, int key) {
    return new KeyBytes(keys[key]).hash(t.hasher);
  }

  /** No two keys' values have a byte in common, nor have two values of a key. */
  private byte[] bytes(int key, int value) {
    byte[] bytes = new byte[lengths[value % lengths.length]];
    Arrays.fill(bytes, (byte) (VALUES * (key + 1) + value));
    return bytes;
  }

  private int value(int key, byte[] bytes) {
    for (int value = 0; value < VALUES; value++) {
      if (Arrays.equals(bytes, bytes(key, value))) {
        return value;
      }
    }
    return MIXED;
  }
}
