package dev.hmap.table;

import dev.hmap.format.Geometry;
import dev.hmap.format.KeyHasher;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A map of a few pages with a fixed seed, so that a test can choose which keys share a chain. */
final class SmallMap implements AutoCloseable {
  private static final long HASH0 = 0x9E37_79B9_7F4A_7C15L;
  private static final KeyHasher HASHER = new KeyHasher(HASH0);

  final Space space;
  final Hmap map;
  private final StoreFile file;
  private final Hmap.Outcome outcome = new Hmap.Outcome();

  /**
   * An empty map in native memory.
   *
   * @param keyWidth bytes of a key, 0 for keys that are entries
   * @param valueWidth the same for values
   * @param expectedEntries chooses the number of roots
   */
  SmallMap(int keyWidth, int valueWidth, int expectedEntries) {
    MemoryFile pooled = new MemoryFile();
    this(
        pooled,
        new Space(pooled, Space.Access.WRITE),
        pooled::beforeWrite,
        keyWidth,
        valueWidth,
        expectedEntries);
  }

  /** The same in a new space of a file. */
  SmallMap(
      StoreFile file,
      Space space,
      WriteBarrier barrier,
      int keyWidth,
      int valueWidth,
      int expectedEntries) {
    this.file = file;
    this.space = space;
    try {
      space.load(List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    map =
        HmapLoader.create(
            new Geometry(keyWidth, valueWidth, "key", "value"),
            space,
            barrier,
            expectedEntries,
            HASH0);
  }

  /**
   * Keys that belong to one root.
   *
   * @param width bytes of each, at least 4
   * @param b binary logarithm of the number of roots
   */
  static byte[][] keys(int width, int b, int root, int count) {
    byte[][] keys = new byte[count][];
    int n = 0;
    for (int i = 0; n < count; i++) {
      byte[] key = new byte[width];
      for (int at = 0; at < width; at++) {
        key[at] = (byte) (i >>> at % Integer.BYTES * Byte.SIZE);
      }
      if ((HASHER.hash(key, 0, width) & (1 << b) - 1) == root) {
        keys[n++] = key;
      }
    }
    return keys;
  }

  void put(byte[] key, byte[] value) {
    outcome.reset(false);
    map.put(key, 0, key.length, value, 0, value.length, Hmap.Condition.ALWAYS, 0, 0, outcome);
  }

  void remove(byte[] key) {
    outcome.reset(false);
    map.remove(key, 0, key.length, key, -1, 0, 0, outcome);
  }

  /** Overwrites memory that the map does not use any more. */
  void overwrite(long address, byte[] bytes) {
    map.state.barrier.beforeWrite(address, bytes.length);
    space.memoryAt(address).put(Space.offset(address), bytes, 0, bytes.length);
  }

  /**
   * Gives the memory to the next map. The space stays open: its arena has nothing to free, and
   * closing one stops all threads for a moment.
   */
  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
