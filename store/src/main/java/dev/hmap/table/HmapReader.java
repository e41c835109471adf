package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.BucketLayout;
import dev.hmap.format.EntryLayout;
import dev.hmap.format.Geometry;
import dev.hmap.io.AddressSpace;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the map without locks, on any thread, while the writer changes it. {@link Hmap} says why
 * this is right. Stateless.
 */
public final class HmapReader {
  private static final long LOW_BITS = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = LOW_BITS << 7;
  private static final int HOPS_BETWEEN_CHECKS = 64;

  /** A bucket of eight-byte keys and values without stamps, as {@link BucketLayout} has it. */
  static final class LongBucket {
    static final int KEYS = BucketLayout.KEYS;
    static final int VALUES = KEYS + BucketLayout.SLOTS * Long.BYTES;
    static final int VERSION = VALUES + BucketLayout.SLOTS * Long.BYTES + Integer.BYTES;
    static final int BYTES = VERSION + Integer.BYTES;
  }

  private enum Result {
    FOUND,
    ABSENT,
    /** What was read cannot be: the chain is being changed, or the file is damaged. */
    IMPOSSIBLE
  }

  private final HmapState state;
  private final BucketLayout layout;
  private final Space space;
  private final boolean expires;

  /** Bytes before each value that are not shown. */
  private final int hidden;

  private final ChainCopier copier;

  HmapReader(HmapState state, int hidden) {
    this.state = state;
    this.layout = state.layout;
    this.space = state.space;
    this.expires = state.geometry.expires();
    this.hidden = hidden;
    this.copier = new ChainCopier(state, this, hidden);
  }

  /**
   * Finds a key.
   *
   * @param key to look for
   * @param into takes the value if the key is present; null if it is not wanted
   * @return whether the key is present
   * @throws StoreCorruptException if the chain is damaged
   */
  public boolean get(KeyBytes key, @Nullable ValueSink into) {
    while (true) {
      Table t = state.table;
      long hash = key.hash(t.hasher);
      BucketArray array = t.home((int) hash);
      int bucket = (int) hash & array.mask;
      int extent = array.extentOf(bucket);
      Memory memory = array.memory(extent);
      int offset = array.offset(extent, bucket);
      int version = memory.getIntAcquire(offset + layout.version());
      if ((version & 1) == 0) {
        Result result = probe(array, memory, offset, version, hash, key, into);
        if (isUnchanged(t, array, bucket, memory, offset, version)) {
          if (result == Result.IMPOSSIBLE) {
            throw damaged(array, bucket);
          }
          return result == Result.FOUND;
        }
      }
      await(t, array, bucket);
    }
  }

  /**
   * Before beginning again: waits for the writer a little, unless the version is odd though the
   * writer is not at that chain. It says where it is before it makes a version odd, and takes that
   * back after it made it even; so where it is not, an odd version that stays is damage.
   */
  void await(Table t, BucketArray array, int bucket) {
    int extent = array.extentOf(bucket);
    Memory memory = array.memory(extent);
    int offset = array.offset(extent, bucket) + layout.version();
    int version = memory.getIntAcquire(offset);
    if ((version & 1) != 0
        && !state.seqlock.isChanging(array.address(extent, bucket))
        && memory.getIntAcquire(offset) == version
        && state.table == t) {
      state.seqlock.awaitWriter(); // tells of a failure before that
      throw damaged(array, bucket);
    }
    state.seqlock.awaitWriter();
  }

  /**
   * Whether a root's chain was seen whole: its version did not move, it was not evacuated, and its
   * memory still is the map's. The fence keeps the loads of the chain before these; it pairs with
   * the writer's in {@link ChainSeqlock#beginChange} and {@link EvacuationMarks#mark}.
   */
  boolean isUnchanged(
      Table t, BucketArray array, int bucket, Memory memory, int offset, int version) {
    VarHandle.loadLoadFence();
    return memory.getInt(offset + layout.version()) == version
        && t.isStillHome(array, bucket)
        && state.table == t;
  }

  StoreCorruptException damaged(BucketArray array, int bucket) {
    int extent = array.extentOf(bucket);
    return new StoreCorruptException(
        "the chain of bucket %,d of array %d, at address %,d, is damaged"
            .formatted(bucket, array.id, array.address(extent, bucket)));
  }

  private Result probe(
      BucketArray array,
      Memory root,
      int rootOffset,
      int version,
      long hash,
      KeyBytes key,
      @Nullable ValueSink into) {
    long pattern = BucketLayout.tophash(hash) * LOW_BITS;
    Memory memory = root;
    int offset = rootOffset;
    int hops = 0;
    while (true) {
      long tops = memory.getLong(offset);
      long candidates = zeroBytes(tops ^ pattern); // a false one costs a key comparison
      while (candidates != 0) {
        int slot = Long.numberOfTrailingZeros(candidates) >>> 3;
        candidates &= candidates - 1;
        Result result = match(memory, offset, slot, hash, key, into);
        if (result != Result.ABSENT) {
          return result;
        }
      }
      if (zeroBytes(tops) != 0) {
        return Result.ABSENT; // an emptyRest
      }
      int next = memory.getInt(offset + layout.overflow());
      if (next == 0) {
        return Result.ABSENT;
      }
      if (next < array.roots() || next >= array.capacity() || ++hops > array.capacity()) {
        return Result.IMPOSSIBLE;
      }
      if (hops % HOPS_BETWEEN_CHECKS == 0
          && root.getInt(rootOffset + layout.version()) != version) {
        return Result.IMPOSSIBLE;
      }
      int extent = array.extentOf(next);
      memory = array.memory(extent);
      offset = array.offset(extent, next);
    }
  }

