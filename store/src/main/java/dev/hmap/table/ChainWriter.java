package dev.hmap.table;

import static dev.hmap.format.BucketLayout.EMPTY_ONE;
import static dev.hmap.format.BucketLayout.EMPTY_REST;
import static dev.hmap.format.BucketLayout.SLOTS;

import dev.hmap.format.BucketLayout;
import dev.hmap.format.EntryLayout;

/**
 * The writer at one chain: it finds a key's slot there, and then fills, changes or empties it.
 * {@link #locate} leaves the cursors at the slot, where all that follows works.
 *
 * <p>A new entry is written before the chain refers to it, and an old one is given back when the
 * chain does so no more; all else changes while the chain's version is odd. Writer thread only.
 */
final class ChainWriter {
  private final HmapState state;
  private final BucketLayout layout;
  private final Space space;
  private final WriteBarrier barrier;
  private final ChainSeqlock seqlock;
  private final Slots slots;
  private final EntryStore entries;
  private final Growth growth;
  private final Evacuation evacuation;

  // Where the last look-up ended.
  private final Cursor root = new Cursor();
  private final Cursor at = new Cursor();
  private final Cursor emptyAt = new Cursor();
  private final KeyBytes key = new KeyBytes();
  private int slot;

  /** The array of the chain: the old one where evacuation has to wait. */
  private BucketArray array;

  ChainWriter(HmapState state, Growth growth, Evacuation evacuation) {
    this.state = state;
    this.layout = state.layout;
    this.space = state.space;
    this.barrier = state.barrier;
    this.seqlock = state.seqlock;
    this.slots = state.slots;
    this.entries = state.entries;
    this.growth = growth;
    this.evacuation = evacuation;
    this.array = state.table.buckets;
  }

  // ---------------------------------------------------------------- looking up

  /**
   * Sets the key that the calls that follow are about.
   *
   * @return its hash
   */
  long setKey(byte[] k, int keyAt, int keyLength) {
    key.set(k, keyAt, keyLength);
    return key.hash(state.table.hasher);
  }

  /**
   * Evacuates what must be, then finds the key: {@link #root}, and if it is present {@link #at} and
   * {@link #slot}; if not, the first empty slot of the chain, or slot -1 and the chain's last
   * bucket.
   */
  boolean locate(long hash) {
    Table t = state.table;
    if (t.old != null) {
      evacuation.growWork((int) hash & t.buckets.mask);
    }
    return find(hash);
  }

  /** The same without evacuating anything. */
  boolean find(long hash) {
    BucketArray buckets = state.table.home((int) hash);
    array = buckets;
    int bucket = (int) hash & buckets.mask;
    root.to(buckets, bucket);
    at.to(root);
    slot = -1;
    Cursor empty = null;
    int tophash = BucketLayout.tophash(hash);
    int emptySlot = -1;
    do {
      for (int i = 0; i < SLOTS; i++) {
        int top = at.tophash(i);
        if (BucketLayout.isEmpty(top)) {
          if (emptySlot < 0) {
            emptySlot = i;
            empty = emptyAt;
            empty.to(at);
          }
          if (top == EMPTY_REST) {
            at.to(emptyAt);
            slot = emptySlot;
            return false;
          }
        } else if (top == tophash && slots.keyMatches(key, at, i, hash)) {
          slot = i;
          return true;
        }
      }
    } while (at.toNext(buckets, layout));
    if (empty != null) {
      at.to(empty);
      slot = emptySlot;
    }
    return false;
  }

  /** {@link Slots#isExpired} of the slot that was found. */
  boolean isExpired(long time) {
    return slots.isExpired(at, slot, time);
  }

  /** {@link Slots#copyValue} of the slot that was found. */
  ValueCopy copyValue() {
    return slots.copyValue(at, slot);
  }

  /** {@link Slots#valueMatches} of the slot that was found. */
  boolean valueMatches(byte[] v, int expected, int length) {
    return slots.valueMatches(at, slot, v, expected, length);
  }

  // ---------------------------------------------------------------- putting

  /** Puts the key, which is absent, into the empty slot that was found, or a new bucket. */
  void insert(long hash, byte[] v, int valueAt, int valueLength) {
    if (array != state.table.buckets) {
      throw new IllegalStateException(
          "an insertion into array %d, which is being evacuated".formatted(array.id));
    }
    long reference = layout.hasEntries() ? writeEntry(hash, v, valueAt, valueLength) : 0;
    if (slot < 0) {
      int next = growth.newOverflow();
      seqlock.beginChange(root);
      barrier.beforeWrite(at.address, layout.bytes());
      at.memory.putInt(at.offset + layout.overflow(), next);
      array = state.table.buckets;
      at.to(array, next);
      growth.initialise(at);
      slot = 0;
    } else {
      seqlock.beginChange(root);
      barrier.beforeWrite(at.address, layout.bytes());
    }
    if (layout.keysInline()) {
      key.writeTo(at.memory, at.offset + layout.key(slot));
    }
    if (layout.valuesInline()) {
      at.memory.put(at.offset + layout.value(slot), v, valueAt, valueLength);
    }
    if (layout.hasEntries()) {
      at.memory.putLong(at.offset + layout.reference(slot), reference);
    }
    at.setTophash(slot, BucketLayout.tophash(hash));
    seqlock.endChange(root);
    state.countEntries(1);
  }

