package dev.hmap.table;

import static dev.hmap.format.BucketLayout.EMPTY_REST;
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
 * <p>The new chains are written while no reader can reach them, because the old chain is not marked
 * evacuated yet; the mark makes them its only home. The old chain is not changed at all: that would
 * copy its pages, and have them written, only to be freed.
 */
final class Evacuation {
  /** How far {@code nevacuate} moves at most over chains that were evacuated out of turn. */
  private static final int MAX_ADVANCE = 1024;

  private final HmapState state;
  private final Growth growth;
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
   * Evacuates the chain that belongs to a root of the new array, then the one at {@code nevacuate}.
   * Where the array is halved, two chains become one and go together; then it is those of the root,
   * or else those at {@code nevacuate}.
   */
  void growWork(int bucket) {
    Table t = state.table;
    if (t.marks == null || !growth.mayEvacuate()) {
      return;
    }
    int chains = evacuate(t, bucket & t.units() - 1);
    t = state.table;
    if (t.marks != null && (chains == 0 || !t.halves())) {
      chains += evacuate(t, growth.nevacuate());
    }
    growth.countChains(chains);
  }

  /** Evacuates one unit, unless it was done before; how many chains that were. */
  private int evacuate(Table t, int unit) {
    BucketArray old = t.old;
    EvacuationMarks marks = t.marks;
    if (old == null || marks == null) {
      throw new IllegalStateException("there is nothing to evacuate");
    }
    int chains = 0;
    if (!marks.isEvacuated(unit)) {
      move(t, old, unit);
      marks.mark(unit);
      forgetLeft();
      chains = old.roots() / t.units();
    }
    if (unit == growth.nevacuate()) {
      advance(marks, t.units());
    }
    return chains;
  }

  /** Copies a unit into its new chains. */
  private void move(Table t, BucketArray old, int unit) {
    int buckets = 0;
    for (int root = unit; root < old.roots(); root += t.units()) {
      buckets += countBuckets(old, root);
    }
    if (!growth.hasOverflow(buckets - 1)) {
      growth.ensureOverflow(Math.min(buckets - 1, countEntries(t, old, unit) / SLOTS));
    }
    begin(x, unit);
    if (old.b < t.buckets.b) {
      begin(y, unit + old.roots());
    }
    int entries = 0;
    for (int root = unit; root < old.roots(); root += t.units()) {
      entries += moveChain(old, root);
    }
    growth.debt.pay(buckets - 1, entries);
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

  /** Copies a chain's entries, and returns how many it had. */
  private int moveChain(BucketArray old, int root) {
    int entries = 0;
    BucketLayout layout = state.layout;
    boolean splits = old.b < state.table.buckets.b;
    from.to(old, root);
    do {
      for (int i = 0; i < SLOTS; i++) {
        int top = from.tophash(i);
        if (BucketLayout.isEmpty(top)) {
          continue;
        }
        entries++;
        if (state.slots.isExpired(from, i, state.horizon())) {
          leftBehind++;
          if (layout.hasEntries()) {
            leftEntries.add(state.slots.entryAddress(from, i));
          }
          continue;
        }
        boolean goesToY = splits && (hashBits(i, old.b) >>> old.b & 1) != 0;
        copy(i, top, goesToY ? y : x);
      }
    } while (from.toNext(old, layout));
    return entries;
  }

  /** Buckets of a chain. One that runs in a circle would be copied for ever. */
  private int countBuckets(BucketArray old, int bucket) {
    from.to(old, bucket);
    while (from.toNext(old, state.layout)) {
      // to its end
    }
    return from.hops() + 1;
  }

  private int countEntries(Table t, BucketArray old, int unit) {
    int entries = 0;
    for (int root = unit; root < old.roots(); root += t.units()) {
      from.to(old, root);
      do {
        for (int i = 0; i < SLOTS; i++) {
          entries += BucketLayout.isEmpty(from.tophash(i)) ? 0 : 1;
        }
      } while (from.toNext(old, state.layout));
    }
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
  private void advance(EvacuationMarks marks, int units) {
    int next = growth.nevacuate() + 1;
    int stop = (int) Math.min(next + (long) MAX_ADVANCE, units);
    while (next < stop && marks.isEvacuated(next)) {
      next++;
    }
    growth.setNevacuate(next);
  }

  static {
    if (EMPTY_REST != 0) {
      throw new IllegalStateException("a bucket of zeros must be empty");
    }
  }
}
