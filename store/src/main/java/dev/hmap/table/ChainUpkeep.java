package dev.hmap.table;

import static dev.hmap.format.BucketLayout.SLOTS;

import dev.hmap.error.StoreCorruptException;
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
  private final Hmap map;
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

  ChainUpkeep(Hmap map, ChainWriter writer) {
    this.map = map;
    this.writer = writer;
    this.layout = map.layout;
    this.slots = map.slots;
    this.entries = map.entries;
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
    if (map.geometry.isExpired(stamp, map.horizon())) {
      writer.delete(root, at, i);
      map.countExpired(1);
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

  /** Comes by each slot in use of a chain, which is then at hand. */
  private void walk(int bucket, IntConsumer slotInUse) {
    BucketArray buckets = map.table.buckets;
    root.to(buckets, bucket & buckets.mask);
    at.to(root);
    for (int hops = 0; hops <= buckets.capacity(); hops++) {
      for (int i = 0; i < SLOTS; i++) {
        if (at.tophash(i) >= BucketLayout.MIN_TOP_HASH) {
          slotInUse.accept(i);
        }
      }
      int next = at.memory.getInt(at.offset + layout.overflow());
      if (next == 0) {
        return;
      }
      at.toOverflow(buckets, next);
    }
    throw new StoreCorruptException(
        "the chain of bucket %,d of array %d does not end".formatted(bucket, buckets.id));
  }

  private void moveEntry(int i) {
    long from = slots.entryAddress(at, i);
    if (!entries.isSealed(from)) {
      return;
    }
    Memory memory = map.space.memoryAt(from);
    long offset = Space.offset(from);
    int bytes =
        EntryStore.entryBytes(Slots.keyLength(memory, offset), Slots.valueLength(memory, offset));
    if (!entries.hasRoomFor(bytes)) {
      secureRoomFor(bytes);
    }
    long to = entries.allocate(bytes);
    map.barrier.beforeWrite(to, bytes);
    memory.copy(offset, map.space.memoryAt(to), Space.offset(to), bytes);
    long reference = at.memory.getLong(at.offset + layout.reference(i));
    map.seqlock.beginChange(root);
    map.barrier.beforeWrite(at.address, layout.bytes());
    at.memory.putLong(at.offset + layout.reference(i), EntryLayout.moved(reference, to));
    map.seqlock.endChange(root);
    entries.free(from);
  }

  private void secureRoomFor(int bytes) {
    long[] demand = ExtentAllocator.noDemand();
    entries.addSlabs(SizeClasses.of(bytes), 1, false, demand);
    map.growth.addStanding(demand);
    try {
      map.space.secure(demand);
    } catch (IOException e) {
      throw new StoreFailedException("the data file could not be extended: " + e.getMessage(), e);
    }
  }
}