  private Result match(
      Memory memory, int offset, int slot, long hash, KeyBytes key, @Nullable ValueSink into) {
    if (layout.keysInline()) {
      if (!key.matches(memory, offset + layout.key(slot))) {
        return Result.ABSENT;
      }
      if (layout.valuesInline()) {
        return take(memory, offset + layout.value(slot), state.geometry.valueWidth(), into);
      }
      if (into == null && !expires) {
        return Result.FOUND;
      }
    }
    long reference = memory.getLong(offset + layout.reference(slot));
    if (!layout.keysInline() && !EntryLayout.mayMatch(reference, hash)) {
      return Result.ABSENT;
    }
    long address = EntryLayout.address(reference);
    Memory entries = space.memory(address);
    long entry = Space.offset(address);
    if (entries == null || Entry.keyAt(entry) > entries.size()) {
      return Result.IMPOSSIBLE;
    }
    int keyLength = Entry.keyLength(entries, entry);
    int valueLength = Entry.valueLength(entries, entry);
    if (!isWithin(entries, entry, keyLength, valueLength)) {
      return Result.IMPOSSIBLE;
    }
    if (!layout.keysInline()
        && (keyLength != key.length() || !key.matches(entries, Entry.keyAt(entry)))) {
      return Result.ABSENT;
    }
    return layout.valuesInline()
        ? take(memory, offset + layout.value(slot), state.geometry.valueWidth(), into)
        : take(entries, Entry.keyAt(entry) + keyLength, valueLength, into);
  }

  /** Whether lengths that may have been read from a changing entry are possible. */
  boolean isWithin(Memory entries, long entry, int keyLength, int valueLength) {
    return valueLength >= (layout.valuesInline() ? 0 : state.geometry.stampBytes())
        && valueLength <= Geometry.MAX_VALUE_BYTES
        && Entry.keyAt(entry) + keyLength + valueLength <= entries.size();
  }

  private Result take(Memory memory, long at, int length, @Nullable ValueSink into) {
    if (expires && isExpired(memory, at)) {
      return Result.ABSENT;
    }
    if (into != null) {
      into.take(memory, at + hidden, length - hidden);
    }
    return Result.FOUND;
  }

  private boolean isExpired(Memory memory, long valueAt) {
    return state.geometry.isExpired(memory.getLong(valueAt), state.now());
  }

  // ---------------------------------------------------------------- longs, without objects

  /**
   * Finds a key in a map of longs to longs. Allocates nothing.
   *
   * <p>This is the short way, for what is decided by the root alone and its first slot of that
   * tophash, as nearly all is: so few instructions that the processor is at several look-ups at
   * once, and waits for the memory of all of them together. A bucket's three cache lines are asked
   * for at once, too. What this way cannot decide goes the long one.
   *
   * <p>By being spelt out it is longer than what the JIT inlines. So it is compiled once, and what
   * calls it is short enough to be inlined itself: then neither key nor value need a box.
   *
   * @param wantsValue if not, 1 stands for any value
   * @return its value, or {@code absent}
   * @throws StoreCorruptException if the chain is damaged
   */
  public long longLookUp(long key, boolean wantsValue, long absent) {
    Table t = state.table;
    BucketArray array = t.buckets;
    long hash = t.hasher.hash(key);
    long root = array.addressInProcess((int) hash & array.mask, LongBucket.BYTES);
    if (root == 0 || t.old != null || expires) {
      return longLookUpInChain(key, wantsValue, absent);
    }
    try {
      int version = AddressSpace.getIntAcquire(root + LongBucket.VERSION);
      long tops = AddressSpace.getLong(root);
      CacheLine.use(AddressSpace.getLong(root + CacheLine.BYTES));
      long difference = tops ^ BucketLayout.tophash(hash) * LOW_BITS;
      long candidates = difference - LOW_BITS & ~difference & HIGH_BITS;
      if (candidates != 0) {
        int at = Long.numberOfTrailingZeros(candidates) >>> 3 << 3;
        if (AddressSpace.getLong(root + LongBucket.KEYS + at) == key) {
          long value = wantsValue ? AddressSpace.getLong(root + LongBucket.VALUES + at) : 1;
          VarHandle.loadLoadFence();
          int after = AddressSpace.getInt(root + LongBucket.VERSION);
          if ((version & 1) == 0 && after == version && state.table == t) {
            return value;
          }
        }
      } else if ((tops - LOW_BITS & ~tops & HIGH_BITS) != 0) { // an emptyRest: no bucket follows
        VarHandle.loadLoadFence();
        int after = AddressSpace.getInt(root + LongBucket.VERSION);
        if ((version & 1) == 0 && after == version && state.table == t) {
          return absent;
        }
      }
    } finally {
      Reference.reachabilityFence(array); // and with it the mapping
    }
    return longLookUpInChain(key, wantsValue, absent);
  }

