package dev.hmap.table;

import dev.hmap.format.BucketLayout;
import dev.hmap.format.EntryLayout;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * {@link HmapReader#get} with one check left out: the tests must notice. Otherwise the same
 * protocol, in its plainest form.
 */
final class FlawedReader implements Lookup {
  /** The check that is left out. */
  enum Flaw {
    /** None: the tests must be content. */
    NONE,
    /** A chain is read while its version is odd. */
    ODD_VERSION_IS_READ,
    /** The version is not compared after reading. */
    NO_VERSION_RECHECK,
    /** The table is not compared after reading. */
    NO_TABLE_RECHECK,
    /** The new array counts before the chain was evacuated to it. */
    NEW_ARRAY_IS_TRUSTED,
    /** The mark of evacuation is not looked at after reading. */
    NO_MARK_RECHECK
  }

  private final Hmap map;
  private final BucketLayout layout;
  private final Flaw flaw;

  FlawedReader(Hmap map, Flaw flaw) {
    this.map = map;
    this.layout = map.state.layout;
    this.flaw = flaw;
  }

  @Override
  public boolean get(KeyBytes key, ValueCopy into) {
    while (true) {
      Table t = map.state.table;
      long hash = key.hash(t.hasher);
      BucketArray array = flaw == Flaw.NEW_ARRAY_IS_TRUSTED ? t.buckets : t.home((int) hash);
      Boolean found = probe(t, array, hash, key, into);
      if (found != null) {
        return found;
      }
      map.state.seqlock.awaitWriter();
    }
  }

  /** Whether the key is in an array; null if what was read does not count. */
  private @Nullable Boolean probe(
      Table t, BucketArray array, long hash, KeyBytes key, ValueCopy into) {
    int bucket = (int) hash & array.mask;
    int extent = array.extentOf(bucket);
    Memory memory = array.memory(extent);
    int offset = array.offset(extent, bucket);
    int version = memory.getIntAcquire(offset + layout.version());
    boolean found = find(array, memory, offset, hash, key, into);
    VarHandle.loadLoadFence();
    boolean isEven = (version & 1) == 0 || flaw == Flaw.ODD_VERSION_IS_READ;
    boolean isSame =
        memory.getInt(offset + layout.version()) == version || flaw == Flaw.NO_VERSION_RECHECK;
    boolean isHome = t.isStillHome(array, bucket) || flaw == Flaw.NO_MARK_RECHECK;
    boolean isCurrent = map.state.table == t || flaw == Flaw.NO_TABLE_RECHECK;
    return isEven && isSame && isHome && isCurrent ? (Boolean) found : null;
  }

  private boolean find(
      BucketArray array,
      Memory rootMemory,
      int rootOffset,
      long hash,
      KeyBytes key,
      ValueCopy into) {
    Memory memory = rootMemory;
    int offset = rootOffset;
    for (int hops = 0; hops < array.capacity(); hops++) {
      for (int i = 0; i < BucketLayout.SLOTS; i++) {
        if (tophash(memory, offset, i) == BucketLayout.tophash(hash)
            && copy(memory, offset, i, hash, key, into)) {
          return true;
        }
      }
      int next = memory.getInt(offset + layout.overflow());
      if (next < array.roots() || next >= array.capacity()) {
        return false;
      }
      int extent = array.extentOf(next);
      memory = array.memory(extent);
      offset = array.offset(extent, next);
    }
    return false;
  }

  private static int tophash(Memory memory, int offset, int slot) {
    return Byte.toUnsignedInt(memory.getByte(offset + slot));
  }

  private boolean copy(
      Memory memory, int offset, int slot, long hash, KeyBytes key, ValueCopy into) {
    if (layout.keysInline()) {
      if (!key.matches(memory, offset + layout.key(slot))) {
        return false;
      }
    } else {
      long reference = memory.getLong(offset + layout.reference(slot));
      if (!EntryLayout.mayMatch(reference, hash)) {
        return false;
      }
      long address = EntryLayout.address(reference);
      Memory entries = map.state.space.memory(address);
      long entry = Space.offset(address);
      if (entries == null || entry + EntryLayout.HEADER_BYTES > entries.size()) {
        return false;
      }
      int keyLength = entries.getInt(entry + EntryLayout.KEY_LENGTH) & 0xFFFF;
      int valueLength = entries.getInt(entry + EntryLayout.VALUE_LENGTH);
      long value = entry + EntryLayout.HEADER_BYTES + keyLength;
      if (keyLength != key.length()
          || valueLength < 0
          || value + valueLength > entries.size()
          || !key.matches(entries, entry + EntryLayout.HEADER_BYTES)) {
        return false;
      }
      if (!layout.valuesInline()) {
        into.take(entries, value, valueLength);
        return true;
      }
    }
    into.take(memory, offset + layout.value(slot), map.state.geometry.valueWidth());
    return true;
  }
}