  /**
   * Writes the entry for a key or a value, or both, that is not inline, and returns a reference.
   */
  private long writeEntry(long hash, byte[] v, int valueAt, int valueLength) {
    int keyPart = layout.keysInline() ? 0 : key.length();
    int valuePart = layout.valuesInline() ? 0 : valueLength;
    int bytes = Entry.bytes(keyPart, valuePart);
    long address = entries.allocate(bytes);
    barrier.beforeWrite(address, bytes);
    Memory memory = space.memoryAt(address);
    long offset = Space.offset(address);
    memory.putInt(offset + EntryLayout.KEY_LENGTH, keyPart);
    memory.putInt(offset + EntryLayout.VALUE_LENGTH, valuePart);
    if (keyPart > 0) {
      key.writeTo(memory, Entry.keyAt(offset));
    }
    memory.put(Entry.keyAt(offset) + keyPart, v, valueAt, valuePart);
    return EntryLayout.reference(address, hash);
  }

  /** Whether a value of this many bytes can stand where that of the slot that was found does. */
  boolean fitsInPlace(int valueLength) {
    if (layout.valuesInline()) {
      return true;
    }
    long address = slots.entryAddress(at, slot);
    Memory memory = space.memoryAt(address);
    long offset = Space.offset(address);
    int keyPart = Entry.keyLength(memory, offset);
    return EntryStore.fitsInPlace(
        Entry.bytes(keyPart, Entry.valueLength(memory, offset)), Entry.bytes(keyPart, valueLength));
  }

  /** Changes the value of the slot that was found. */
  void update(long hash, byte[] v, int valueAt, int valueLength) {
    if (layout.valuesInline()) {
      seqlock.beginChange(root);
      barrier.beforeWrite(at.address, layout.bytes());
      at.memory.put(at.offset + layout.value(slot), v, valueAt, valueLength);
      seqlock.endChange(root);
      return;
    }
    long oldAddress = slots.entryAddress(at, slot);
    Memory memory = space.memoryAt(oldAddress);
    long offset = Space.offset(oldAddress);
    int keyPart = Entry.keyLength(memory, offset);
    int oldBytes = Entry.bytes(keyPart, Entry.valueLength(memory, offset));
    int bytes = Entry.bytes(keyPart, valueLength);
    if (EntryStore.fitsInPlace(oldBytes, bytes)) {
      seqlock.beginChange(root);
      barrier.beforeWrite(oldAddress, bytes);
      memory.putInt(offset + EntryLayout.VALUE_LENGTH, valueLength);
      memory.put(Entry.keyAt(offset) + keyPart, v, valueAt, valueLength);
      seqlock.endChange(root);
      entries.resized(oldBytes, bytes);
      return;
    }
    long reference = writeEntry(hash, v, valueAt, valueLength);
    seqlock.beginChange(root);
    barrier.beforeWrite(at.address, layout.bytes());
    at.memory.putLong(at.offset + layout.reference(slot), reference);
    seqlock.endChange(root);
    entries.free(oldAddress);
  }

  // ---------------------------------------------------------------- removing

  /** {@link #delete()} at a slot in use of a chain that no key led to. */
  void delete(Cursor chain, Cursor bucket, int i) {
    array = state.table.buckets;
    root.to(chain);
    at.to(bucket);
    slot = i;
    delete();
  }

  /**
   * Empties the slot that was found, and turns a run of empty slots at the chain's end into {@code
   * emptyRest}.
   */
  void delete() {
    long entry = layout.hasEntries() ? slots.entryAddress(at, slot) : -1;
    seqlock.beginChange(root);
    barrier.beforeWrite(at.address, layout.bytes());
    at.setTophash(slot, EMPTY_ONE);
    if (nextTophash() == EMPTY_REST) {
      walkBack();
    }
    seqlock.endChange(root);
    state.countEntries(-1);
    if (entry >= 0) {
      entries.free(entry);
    }
  }

  /** The tophash after the slot, {@code emptyRest} after the chain's last. */
  private int nextTophash() {
    if (slot < SLOTS - 1) {
      return at.tophash(slot + 1);
    }
    emptyAt.to(at);
    return emptyAt.toNext(array, layout) ? emptyAt.tophash(0) : EMPTY_REST;
  }

  private void walkBack() {
    while (true) {
      at.setTophash(slot, EMPTY_REST);
      if (slot > 0) {
        slot--;
      } else {
        if (at.address == root.address) {
          return;
        }
        long here = at.address;
        at.to(root);
        emptyAt.to(root);
        while (emptyAt.toNext(array, layout) && emptyAt.address != here) {
          at.to(emptyAt);
        }
        slot = SLOTS - 1;
      }
      if (at.tophash(slot) != EMPTY_ONE) {
        return;
      }
      barrier.beforeWrite(at.address, layout.bytes());
    }
  }
}
