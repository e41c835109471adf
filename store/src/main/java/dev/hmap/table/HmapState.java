package dev.hmap.table;

import dev.hmap.format.BucketLayout;
import dev.hmap.format.Geometry;
import dev.hmap.format.HmapFields;
import java.lang.invoke.VarHandle;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the parts of a map share: its layout, where its memory comes from, and what readers see of
 * it. Knows none of the parts.
 */
final class HmapState {
  // Constant after construction; what is in the objects is the writer's, but for the sequence
  // locks.
  final Geometry geometry;
  final BucketLayout layout;
  final Space space;
  final WriteBarrier barrier;
  final ChainSeqlock seqlock;
  final EntryStore entries;
  final Slots slots;
  final Hmap.Counters counters = new Hmap.Counters();

  // Published to readers; changed by the writer only.
  volatile Table table;

  /** See {@link #horizon}. */
  private volatile long horizon;

  private final AtomicLong published = new AtomicLong();

  /** Writer thread only. */
  private long count;

  /** Go's {@code flags}, as far as they are about iterators. Changed by any thread. */
  private final AtomicInteger iteratorFlags = new AtomicInteger();

  /** Where a map whose entries expire has the time from. Set before there are readers. */
  private InstantSource time = InstantSource.system();

  HmapState(Geometry geometry, Space space, WriteBarrier barrier, Table table) {
    this.geometry = geometry;
    this.layout = new BucketLayout(geometry);
    this.space = space;
    this.barrier = barrier;
    this.table = table;
    this.seqlock = new ChainSeqlock(layout, barrier, () -> publish(this.table.again()));
    this.entries = new EntryStore(space, barrier);
    this.slots = new Slots(geometry, layout, space, entries);
  }

  /**
   * Makes a table the current one. The fence keeps stores to memory that the table before had after
   * it, whatever is stored there next; it pairs with the look at the table in {@link HmapReader}'s
   * check that a chain was unchanged.
   */
  void publish(Table next) {
    table = next;
    VarHandle.storeStoreFence();
  }

  // ---------------------------------------------------------------- counting

  /** Live entries. Any thread. */
  long count() {
    return published.getAcquire();
  }

  /** Sets the number of entries. */
  void setCount(long now) {
    count = now;
    published.setRelease(now); // pairs with count()
  }

  /** Counts entries that came, or that went if there are fewer than none. */
  void countEntries(int more) {
    setCount(count + more);
  }

  /** Counts entries that were removed because they had expired. */
  void countExpired(int more) {
    counters.expired.setRelease(counters.expired.getPlain() + more);
  }

  // ---------------------------------------------------------------- expiry

  /** {@link Hmap#horizon}. Any thread. */
  long horizon() {
    return horizon;
  }

  void advanceHorizon(long millis) {
    horizon = millis;
  }

  InstantSource time() {
    return time;
  }

  void setTime(InstantSource source) {
    time = source;
  }

  /** {@link Hmap#now}. Any thread. */
  long now() {
    return Math.max(time.millis(), horizon);
  }

  // ---------------------------------------------------------------- iterators

  int iteratorFlags() {
    return iteratorFlags.get();
  }

  /** An iterator begins. Any thread. */
  void markIterator() {
    iteratorFlags.getAndUpdate(
        f -> f | HmapFields.FLAG_ITERATOR | (table.old != null ? HmapFields.FLAG_OLD_ITERATOR : 0));
  }

  /** An iterator may go on in the array that is old from now on, and none is in the new one yet. */
  void ageIterators() {
    iteratorFlags.getAndUpdate(
        f -> (f & HmapFields.FLAG_ITERATOR) != 0 ? HmapFields.FLAG_OLD_ITERATOR : 0);
  }

  /** The old array is gone. */
  void forgetOldIterators() {
    iteratorFlags.getAndUpdate(f -> f & HmapFields.FLAG_ITERATOR);
  }
}
