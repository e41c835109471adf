package dev.hmap.table;

import static dev.hmap.format.BucketLayout.SLOTS;

import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.BucketLayout;
import dev.hmap.format.EntryLayout;
import dev.hmap.format.SizeClasses;
import java.io.IOException;
import java.util.function.IntConsumer;

/**
 * What the writer does to a chain unasked, while the map does not grow: it removes entries that
 * have expired, and for {@link Compaction} moves entries to other places. Nothing of it is logged:
 * the map holds the same afterwards. Writer thread only.
 */
final class ChainUpkeep {
  private final HmapState state;
  private final Growth growth;
  private final ChainWriter writer;
  private final BucketLayout layout;
  private final Slots slots;
  private final EntryStore entries;
  private final Cursor root = new Cursor();
  private final Cursor at = new Cursor();
  private final IntConsumer sweepSlot = this::sweepSlot;
  private final IntConsumer moveEntry = this::moveEntry;

  /** Of the chain being swept: the oldest stamp so far. */
  private long oldest;

  ChainUpkeep(HmapState state, Growth growth, ChainWriter writer) {
    this.state = state;
    this.growth = growth;
    this.writer = writer;
    this.layout = state.layout;
    this.slots = state.slots;
    this.entries = state.entries;
  }

  /**
   * Removes what has expired at the horizon from one chain.
   *
   * @param bucket a number; its low bits choose the root
   * @return the oldest stamp that was left, {@link Long#MAX_VALUE} if none was seen
   */
  long sweep(int bucket) {
    oldest = Long.MAX_VALUE;
    walk(bucket, sweepSlot);
    return oldest;
  }

  private void sweepSlot(int i) {
    long stamp = slots.stamp(at, i);
    if (state.geometry.isExpired(stamp, state.horizon())) {
      writer.delete(root, at, i);
      state.countExpired(1);
    } else {
      oldest = Math.min(oldest, stamp);
    }
  }

  /**
   * Moves the entries of one chain that lie in sealed extents, which are no large ones.
   *
   * @throws StoreFullException if there is no room for one, before it is moved
   */
  void moveEntries(int bucket) {
    walk(bucket, moveEntry);
  }

  /** Visits each slot in use of a chain; {@link #at} is its bucket then. */
  private void walk(int bucket, IntConsumer slotInUse) {
    BucketArray buckets = state.table.buckets;
    root.to(buckets, bucket & buckets.mask);
    at.to(root);
    do {
      for (int i = 0; i < SLOTS; i++) {
        if (at.tophash(i) >= BucketLayout.MIN_TOP_HASH) {
          slotInUse.accept(i);
        }
      }
    } while (at.toNext(buckets, layout));
  }

  private void moveEntry(int i) {
    long from = slots.entryAddress(at, i);
    if (!entries.isSealed(from)) {
      return;
    }
    Memory memory = state.space.memoryAt(from);
    long offset = Space.offset(from);
    int bytes = Entry.bytes(memory, offset);
    if (!entries.hasRoomFor(bytes)) {
      secureRoomFor(bytes);
    }
    long to = entries.allocate(bytes);
    state.barrier.beforeWrite(to, bytes);
    memory.copy(offset, state.space.memoryAt(to), Space.offset(to), bytes);
    long reference = at.memory.getLong(at.offset + layout.reference(i));
    state.seqlock.beginChange(root);
    state.barrier.beforeWrite(at.address, layout.bytes());
    at.memory.putLong(at.offset + layout.reference(i), EntryLayout.moved(reference, to));
    state.seqlock.endChange(root);
    entries.free(from);
  }

  private void secureRoomFor(int bytes) {
    long[] demand = ExtentAllocator.noDemand();
    entries.addSlabs(SizeClasses.of(bytes), 1, false, demand);
    growth.addStanding(demand);
    try {
      state.space.secure(demand, growth.evacuatedBytes(0));
    } catch (IOException e) {
      throw new StoreFailedException("the data file could not be extended: " + e.getMessage(), e);
    }
  }
}
