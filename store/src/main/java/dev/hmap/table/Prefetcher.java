package dev.hmap.table;

import dev.hmap.format.BucketLayout;
import dev.hmap.format.EntryLayout;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Has the chains of several keys fetched into the processor's caches, so that the look-ups that
 * follow do not wait for memory one after the other. First it finds out where the chains begin, and
 * only then looks at them: the loop that meets the delays is so short that the processor is at ten
 * or more of them at once. Nothing is concluded from what it sees. One thread at a time.
 */
final class Prefetcher {
  /** As much of an entry as is fetched: its head, a short key, and what a short value has. */
  private static final int ENTRY_BYTES = 136;

  private static final long LOW_BITS = 0x0101_0101_0101_0101L;

  private final BucketLayout layout;
  private Memory[] memories;
  private long[] offsets;
  private int size;

  /** The root that was located last. */
  private Memory root = new MappedMemory(MemorySegment.NULL);

  private int rootOffset;

  /** For buckets of a layout. */
  Prefetcher(BucketLayout layout, int keys) {
    this.layout = layout;
    memories = new Memory[keys];
    offsets = new long[keys];
  }

  /** Adds where the chain of a hash begins. */
  void add(Table t, long hash) {
    locate(t, hash);
    add(root, rootOffset);
  }

  private void locate(Table t, long hash) {
    BucketArray array = t.home((int) hash);
    int bucket = (int) hash & array.mask;
    int extent = array.extentOf(bucket);
    root = array.memory(extent);
    rootOffset = array.offset(extent, bucket);
  }

  private void add(Memory memory, long offset) {
    if (size == offsets.length) {
      memories = Arrays.copyOf(memories, 2 * size);
      offsets = Arrays.copyOf(offsets, 2 * size);
    }
    memories[size] = memory;
    offsets[size] = offset;
    size++;
  }

  /**
   * Adds the entry that a hash leads to in its root, which was fetched before; none if the writer
   * is at it, or if it lies at the very end of its memory.
   */
  void addEntry(Table t, long hash, Space space) {
    locate(t, hash);
    long difference = root.getLong(rootOffset) ^ BucketLayout.tophash(hash) * LOW_BITS;
    long candidates = difference - LOW_BITS & ~difference & LOW_BITS << 7;
    if (candidates != 0) {
      addEntry(Long.numberOfTrailingZeros(candidates) >>> 3, space);
    }
  }

  /** Adds all entries of the root of a hash, as {@link #addEntry} does one. */
  void addEntries(Table t, long hash, Space space) {
    locate(t, hash);
    for (int slot = 0; slot < BucketLayout.SLOTS; slot++) {
      if (Byte.toUnsignedInt(root.getByte(rootOffset + slot)) >= BucketLayout.MIN_TOP_HASH) {
        addEntry(slot, space);
      }
    }
  }

  private void addEntry(int slot, Space space) {
    long address = EntryLayout.address(root.getLong(rootOffset + layout.reference(slot)));
    Memory entries = space.memory(address);
    if (entries != null && Space.offset(address) + ENTRY_BYTES <= entries.size()) {
      add(entries, Space.offset(address));
    }
  }

  /** Fetches the roots of all chains that were added, and forgets them. */
  void prefetch() {
    fetch(layout.bytes());
  }

  /** Fetches the beginnings of all entries that were added, and forgets them. */
  void fetchEntries() {
    fetch(ENTRY_BYTES);
  }

  private void fetch(int bytes) {
    int last = bytes - Long.BYTES;
    int second = Math.min(CacheLine.BYTES, last);
    long sum = 0;
    for (int i = 0; i < size; i++) {
      Memory memory = memories[i];
      long offset = offsets[i];
      sum += memory.getLong(offset);
      sum += memory.getLong(offset + second);
      for (int at = 2 * CacheLine.BYTES; at + CacheLine.BYTES < last; at += CacheLine.BYTES) {
        sum += memory.getLong(offset + at);
      }
      sum += memory.getLong(offset + last);
    }
    size = 0;
    CacheLine.use(sum);
  }
}
