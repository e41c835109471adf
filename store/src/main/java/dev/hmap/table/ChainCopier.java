package dev.hmap.table;

import dev.hmap.format.BucketLayout;
import dev.hmap.format.EntryLayout;
import org.jspecify.annotations.Nullable;

/**
 * Copies whole chains, for iteration, as {@link HmapReader} reads one key: without locks, on any
 * thread, while the writer changes the map. Stateless.
 */
final class ChainCopier {
  private static final int HOPS_BETWEEN_CHECKS = 64;

  private final HmapState state;
  private final HmapReader reader;
  private final BucketLayout layout;
  private final Space space;
  private final boolean expires;

  /** Bytes before each value that are not shown. */
  private final int hidden;

  /**
   * A copier for a reader.
   *
   * @param hidden bytes before each value that are not shown
   */
  ChainCopier(HmapState state, HmapReader reader, int hidden) {
    this.state = state;
    this.reader = reader;
    this.layout = state.layout;
    this.space = state.space;
    this.expires = state.geometry.expires();
    this.hidden = hidden;
  }

  /**
   * Copies the entries that belong to a root of the current array, wherever they are.
   *
   * @param t the table the root number refers to
   * @param bucket the root
   * @param firstSlot where in each bucket to begin
   * @param into gets the entries, and nothing else
   * @return false, with {@code into} empty, if {@code t} is not the current table any more
   */
  boolean copy(Table t, int bucket, int firstSlot, ChainCopy into) {
    while (true) {
      into.clear();
      if (state.table != t) {
        return false;
      }
      BucketArray array = t.home(bucket);
      int at = bucket & array.mask;
      boolean copied = copyRoot(t, array, at, bucket, firstSlot, into);
      if (copied && array == t.old && t.halves()) { // both are evacuated at once, or neither
        at = bucket + t.buckets.roots();
        copied = copyRoot(t, array, at, bucket, firstSlot, into);
        into.setTwoChains();
      }
      if (copied) {
        return true;
      }
      reader.await(t, array, at);
    }
  }

  /** Adds the entries of a chain that belong to {@code bucket}; false if it was not seen whole. */
  private boolean copyRoot(
      Table t, BucketArray array, int root, int bucket, int firstSlot, ChainCopy into) {
    int extent = array.extentOf(root);
    Memory memory = array.memory(extent);
    int offset = array.offset(extent, root);
    int version = memory.getIntAcquire(offset + layout.version());
    if ((version & 1) != 0) {
      return false;
    }
    boolean possible = copyBuckets(t, array, root, memory, offset, bucket, firstSlot, into);
    if (!reader.isUnchanged(t, array, root, memory, offset, version)) {
      return false;
    }
    if (!possible) {
      throw reader.damaged(array, root);
    }
    into.setChain(t, array, root, memory, offset, version);
    return true;
  }

  private boolean copyBuckets(
      Table t,
      BucketArray array,
      int number,
      Memory root,
      int rootOffset,
      int bucket,
      int firstSlot,
      ChainCopy into) {
    Memory memory = root;
    int offset = rootOffset;
    int mask = t.buckets.mask;
    int version = root.getInt(rootOffset + layout.version());
    int seen = 0; // a bucket met before: Brent's way to find a circle before it is copied often
    for (int hops = 1; hops <= array.capacity(); hops++) {
      long tops = memory.getLong(offset);
      for (int i = 0; i < BucketLayout.SLOTS; i++) {
        int slot = i + firstSlot & BucketLayout.SLOTS - 1;
        int top = (int) (tops >>> Byte.SIZE * slot) & 0xFF;
        if (top < BucketLayout.MIN_TOP_HASH) {
          continue;
        }
        EntryBytes copied = copySlot(memory, offset, slot);
        if (copied == null) {
          return false;
        }
        long hash = copied.hash(t.hasher);
        if (((int) hash & array.mask) != number
            || BucketLayout.tophash(hash) != top
            || !layout.keysInline()
                && !EntryLayout.mayMatch(memory.getLong(offset + layout.reference(slot)), hash)) {
          return false; // of a half change, or damage: no look-up would find it
        }
        if (((int) hash & mask) == bucket
            && !(expires && state.geometry.isExpired(copied.stamp, state.now()))) {
          into.add(copied);
        }
      }
      int next = memory.getInt(offset + layout.overflow());
      if (next == 0) {
        return true;
      }
      if (next < array.roots()
          || next >= array.capacity()
          || next == seen
          || hops % HOPS_BETWEEN_CHECKS == 0
              && root.getInt(rootOffset + layout.version()) != version) {
        return false;
      }
      if (Integer.bitCount(hops) == 1) {
        seen = next;
      }
      int extent = array.extentOf(next);
      memory = array.memory(extent);
      offset = array.offset(extent, next);
    }
    return false;
  }

  private @Nullable EntryBytes copySlot(Memory memory, int offset, int slot) {
    int keyAt = offset + layout.key(slot);
    int valueAt = offset + layout.value(slot);
    int keyWidth = state.geometry.keyWidth();
    int valueWidth = state.geometry.valueWidth();
    if (!layout.hasEntries()) {
      return entry(memory, keyAt, keyWidth, memory, valueAt, valueWidth);
    }
    long address = EntryLayout.address(memory.getLong(offset + layout.reference(slot)));
    Memory entries = space.memory(address);
    long entry = Space.offset(address);
    if (entries == null || Entry.keyAt(entry) > entries.size()) {
      return null;
    }
    int keyLength = Entry.keyLength(entries, entry);
    int valueLength = Entry.valueLength(entries, entry);
    if (!reader.isWithin(entries, entry, keyLength, valueLength)) {
      return null;
    }
    long entryKeyAt = Entry.keyAt(entry);
    long entryValueAt = entryKeyAt + keyLength;
    if (layout.valuesInline()) {
      return entry(entries, entryKeyAt, keyLength, memory, valueAt, valueWidth);
    }
    return layout.keysInline()
        ? entry(memory, keyAt, keyWidth, entries, entryValueAt, valueLength)
        : entry(entries, entryKeyAt, keyLength, entries, entryValueAt, valueLength);
  }

  private EntryBytes entry(
      Memory keys, long keyAt, int keyLength, Memory values, long valueAt, int valueLength) {
    long stamp = expires ? values.getLong(valueAt) : 0;
    return EntryBytes.copy(
        keys, keyAt, keyLength, values, valueAt + hidden, valueLength - hidden, stamp);
  }
}