  /** The high bit of each byte that is zero; a false one may stand above a true one. */
  private static long zeroBytes(long bytes) {
    return bytes - LOW_BITS & ~bytes & HIGH_BITS;
  }

  /** The long way. */
  private long longLookUpInChain(long key, boolean wantsValue, long absent) {
    while (true) {
      Table t = state.table;
      long hash = t.hasher.hash(key);
      BucketArray array = t.home((int) hash);
      int bucket = (int) hash & array.mask;
      int extent = array.extentOf(bucket);
      Memory memory = array.memory(extent);
      int offset = array.offset(extent, bucket);
      int version = memory.getIntAcquire(offset + layout.version());
      if ((version & 1) == 0) {
        long found = longProbe(array, memory, offset, hash, key, wantsValue, absent);
        if (isUnchanged(t, array, bucket, memory, offset, version)) {
          return found;
        }
      }
      await(t, array, bucket);
    }
  }

  private long longProbe(
      BucketArray array,
      Memory root,
      int rootOffset,
      long hash,
      long key,
      boolean wantsValue,
      long absent) {
    long pattern = BucketLayout.tophash(hash) * LOW_BITS;
    Memory memory = root;
    int offset = rootOffset;
    int hops = 0;
    while (true) {
      long tops = memory.getLong(offset);
      long candidates = zeroBytes(tops ^ pattern);
      while (candidates != 0) {
        int slot = Long.numberOfTrailingZeros(candidates) >>> 3;
        candidates &= candidates - 1;
        if (memory.getLong(offset + layout.key(slot)) == key) {
          int value = offset + layout.value(slot);
          if (expires && isExpired(memory, value)) {
            return absent;
          }
          return wantsValue ? memory.getLong(value + hidden) : 1;
        }
      }
      int next = memory.getInt(offset + layout.overflow());
      if (zeroBytes(tops) != 0 || next == 0) {
        return absent;
      }
      if (next < array.roots() || next >= array.capacity() || ++hops > array.capacity()) {
        ValueCopy copy = new ValueCopy(); // a change or damage: the general way tells which
        boolean found = get(KeyBytes.ofLong(key), copy);
        return found ? wantsValue ? copy.word() : 1 : absent;
      }
      int extent = array.extentOf(next);
      memory = array.memory(extent);
      offset = array.offset(extent, next);
    }
  }

  // ---------------------------------------------------------------- many keys

  /**
   * Has the chains of some keys fetched, without waiting for one before the next: the look-ups that
   * follow find them in the cache.
   */
  public void prefetch(List<KeyBytes> keys) {
    Table t = state.table;
    Prefetcher prefetcher = new Prefetcher(layout, keys.size());
    long[] hashes = keys.stream().mapToLong(k -> k.hash(t.hasher)).toArray();
    for (long hash : hashes) {
      prefetcher.add(t, hash);
    }
    prefetcher.prefetch();
    if (layout.hasEntries()) {
      for (long hash : hashes) {
        prefetcher.addEntry(t, hash, space);
      }
      prefetcher.fetchEntries();
    }
  }

  /** The same for keys of eight bytes. */
  public void prefetch(long[] keys) {
    Table t = state.table;
    Prefetcher prefetcher = new Prefetcher(layout, keys.length);
    for (long key : keys) {
      prefetcher.add(t, t.hasher.hash(key));
    }
    prefetcher.prefetch();
  }

  // ---------------------------------------------------------------- for iteration

  /** The seed and size of the map at one moment. */
  Table table() {
    return state.table;
  }

  /** {@link #prefetch} of the chains of some roots of the current array, and their entries. */
  void prefetchRoots(Table t, int[] roots) {
    Prefetcher prefetcher = new Prefetcher(layout, roots.length);
    for (int root : roots) {
      prefetcher.add(t, root);
    }
    prefetcher.prefetch();
    if (layout.hasEntries()) {
      for (int root : roots) {
        prefetcher.addEntries(t, root, space);
      }
      prefetcher.fetchEntries();
    }
  }

  /**
   * An entry as it is now; null if it is absent.
   *
   * @param copied before
   * @param chain with which it was copied
   */
  @Nullable EntryBytes current(EntryBytes copied, ChainCopy chain) {
    if (isUntouched(copied, chain)) {
      return copied;
    }
    ValueCopy now = new ValueCopy();
    return get(copied.sought(), now) ? copied.with(now) : null;
  }

  /** Whether a copied entry is still so; if not, it has to be looked up. */
  boolean isUntouched(EntryBytes copied, ChainCopy chain) {
    return chain.isUntouched(this)
        && !(expires && state.geometry.isExpired(copied.stamp, state.now()));
  }

  /** Copies whole chains of the same map. */
  ChainCopier copier() {
    return copier;
  }

  /** Marks that an iterator begins. */
  void markIterator() {
    state.markIterator();
  }
}
