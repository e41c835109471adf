package dev.hmap.table;

import static dev.hmap.format.BucketLayout.EMPTY_REST;
import static dev.hmap.format.BucketLayout.SLOTS;

import dev.hmap.format.ArrayDescriptor;
import dev.hmap.format.BucketLayout;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.HmapFields;
import dev.hmap.format.KeyHasher;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.PageLayout;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When the map grows, and what becomes of its arrays: Go's {@code overLoadFactor}, {@code
 * tooManyOverflowBuckets}, {@code hashGrow} and {@code newoverflow}, and the mark up to which the
 * old array is evacuated. Publishes a new {@link Table} with each change. Writer thread only.
 */
final class Growth {
  /** Load factor 13/2: the average entries a root at which the map doubles. */
  private static final int LOAD_FACTOR_NUM = 13;

  private static final int LOAD_FACTOR_DEN = 2;

  /** Room reserved for entries, in multiples of the operations that may write them. */
  private static final int ENTRY_ROOM = 2;

  /** Pages kept free for overflow buckets and slabs: these, or a sixteenth of the file. */
  private static final int MIN_SLACK_PAGES = 4;

  private static final int SLACK_SHIFT = 4;

  private final Hmap map;
  private final BucketLayout layout;
  private final Space space;
  private boolean sameSizeGrow;
  private int nextOverflow;
  private int oldNextOverflow;
  private int nevacuate;
  private int lastArrayId;
  private GrowthListener listener = GrowthListener.NONE;

  /** The growth of a new map. */
  Growth(Hmap map) {
    this.map = map;
    this.layout = map.layout;
    this.space = map.space;
    this.nextOverflow = map.table.buckets.roots();
    this.lastArrayId = map.table.buckets.id;
  }

  /** Takes the state that a header describes. */
  void load(HmapFields fields) {
    sameSizeGrow = fields.sameSizeGrow();
    nextOverflow = fields.buckets().nextOverflow();
    oldNextOverflow = fields.oldbuckets().nextOverflow();
    nevacuate = (int) fields.nevacuate();
    lastArrayId = Math.max(fields.buckets().id(), fields.oldbuckets().id());
  }

  /** The state for a header. */
  HmapFields fields(long count, int iteratorFlags, long hash0, long entryBytes) {
    Table t = map.table;
    BucketArray old = t.old;
    return new HmapFields(
        count,
        iteratorFlags | (sameSizeGrow ? HmapFields.FLAG_SAME_SIZE_GROW : 0),
        t.buckets.b,
        nextOverflow - t.buckets.roots(),
        hash0,
        t.buckets.descriptor(nextOverflow),
        old == null ? ArrayDescriptor.NONE : old.descriptor(oldNextOverflow),
        nevacuate,
        old == null ? 0 : oldNextOverflow - old.roots(),
        entryBytes);
  }

  void onGrowth(GrowthListener other) {
    listener = other;
  }

  /** Whether so many entries are more than 6.5 for each of 2^b roots, and more than a bucket's. */
  static boolean overLoadFactor(long count, int b) {
    return b < ArrayDescriptor.MAX_B
        && count > SLOTS
        && count > LOAD_FACTOR_NUM * ((1L << b) / LOAD_FACTOR_DEN);
  }

  /**
   * Whether the array has collected about as many overflow buckets as roots. Go compares a count of
   * 16 bits, which it keeps approximately for B over 15, with 2^min(B, 15); this count is exact,
   * and scaled down for the same comparison.
   */
  private static boolean tooManyOverflowBuckets(int noverflow, int b) {
    return noverflow >>> Math.max(0, b - 15) >= 1 << Math.min(b, 15);
  }

  /**
   * Begins a growth if none is under way and the map is too full for so many entries, or has too
   * many overflow buckets.
   */
  boolean beginIfDue(long count) {
    BucketArray buckets = map.table.buckets;
    boolean due =
        map.table.old == null
            && (overLoadFactor(count, buckets.b)
                || tooManyOverflowBuckets(nextOverflow - buckets.roots(), buckets.b));
    if (due) {
      hashGrow(count);
    }
    return due;
  }

  private void hashGrow(long count) {
    int b = map.table.buckets.b;
    begin(overLoadFactor(count, b) ? b + 1 : b);
  }

  /**
   * Begins to evacuate into an array of half the size, which Go never does, or of the same size,
   * which packs the chains. For compaction.
   *
   * @param b of the new array
   * @throws IOException for one, if there is no room on the medium
   */
  void shrinkTo(int b) throws IOException {
    space.reserve(BucketArray.pages(b, layout) + MIN_SLACK_PAGES);
    begin(b);
  }

  private void begin(int b) {
    BucketArray old = map.table.buckets;
    sameSizeGrow = b == old.b;
    BucketArray fresh = BucketArray.allocate(++lastArrayId, b, layout, space);
    oldNextOverflow = nextOverflow;
    nextOverflow = fresh.roots();
    nevacuate = 0;
    map.ageIterators();
    map.publish(new Table(map.table.hasher, fresh, old, 0));
    add(map.counters().growths, 1);
    if (sameSizeGrow) {
      add(map.counters().sameSizeGrowths, 1);
    }
    listener.began(old.b, b, map.count());
  }

