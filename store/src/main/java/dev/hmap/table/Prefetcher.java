package dev.hmap.table;

import dev.hmap.format.BucketLayout;
import dev.hmap.format.EntryLayout;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Has the chains of several keys fetched into the processor's caches, so that the look-ups that
 * follow do not wait for memory one after the other. First it finds out where the chains begin, and
 * only then looks at them: the loop that meets the delays is so short that the processor is at ten
 * or more of them at once. The first overflow buckets of all of them follow in the same way.
 * Nothing is concluded from what it sees. One thread at a time.
 */
final class Prefetcher {
  /** As much of an entry as is fetched: its head, a short key, and what a short value has. */
  private static final int ENTRY_BYTES = 136;

  private static final long LOW_BITS = 0x0101_0101_0101_0101L;

  private final BucketLayout layout;
  private final WriteBarrier barrier;
  private Memory[] memories;
  private long[] offsets;
  private int size;

  /** Of each root that was added, the array in which its chain goes on; null where it does not. */
  private @Nullable BucketArray[] arrays;

  /** The root that was located last. */
  private Memory root = new MappedMemory(MemorySegment.NULL);

  private int rootOffset;

  /** For readers. */
  Prefetcher(BucketLayout layout, int keys) {
    this(layout, keys, (_, _) -> {});
  }

  /**
   * For a writer.
   *
   * @param keys about as many as are added
   * @param barrier knows which pages are made
   */
  Prefetcher(BucketLayout layout, int keys, WriteBarrier barrier) {
    this.layout = layout;
    this.barrier = barrier;
    memories = new Memory[keys];
    offsets = new long[keys];
    arrays = new BucketArray[keys];
  }

  /** Adds where the chain of a hash begins. */
  void add(Table t, long hash) {
    BucketArray array = t.home((int) hash);
    locate(array, (int) hash & array.mask);
    add(root, rootOffset, array);
  }

  /** The same for a write, which may evacuate the chain first. */
  void addForWrite(Table t, long hash) {
    BucketArray array = t.home((int) hash);
    if (array == t.buckets) {
      locate(array, (int) hash & array.mask);
      add(root, rootOffset, array);
    } else {
      addUnit(t, array, (int) hash & t.units() - 1);
    }
  }

  /**
   * Adds what the next writes evacuate in turn.
   *
   * @param first {@code nevacuate}
   * @param count units at most
   */
  void addUnits(Table t, int first, int count) {
    BucketArray old = t.old;
    int left = count;
    for (int unit = first; old != null && left > 0 && unit < t.units(); unit++) {
      if (t.home(unit) == old) {
        addUnit(t, old, unit);
        left--;
      }
    }
  }

  /**
   * Adds the chains of a unit, and the roots that they go to, whose content is undefined: those not
   * whose page is made by the first write, which would be a second fault.
   */
  private void addUnit(Table t, BucketArray old, int unit) {
    for (int bucket = unit; bucket < old.roots(); bucket += t.units()) {
      locate(old, bucket);
      add(root, rootOffset, old);
    }
    for (int bucket = unit; bucket < t.buckets.roots(); bucket += t.units()) {
      if (barrier.isMade(t.buckets.pageOf(bucket))) {
        locate(t.buckets, bucket);
        add(root, rootOffset, null);
      }
    }
  }

  private void locate(BucketArray array, int bucket) {
    int extent = array.extentOf(bucket);
    root = array.memory(extent);
    rootOffset = array.offset(extent, bucket);
  }

  private void add(Memory memory, long offset, @Nullable BucketArray array) {
    if (size == offsets.length) {
      memories = Arrays.copyOf(memories, 2 * size);
      offsets = Arrays.copyOf(offsets, 2 * size);
      arrays = Arrays.copyOf(arrays, 2 * size);
    }
    memories[size] = memory;
    offsets[size] = offset;
    arrays[size] = array;
    size++;
  }

  /**
   * Adds the entry that a hash leads to in its root, which was fetched before; none if the writer
   * is at it, or if it lies at the very end of its memory.
   */
  void addEntry(Table t, long hash, Space space) {
    BucketArray array = t.home((int) hash);
    locate(array, (int) hash & array.mask);
    long difference = root.getLong(rootOffset) ^ BucketLayout.tophash(hash) * LOW_BITS;
    long candidates = difference - LOW_BITS & ~difference & LOW_BITS << 7;
    if (candidates != 0) {
      addEntry(Long.numberOfTrailingZeros(candidates) >>> 3, space);
    }
  }

  /** Adds all entries of the root of a hash, as {@link #addEntry} does one. */
  void addEntries(Table t, long hash, Space space) {
    BucketArray array = t.home((int) hash);
    locate(array, (int) hash & array.mask);
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
      add(entries, Space.offset(address), null);
    }
  }

  /** Fetches the first two buckets of all chains that were added, and forgets them. */
  void prefetch() {
    fetch(0, layout.bytes());
    int roots = size;
    for (int i = 0; i < roots; i++) {
      addOverflow(i);
    }
    fetch(roots, layout.bytes());
    size = 0;
  }

  private void addOverflow(int i) {
    BucketArray array = arrays[i];
    if (array != null) {
      int next = memories[i].getInt(offsets[i] + layout.overflow());
      if (next >= array.roots() && next < array.capacity()) {
        locate(array, next);
        add(root, rootOffset, null);
      }
    }
  }

  /** Fetches the beginnings of all entries that were added, and forgets them. */
  void fetchEntries() {
    fetch(0, ENTRY_BYTES);
    size = 0;
  }

  private void fetch(int from, int bytes) {
    int last = bytes - Long.BYTES;
    int second = Math.min(CacheLine.BYTES, last);
    long sum = 0;
    for (int i = from; i < size; i++) {
      Memory memory = memories[i];
      long offset = offsets[i];
      sum += memory.getLong(offset);
      sum += memory.getLong(offset + second);
      for (int at = 2 * CacheLine.BYTES; at + CacheLine.BYTES < last; at += CacheLine.BYTES) {
        sum += memory.getLong(offset + at);
      }
      sum += memory.getLong(offset + last);
    }
    CacheLine.use(sum);
  }
}
