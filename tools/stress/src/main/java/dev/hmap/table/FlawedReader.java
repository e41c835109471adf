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
    /** A mark of evacuation counts while the evacuation is under way. */
    MARK_IS_TRUSTED
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
      BucketArray old = t.old;
      boolean isOld = old != null && ((int) hash & old.mask) >= t.evacuatedBelow;
      Boolean found = old != null && isOld ? probe(t, old, hash, key, into) : null;
      if (found == null) {
        found = probe(t, t.buckets, hash, key, into);
      }
      if (found != null) {
        return found;
      }
      map.state.seqlock.awaitWriter();
    }
  }

  /** Whether the key is in an array; null if that array does not tell. */
  private @Nullable Boolean probe(
      Table t, BucketArray array, long hash, KeyBytes key, ValueCopy into) {
    int bucket = (int) hash & array.mask;
    int extent = array.extentOf(bucket);
    Memory memory = array.memory(extent);
    int offset = array.offset(extent, bucket);
    while (true) {
      int version = memory.getIntAcquire(offset + layout.version());
      boolean evacuated =
          array != t.buckets && BucketLayout.isEvacuated(tophash(memory, offset, 0));
      if (evacuated && flaw == Flaw.MARK_IS_TRUSTED) {
        return null;
      }
      boolean found = !evacuated && find(array, memory, offset, hash, key, into);
      VarHandle.loadLoadFence();
      boolean isEven = (version & 1) == 0 || flaw == Flaw.ODD_VERSION_IS_READ;
      boolean isSame =
          memory.getInt(offset + layout.version()) == version || flaw == Flaw.NO_VERSION_RECHECK;
      boolean isCurrent = map.state.table == t || flaw == Flaw.NO_TABLE_RECHECK;
      if (isEven && isSame && isCurrent) {
        return evacuated ? null : (Boolean) found;
      }
      if (!isCurrent) {
        return null;
      }
      map.state.seqlock.awaitWriter();
    }
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