  /** Takes an overflow bucket of the current array; its content is undefined. */
  int newOverflow() {
    Table t = map.table;
    if (nextOverflow == t.buckets.capacity()) {
      map.publish(new Table(t.hasher, t.buckets.extended(space), t.old, t.evacuatedBelow));
    }
    return nextOverflow++;
  }

  /** Marks all slots of a bucket of undefined content empty. */
  void initialise(Cursor c) {
    map.barrier.beforeWrite(c.address, layout.bytes());
    c.memory.putLong(c.offset, EMPTY_REST);
    c.memory.putLong(c.offset + layout.overflow(), 0);
  }

  int nevacuate() {
    return nevacuate;
  }

  /**
   * Moves the evacuation mark, freeing what lies below it, and ends the growth at the last root.
   */
  void setNevacuate(int mark) {
    nevacuate = mark;
    Table t = map.table;
    BucketArray old = t.old;
    if (old == null) {
      return;
    }
    if (mark == Math.min(old.roots(), t.buckets.roots())) {
      map.publish(new Table(t.hasher, t.buckets, null, 0));
      old.giveBack(old.freed, old.extents(), space);
      sameSizeGrow = false;
      oldNextOverflow = 0;
      nevacuate = 0;
      map.forgetOldIterators();
      listener.ended(old.b, t.buckets.b, map.count());
      return;
    }
    int below = t.halves() ? 0 : old.extentsBelow(mark);
    if (below > old.freed) {
      map.publish(new Table(t.hasher, t.buckets, old.without(below, space), mark));
      old.giveBack(old.freed, below, space);
    }
  }

  void countChains(int chains) {
    add(map.counters().evacuatedChains, chains);
    if (chains > map.counters().maxChainsPerWrite.getPlain()) {
      map.counters().maxChainsPerWrite.setRelease(chains);
    }
  }

  /** Adds to a counter that only the writer changes. */
  private static void add(AtomicLong counter, long n) {
    counter.setRelease(counter.getPlain() + n);
  }

  /** Begins anew with one bucket, giving back the extents of both arrays. */
  void clear(KeyHasher hasher) {
    Table t = map.table;
    BucketArray fresh = BucketArray.allocate(++lastArrayId, 0, layout, space);
    Cursor root = new Cursor();
    root.to(fresh, 0);
    initialise(root);
    map.publish(new Table(hasher, fresh, null, 0));
    sameSizeGrow = false;
    nextOverflow = fresh.roots();
    oldNextOverflow = 0;
    nevacuate = 0;
    t.buckets.giveBack(t.buckets.freed, t.buckets.extents(), space);
    if (t.old != null) {
      t.old.giveBack(t.old.freed, t.old.extents(), space);
      listener.ended(t.old.b, t.buckets.b, 0);
    }
  }

  /**
   * Makes sure that the file has room for what operations may need, so that a full disk is met
   * before they are logged. An estimate on the safe side, but for a file whose free pages are in
   * many small pieces.
   *
   * @param count entries now
   * @param operationBytes bytes of the operations, as the log holds them
   * @throws IOException for one, if there is no room on the medium
   */
  void reserve(long count, int operationBytes) throws IOException {
    BucketArray buckets = map.table.buckets;
    long inserted = 1L + operationBytes / LogRecordLayout.OPERATION;
    int b = buckets.b;
    long arrays = 0;
    while (overLoadFactor(count + inserted, b)) {
      arrays += BucketArray.pages(++b, layout);
    }
    int overflow = (int) Math.min(nextOverflow - buckets.roots() + inserted, Integer.MAX_VALUE);
    if (arrays == 0 && tooManyOverflowBuckets(overflow, b)) {
      arrays = BucketArray.pages(b, layout);
    }
    long entryPages =
        layout.hasEntries() ? (long) operationBytes * ENTRY_ROOM >>> PageLayout.PAGE_SHIFT : 0;
    long slack = Math.max(MIN_SLACK_PAGES, space.pages() >>> SLACK_SHIFT);
    space.reserve(arrays + entryPages + slack);
  }

  /**
   * Moves the current array's extents towards the front of the file, if that would shorten it by
   * more than an eighth.
   */
  void trim() {
    if (map.table.old != null || space.freePages() << 3 < space.pages()) {
      return;
    }
    BucketArray array = map.table.buckets;
    for (int i = array.extents() - 1; i >= array.freed; i--) {
      int to = space.allocate(array.extentOrder);
      int from = array.page(i);
      if (to > from) {
        space.free(to, array.extentOrder);
        continue;
      }
      int bytes = (int) ExtentLayout.payloadBytes(array.extentOrder);
      long toAddress = PageLayout.addressOf(to);
      map.barrier.beforeWrite(toAddress, bytes);
      long fromAddress = PageLayout.addressOf(from);
      space
          .memoryAt(fromAddress)
          .copy(
              Space.offset(fromAddress), space.memoryAt(toAddress), Space.offset(toAddress), bytes);
      array = array.moved(i, to, space);
      map.publish(new Table(map.table.hasher, array, null, 0));
      space.free(from, array.extentOrder);
    }
  }
}
