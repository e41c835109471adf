package dev.hmap.crash;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A part of a file mapped so that stores to it are writes. Nobody tells of a store, so they are
 * looked for whenever the journal goes on: what has come since is one write there. Stores go on
 * where the last one, or a write, ended; but a look may meet the last one half done, its end before
 * its middle, so the next look begins where that began. Guarded by its file system.
 */
final class SharedMapping {
  private static final int BLOCK_BYTES = 4096;

  /** Takes what was stored. */
  interface Stores {
    void accept(byte[] bytes, long position);
  }

  final int file;
  private final long position;
  private final Arena arena;
  private final byte[] memory;
  private final byte[] seen;

  /** Where the last store that was found, or the last write, began. */
  private int start;

  /**
   * A mapping of these bytes.
   *
   * @param arena for whose life it lasts
   */
  SharedMapping(int file, long position, byte[] memory, Arena arena) {
    this.file = file;
    this.position = position;
    this.memory = memory;
    this.seen = memory.clone();
    this.arena = arena;
  }

  /** What is stored to. */
  MemorySegment bytes() {
    return MemorySegment.ofArray(memory);
  }

  boolean isAlive() {
    return arena.scope().isAlive();
  }

  /** Finds what was stored since the last look. */
  void find(Stores stores) {
    int first;
    while ((first = Arrays.mismatch(memory, start, memory.length, seen, start, seen.length)) >= 0) {
      start += first;
      found(start, stores);
    }
  }

  private void found(int from, Stores stores) {
    int to = from;
    for (int block = from; block < memory.length; block += BLOCK_BYTES) {
      int blockEnd = Math.min(block + BLOCK_BYTES, memory.length);
      int last = blockEnd;
      while (last > block && memory[last - 1] == seen[last - 1]) {
        last--;
      }
      if (last == block) {
        break;
      }
      to = last;
    }
    byte[] stored = Arrays.copyOfRange(memory, from, to); // who stores goes on meanwhile
    System.arraycopy(stored, 0, seen, from, stored.length);
    stores.accept(stored, position + from);
  }

  /** What is written to the file is seen here, too. */
  void write(ByteBuffer bytes, long at) {
    int length = bytes.remaining();
    long from = at - position;
    if (from >= 0 && from + length <= memory.length) {
      bytes.get(bytes.position(), memory, (int) from, length);
      bytes.get(bytes.position(), seen, (int) from, length);
      start = (int) from;
    }
  }
}
