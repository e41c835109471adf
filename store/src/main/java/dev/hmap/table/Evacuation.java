package dev.hmap.table;

import static dev.hmap.format.BucketLayout.EMPTY_REST;
import static dev.hmap.format.BucketLayout.EVACUATED_EMPTY;
import static dev.hmap.format.BucketLayout.EVACUATED_X;
import static dev.hmap.format.BucketLayout.SLOTS;

import dev.hmap.format.BucketLayout;
import dev.hmap.format.EntryLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves chains from the old array to the new one, Go's {@code growWork} and {@code evacuate}.
 * Writer thread only.
 *
 * <p>Entries that have expired at the horizon are not moved: evacuation is where most of them go.
 *
 * <p>The new chains are written while no reader can reach them, because the old root is not marked
 * yet; marking it, under an odd version, makes them the chain's only home.
 */
final class Evacuation {
  /** How far the mark moves at most over chains that were evacuated out of turn. */
  private static final int MAX_ADVANCE = 1024;

  private final HmapState state;
  private final Growth growth;
  private final Cursor root = new Cursor();
  private final Cursor twin = new Cursor();
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

  Evacuation(HmapState state, Growth growth) {
    this.state = state;
    this.growth = growth;
  }

  /**
   * Evacuates the chain that belongs to a root of the new array, then the one at the mark. Where
   * the array is halved, two chains become one and go together; then it is those of the root, or
   * else those at the mark.
   */
  void growWork(int bucket) {
    Table t = state.table;
    BucketArray old = t.old;
    if (old == null || !growth.mayEvacuate()) {
      return;
    }
    int chains = evacuate(old, bucket & old.mask);
    old = state.table.old;
    if (old != null && (chains == 0 || !state.table.halves())) {
      chains += evacuate(old, growth.nevacuate());
    }
    growth.countChains(chains);
  }

  /** Evacuates one chain, or two that become one, unless it was done before; how many it was. */
  private int evacuate(BucketArray old, int bucket) {
    if (bucket < growth.nevacuate()) {
      return 0;
    }
    root.to(old, bucket);
    int moved = 0;
    if (!BucketLayout.isEvacuated(root.tophash(0))) {
      moved = state.table.halves() ? moveTwo(old, bucket) : moveOne(old, bucket);
    }
    if (bucket == growth.nevacuate()) {
      advance(old);
    }
    return moved;
  }

  /** Whether a chain of the old array was evacuated. */
  boolean isEvacuated(BucketArray old, int bucket) {
    if (bucket < growth.nevacuate()) {
      return true;
    }
    root.to(old, bucket);
    return BucketLayout.isEvacuated(root.tophash(0));
  }

  private int moveOne(BucketArray old, int bucket) {
    int buckets = countBuckets(old, bucket);
    if (!growth.hasOverflow(buckets - 1)) {
      growth.ensureOverflow(Math.min(buckets - 1, countEntries(old, bucket) / SLOTS));
    }
    begin(x, bucket);
    if (splits()) {
      begin(y, bucket + old.roots());
    }
    state.seqlock.beginChange(root);
    int entries = move(old, root);
    state.seqlock.endChange(root);
    growth.debt.pay(buckets - 1, entries);
    forgetLeft();
    return 1;
  }

  /** Neither root may be seen evacuated before the new chain holds what was in both. */
  private int moveTwo(BucketArray old, int bucket) {
    int second = bucket + state.table.buckets.roots();
    int buckets = countBuckets(old, bucket) + countBuckets(old, second);
    if (!growth.hasOverflow(buckets - 1)) {
      int entries = countEntries(old, bucket) + countEntries(old, second);
      growth.ensureOverflow(Math.min(buckets - 1, entries / SLOTS));
    }
    begin(x, bucket);
    twin.to(old, second);
    state.seqlock.beginChange(root);
    state.seqlock.beginChange(twin);
    int entries = move(old, root) + move(old, twin);
    state.seqlock.endChange(root);
    state.seqlock.endChange(twin);
    growth.debt.pay(buckets - 1, entries);
    forgetLeft();
    return 2;
  }

  private void forgetLeft() {
    if (leftBehind > 0) {
      state.countEntries(-leftBehind);
      state.countExpired(leftBehind);
      leftEntries.forEach(state.entries::free);
      leftEntries.clear();
      leftBehind = 0;
    }
  }

  /** Whether a chain is divided between two. */
  private boolean splits() {
    BucketArray old = state.table.old;
    return old != null && old.b < state.table.buckets.b;
  }

  /** Moves a chain's entries, and returns how many it had. */
  private int move(BucketArray old, Cursor chain) {
    int entries = 0;
    BucketLayout layout = state.layout;
    boolean splits = splits();
    from.to(chain);
    do {
      state.barrier.beforeWrite(from.address, layout.bytes());
      for (int i = 0; i < SLOTS; i++) {
        int top = from.tophash(i);
        if (BucketLayout.isEmpty(top)) {
          from.setTophash(i, EVACUATED_EMPTY);
          continue;
        }
        entries++;
        if (state.slots.isExpired(from, i, state.horizon())) {
          from.setTophash(i, EVACUATED_EMPTY);
          leftBehind++;
          if (layout.hasEntries()) {
            leftEntries.add(state.slots.entryAddress(from, i));
          }
          continue;
        }
        int useY = splits ? (int) (hashBits(i, old.b) >>> old.b & 1) : 0;
        from.setTophash(i, EVACUATED_X + useY);
        copy(i, top, useY == 0 ? x : y);
      }
    } while (from.toNext(old, layout));
    return entries;
  }

  /** Buckets of a chain. One that runs in a circle would be copied for ever, and its own marks. */
  private int countBuckets(BucketArray old, int bucket) {
    from.to(old, bucket);
    while (from.toNext(old, state.layout)) {
      // to its end
    }
    return from.hops() + 1;
  }

  private int countEntries(BucketArray old, int bucket) {
    int entries = 0;
    from.to(old, bucket);
    do {
      for (int i = 0; i < SLOTS; i++) {
        entries += BucketLayout.isEmpty(from.tophash(i)) ? 0 : 1;
      }
    } while (from.toNext(old, state.layout));
    return entries;
  }

  private void begin(Destination d, int bucket) {
    d.at.to(state.table.buckets, bucket);
    d.next = 0;
    growth.initialise(d.at);
  }

  /** The hash of the key in a slot, at least the bit that chooses the half. */
  private long hashBits(int i, int bit) {
    BucketLayout layout = state.layout;
    int keyAt = from.offset + layout.key(i);
    if (layout.keysInline()) {
      setKey(from.memory, keyAt, state.geometry.keyWidth());
      return key.hash(state.table.hasher);
    }
    long reference = from.memory.getLong(keyAt);
    if (bit >= EntryLayout.HASH_SHIFT) {
      return EntryLayout.hashBits(reference);
    }
    long address = state.slots.entryAddress(from, i);
    Memory memory = state.space.memoryAt(address);
    long entry = Space.offset(address);
    setKey(memory, Entry.keyAt(entry), Entry.keyLength(memory, entry));
    return key.hash(state.table.hasher);
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
    BucketLayout layout = state.layout;
    if (to.next == SLOTS) {
      int overflow = growth.newOverflow();
      to.at.memory.putInt(to.at.offset + layout.overflow(), overflow);
      to.at.to(state.table.buckets, overflow);
      growth.initialise(to.at);
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
    int units = Math.min(old.roots(), state.table.buckets.roots());
    int stop = (int) Math.min(mark + (long) MAX_ADVANCE, units);
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
