package dev.hmap.table;

import static dev.hmap.format.BucketLayout.EMPTY_REST;
import static dev.hmap.format.BucketLayout.EVACUATED_EMPTY;
import static dev.hmap.format.BucketLayout.EVACUATED_X;
import static dev.hmap.format.BucketLayout.SLOTS;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.BucketLayout;
import dev.hmap.format.EntryLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves chains from the old array to the new one, Go's {@code growWork} and {@code evacuate}.
 * Writer thread only.
 *
 * <p>Entries that have expired are not moved: evacuation is where most of them go.
 *
 * <p>The new chains are written while no reader can reach them, because the old root is not marked
 * yet; marking it, under an odd version, makes them the chain's only home.
 */
final class Evacuation {
  /** How far the mark moves at most over chains that were evacuated out of turn. */
  private static final int MAX_ADVANCE = 1024;

  private final Hmap map;
  private final Growth growth;
  private final Cursor root = new Cursor();
  private final Cursor from = new Cursor();
  private final Destination x = new Destination();
  private final Destination y = new Destination();
  private final KeyBytes key = new KeyBytes();

  // What had expired in the chain at hand, and so is not copied.
  private final List<Long> leftEntries = new ArrayList<>();
  private int leftBehind;

  /** Where the next entry of one half goes. */
  private static final class Destination {
    final Cursor at = new Cursor();
    int next;
  }

  Evacuation(Hmap map, Growth growth) {
    this.map = map;
    this.growth = growth;
  }

  /** Evacuates the chain that belongs to a root of the new array, then the one at the mark. */
  void growWork(int bucket) {
    Table t = map.table;
    BucketArray old = t.old;
    if (old == null) {
      return;
    }
    int chains = evacuate(old, bucket & old.mask) ? 1 : 0;
    old = map.table.old;
    if (old != null && evacuate(old, growth.nevacuate())) {
      chains++;
    }
    growth.countChains(chains);
  }

  /** Evacuates one chain unless it was before. */
  private boolean evacuate(BucketArray old, int bucket) {
    if (bucket < growth.nevacuate()) {
      return false;
    }
    root.to(old, bucket);
    boolean moved = !BucketLayout.isEvacuated(root.tophash(0));
    if (moved) {
      move(old, bucket);
    }
    if (bucket == growth.nevacuate()) {
      advance(old);
    }
    return moved;
  }

  private void move(BucketArray old, int bucket) {
    BucketLayout layout = map.layout;
    begin(x, bucket);
    if (!growth.isSameSizeGrow()) {
      begin(y, bucket + old.roots());
    }
    checkEnds(old, bucket);
    map.beginChange(root);
    from.to(root);
    while (true) {
      map.barrier.beforeWrite(from.address, layout.bytes());
      for (int i = 0; i < SLOTS; i++) {
        int top = from.tophash(i);
        if (BucketLayout.isEmpty(top)) {
          from.setTophash(i, EVACUATED_EMPTY);
          continue;
        }
        if (map.isExpired(from, i)) {
          from.setTophash(i, EVACUATED_EMPTY);
          leftBehind++;
          if (layout.hasEntries()) {
            leftEntries.add(map.entryAddress(from, i));
          }
          continue;
        }
        int useY = growth.isSameSizeGrow() ? 0 : (int) (hashBits(i, old.b) >>> old.b & 1);
        from.setTophash(i, EVACUATED_X + useY);
        copy(i, top, useY == 0 ? x : y);
      }
      int next = from.memory.getInt(from.offset + layout.overflow());
      if (next == 0) {
        break;
      }
      from.to(old, next);
    }
    map.endChange(root);
    if (leftBehind > 0) {
      map.forget(leftEntries, leftBehind);
      leftEntries.clear();
      leftBehind = 0;
    }
  }

  /** A chain that runs in a circle would be copied for ever, and its own marks with it. */
  private void checkEnds(BucketArray old, int bucket) {
    from.to(root);
    int next = from.memory.getInt(from.offset + map.layout.overflow());
    for (int hops = 0; next != 0; hops++) {
      if (hops > old.capacity()) {
        throw new StoreCorruptException(
            "the chain of bucket %,d of array %d does not end".formatted(bucket, old.id));
      }
      from.toOverflow(old, next);
      next = from.memory.getInt(from.offset + map.layout.overflow());
    }
  }

  private void begin(Destination d, int bucket) {
    d.at.to(map.table.buckets, bucket);
    d.next = 0;
    map.initialise(d.at);
  }

  /** The hash of the key in a slot, at least the bit that chooses the half. */
  private long hashBits(int i, int bit) {
    BucketLayout layout = map.layout;
    int keyAt = from.offset + layout.key(i);
    if (layout.keysInline()) {
      setKey(from.memory, keyAt, map.geometry.keyWidth());
      return key.hash(map.table.hasher);
    }
    long reference = from.memory.getLong(keyAt);
    if (bit >= EntryLayout.HASH_SHIFT) {
      return EntryLayout.hashBits(reference);
    }
    long address = map.entryAddress(from, i);
    Memory memory = map.space.memoryAt(address);
    long entry = Space.offset(address);
    setKey(
        memory,
        entry + EntryLayout.HEADER_BYTES,
        memory.getInt(entry + EntryLayout.KEY_LENGTH) & 0xFFFF);
    return key.hash(map.table.hasher);
  }

  private void setKey(Memory memory, long at, int length) {
    if (length == Long.BYTES) {
      key.setWord(memory.getLong(at));
    } else {
      byte[] bytes = new byte[length];
      memory.get(at, bytes, 0, length);
      key.set(bytes, 0, length);
    }
  }

  private void copy(int i, int tophash, Destination to) {
    BucketLayout layout = map.layout;
    if (to.next == SLOTS) {
      int overflow = growth.newOverflow();
      to.at.memory.putInt(to.at.offset + layout.overflow(), overflow);
      to.at.to(map.table.buckets, overflow);
      map.initialise(to.at);
      to.next = 0;
    }
    Cursor at = to.at;
    int slot = to.next++;
    from.memory.copy(
        from.offset + layout.key(i),
        at.memory,
        at.offset + layout.key(slot),
        layout.keySlotBytes());
    from.memory.copy(
        from.offset + layout.value(i),
        at.memory,
        at.offset + layout.value(slot),
        layout.valueSlotBytes());
    at.setTophash(slot, tophash);
  }

  /** Go's {@code advanceEvacuationMark}. */
  private void advance(BucketArray old) {
    int mark = growth.nevacuate() + 1;
    int stop = (int) Math.min(mark + (long) MAX_ADVANCE, old.roots());
    while (mark < stop) {
      root.to(old, mark);
      if (!BucketLayout.isEvacuated(root.tophash(0))) {
        break;
      }
      mark++;
    }
    growth.setNevacuate(mark);
  }

  static {
    if (EMPTY_REST != 0) {
      throw new IllegalStateException("a bucket of zeros must be empty");
    }
  }
}
