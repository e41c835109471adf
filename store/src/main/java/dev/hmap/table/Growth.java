package dev.hmap.table;

import static dev.hmap.format.BucketLayout.EMPTY_REST;
import static dev.hmap.format.BucketLayout.SLOTS;

import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.ArrayDescriptor;
import dev.hmap.format.BucketLayout;
import dev.hmap.format.EvacuatedUnits;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.HmapFields;
import dev.hmap.format.KeyHasher;
import dev.hmap.format.PageLayout;
import java.io.IOException;
import java.util.List;
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

  /** Insertions until a growth that found no room is tried again. */
  private static final int POSTPONED_INSERTIONS = 1024;

  /** An array of fewer pages is not worth a preparation. */
  private static final int MIN_PREPARED_PAGES = 256;

  private final HmapState state;
  private final BucketLayout layout;
  private final Space space;
  private boolean sameSizeGrow;
  private int nextOverflow;
  private int oldNextOverflow;
  private int nevacuate;
  private int lastArrayId;

  /** What the rest of the evacuation may need. */
  final EvacuationDebt debt;

  /**
   * Whether {@link RoomPlan} has secured what the batch may need: not while the log is replayed.
   */
  private boolean isSecured;

  /** Insertions of that batch. */
  private int securedInserts;

  /** Whether evacuation has to wait until there is room for the rest of it. */
  private boolean isEvacuationPostponed;

  /** Insertions for which no growth is begun, since there was no room for it. */
  private int postponed;

  /** The size for which {@link #nextArray} was asked. */
  private int preparedB;

  private GrowthListener listener = GrowthListener.NONE;

  /** The growth of a new state. */
  Growth(HmapState state) {
    this.state = state;
    this.layout = state.layout;
    this.space = state.space;
    this.debt = new EvacuationDebt(state);
    this.nextOverflow = state.table.buckets.roots();
    this.lastArrayId = state.table.buckets.id;
  }

  /** Takes the state that a header describes. */
  void load(HmapFields fields) {
    sameSizeGrow = fields.sameSizeGrow();
    nextOverflow = fields.buckets().nextOverflow();
    oldNextOverflow = fields.oldbuckets().nextOverflow();
    nevacuate = (int) fields.nevacuate();
    lastArrayId = Math.max(fields.buckets().id(), fields.oldbuckets().id());
    debt.begin(oldNextOverflow, fields.count(), false);
  }

  /** The state for a header. */
  HmapFields fields(long hash0) {
    Table t = state.table;
    BucketArray old = t.old;
    return new HmapFields(
        state.count(),
        state.iteratorFlags() | (sameSizeGrow ? HmapFields.FLAG_SAME_SIZE_GROW : 0),
        t.buckets.b,
        nextOverflow - t.buckets.roots(),
        hash0,
        t.buckets.descriptor(nextOverflow),
        old == null ? ArrayDescriptor.NONE : old.descriptor(oldNextOverflow),
        nevacuate,
        old == null ? 0 : oldNextOverflow - old.roots(),
        state.entries.entryBytes());
  }

  void onGrowth(GrowthListener other) {
    listener = other;
  }

  /**
   * Whether this many entries are more than 6.5 for each of 2^b roots, and more than a bucket's.
   */
  static boolean overLoadFactor(long count, int b) {
    return b < ArrayDescriptor.MAX_B && count > SLOTS && count > maxEntries(b);
  }

  /** The most entries that are not over the load factor of this many buckets. */
  static long maxEntries(int b) {
    return LOAD_FACTOR_NUM * ((1L << b) / LOAD_FACTOR_DEN);
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
   * Begins a growth if none is under way and the map is too full for this many entries, or has too
   * many overflow buckets; not where there is no room for it: then the chains are longer meanwhile.
   */
  boolean beginIfDue(long count) {
    if (!isDue(count, 0)) {
      return false;
    }
    BucketArray buckets = state.table.buckets;
    boolean isFull = overLoadFactor(count, buckets.b);
    int b = isFull ? buckets.b + 1 : buckets.b;
    if (!(isFull && isSecured) && !tryToSecure(b)) {
      return false;
    }
    begin(b);
    return true;
  }

  /** Whether this many insertions may begin a growth: the last after what the others took. */
  boolean isDue(int inserts) {
    return inserts > 0 && isDue(state.count() + inserts, inserts - 1);
  }

  private boolean isDue(long count, int moreOverflow) {
    BucketArray buckets = state.table.buckets;
    int overflow = nextOverflow - buckets.roots() + moreOverflow;
    return state.table.old == null
        && (overLoadFactor(count, buckets.b) || tooManyOverflowBuckets(overflow, buckets.b));
  }

  /**
   * How many insertions until the map doubles; {@link Long#MAX_VALUE} where that is not worth a
   * preparation, or was prepared.
   */
  long insertsUntilDoubling() {
    int b = state.table.buckets.b;
    return b + 1 == preparedB
            || b == ArrayDescriptor.MAX_B
            || state.table.old != null
            || pagesOfNextArray() < MIN_PREPARED_PAGES
        ? Long.MAX_VALUE
        : maxEntries(b) - state.count();
  }

  long pagesOfNextArray() {
    return BucketArray.pages(state.table.buckets.b + 1, layout);
  }

  /**
   * Where the array that the map would double into now would lie, for a preparation: it is not
   * taken, and may come to lie elsewhere. Nowhere where there is no room for it.
   */
  Hmap.NextArray nextArray() {
    int b = state.table.buckets.b + 1;
    preparedB = b;
    int order = BucketArray.extentOrder(b, layout);
    try {
      space.tryGrowing();
      return new Hmap.NextArray(
          space.nextExtents(order, BucketArray.extents(b, bucketsOf(b), layout)), order);
    } catch (StoreFullException _) { // writes will meet that when they need it
      return new Hmap.NextArray(List.of(), order);
    } catch (IOException e) {
      throw new StoreFailedException("the data file could not be extended: " + e.getMessage(), e);
    }
  }

  private boolean tryToSecure(int b) {
    if (postponed > 0) {
      postponed--;
      return false;
    }
    try {
      space.secureMore(
          BucketArray.extentOrder(b, layout), BucketArray.extents(b, bucketsOf(b), layout));
      return true;
    } catch (StoreFullException _) { // nothing was begun, and nothing depends on it
      postponed = POSTPONED_INSERTIONS;
      return false;
    } catch (IOException e) {
      throw new StoreFailedException("the data file could not be extended: " + e.getMessage(), e);
    }
  }

  /** Buckets that an array of 2^b roots may take once the current one is evacuated into it. */
  private long bucketsOf(int b) {
    BucketArray buckets = state.table.buckets;
    long moved = nextOverflow - buckets.roots() + (b < buckets.b ? 1L << b : 0);
    long entries = state.count() + securedInserts;
    return (1L << b) + Math.min(moved + securedInserts, entries / SLOTS);
  }

  /**
   * Begins to evacuate into an array of half the size, which Go never does, or of the same size,
   * which packs the chains. For compaction.
   *
   * @param b of the new array
   * @throws StoreFullException if there is no room for all of it; then nothing was begun
   */
  void shrinkTo(int b) throws IOException {
    space.secureMore(
        BucketArray.extentOrder(b, layout), BucketArray.extents(b, bucketsOf(b), layout));
    begin(b);
  }

  private void begin(int b) {
    BucketArray old = state.table.buckets;
    sameSizeGrow = b == old.b;
    BucketArray fresh = BucketArray.allocate(++lastArrayId, b, layout, space);
    oldNextOverflow = nextOverflow;
    nextOverflow = fresh.roots();
    nevacuate = 0;
    preparedB = 0;
    state.ageIterators();
    EvacuationMarks none = new EvacuationMarks(Math.min(old.roots(), fresh.roots()));
    state.publish(new Table(state.table.hasher, fresh, old, none));
    debt.begin(oldNextOverflow, state.count(), true);
    add(state.counters.growths, 1);
    if (sameSizeGrow) {
      add(state.counters.sameSizeGrowths, 1);
    }
    listener.began(old.b, b, state.count());
  }

  // ---------------------------------------------------------------- room

  /** Whether there is room for the rest of the evacuation. */
  boolean mayEvacuate() {
    return !isEvacuationPostponed;
  }

  /**
   * Has room promised for what may come whatever is written: a {@link #clear}, the next directory,
   * the rest of the evacuation, which has to wait where this cannot be.
   *
   * @return whether it could
   */
  boolean secureStanding() throws IOException {
    securedInserts = 0;
    state.entries.settle();
    if (!tryToSecureStanding()) {
      debt.count();
      isEvacuationPostponed = !tryToSecureStanding();
      if (isEvacuationPostponed) {
        space.secureNothing();
        return false;
      }
    }
    isEvacuationPostponed = false;
    return true;
  }

  private boolean tryToSecureStanding() throws IOException {
    long[] demand = ExtentAllocator.noDemand();
    addStanding(demand);
    addBuckets(0, false, demand);
    try {
      space.secure(demand, evacuatedBytes(0));
      return true;
    } catch (StoreFullException _) {
      return false;
    }
  }

  /** What the next directories may hold of evacuated units, once there were insertions. */
  long evacuatedBytes(long inserts) {
    int b = state.table.buckets.b;
    while (overLoadFactor(state.count() + inserts, b)) {
      b++;
    }
    return EvacuatedUnits.maxBytes(b);
  }

  /** Adds the extent that {@link #clear} needs. */
  void addStanding(long[] demand) {
    demand[BucketArray.extentOrder(0, layout)]++;
  }

  /** Has room promised for a batch with this many insertions, or nothing changes. */
  void secure(long[] demand, int inserts) throws IOException {
    space.secure(demand, evacuatedBytes(inserts));
    setSecured(inserts);
  }

  /** The same if the file need not be extended; false if it does, and nothing changes. */
  boolean secureWithinFile(long[] demand, int inserts) {
    if (!space.secureWithinFile(demand, evacuatedBytes(inserts))) {
      return false;
    }
    setSecured(inserts);
    return true;
  }

  private void setSecured(int inserts) {
    securedInserts = inserts;
    isSecured = true;
    isEvacuationPostponed = false;
  }

  /**
   * Adds what insertions may need: overflow buckets, also for the rest of the evacuation, and the
   * arrays of the doublings that come due. Each insertion takes one overflow bucket at most, and
   * only after eight entries of its chain.
   *
   * @param isCleared whether all is removed before
   * @param demand extents by their order
   * @throws StoreFullException if buckets would have higher numbers than there are
   */
  void addBuckets(long inserts, boolean isCleared, long[] demand) {
    BucketArray buckets = state.table.buckets;
    int b = isCleared ? 0 : buckets.b;
    long count = (isCleared ? 0 : state.count()) + inserts;
    long overflow = Math.min(inserts, count / SLOTS) + (isCleared ? 0 : debt.buckets());
    long used = (isCleared ? 1 : nextOverflow) + overflow;
    long extents = isCleared ? 1 : buckets.extents();
    if (inserts > 0 && used > space.limits().buckets()) {
      throw new StoreFullException(
          "an array might have %,d buckets: the limit is %,d"
              .formatted(used, space.limits().buckets()));
    }
    demand[BucketArray.extentOrder(b, layout)] +=
        Math.max(0, BucketArray.extents(b, used, layout) - extents);
    long moved = used - (1L << b);
    while (inserts > 0 && overLoadFactor(count, b)) {
      b++;
      long all = (1L << b) + Math.min(moved, count / SLOTS);
      demand[BucketArray.extentOrder(b, layout)] += BucketArray.extents(b, all, layout);
      moved = count / SLOTS;
    }
  }

  /** Whether this many overflow buckets can be taken without another extent. */
  boolean hasOverflow(int overflow) {
    return state.table.buckets.capacity() - nextOverflow >= overflow;
  }

  /**
   * Makes sure that this many overflow buckets can be taken, before a chain is changed that needs
   * them.
   *
   * @throws StoreFullException if they cannot
   */
  void ensureOverflow(int overflow) {
    BucketArray buckets = state.table.buckets;
    long extents = BucketArray.extents(buckets.b, (long) nextOverflow + overflow, layout);
    try {
      space.ensure(buckets.extentOrder, extents - buckets.extents());
    } catch (IOException e) {
      throw new StoreFailedException("the data file could not be extended: " + e.getMessage(), e);
    }
  }

  // ---------------------------------------------------------------- the arrays

  /** Takes an overflow bucket of the current array; its content is undefined. */
  int newOverflow() {
    Table t = state.table;
    if (nextOverflow == t.buckets.capacity()) {
      state.publish(new Table(t.hasher, t.buckets.extended(space), t.old, t.marks));
    }
    return nextOverflow++;
  }

  /** Marks all slots of a bucket of undefined content empty. */
  void initialise(Cursor c) {
    state.barrier.beforeWrite(c.address, layout.bytes());
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
    Table t = state.table;
    BucketArray old = t.old;
    if (old == null) {
      return;
    }
    if (mark == t.units()) {
      state.publish(new Table(t.hasher, t.buckets));
      old.giveBack(old.freed, old.extents(), space);
      sameSizeGrow = false;
      oldNextOverflow = 0;
      nevacuate = 0;
      debt.end();
      if (!isSecured) {
        space.secureNothing();
      }
      state.forgetOldIterators();
      listener.ended(old.b, t.buckets.b, state.count());
      return;
    }
    int below = t.halves() ? 0 : old.extentsBelow(mark);
    if (below > old.freed) {
      state.publish(new Table(t.hasher, t.buckets, old.without(below, space), t.marks));
      old.giveBack(old.freed, below, space);
    }
  }

  void countChains(int chains) {
    add(state.counters.evacuatedChains, chains);
    if (chains > state.counters.maxChainsPerWrite.getPlain()) {
      state.counters.maxChainsPerWrite.setRelease(chains);
    }
  }

  /** Adds to a counter that only the writer changes. */
  private static void add(AtomicLong counter, long n) {
    counter.setRelease(counter.getPlain() + n);
  }

  /** Starts over with one bucket, giving back the extents of both arrays. */
  void clear(KeyHasher hasher) {
    Table t = state.table;
    BucketArray fresh = BucketArray.allocate(++lastArrayId, 0, layout, space);
    Cursor root = new Cursor();
    root.to(fresh, 0);
    initialise(root);
    state.publish(new Table(hasher, fresh));
    sameSizeGrow = false;
    nextOverflow = fresh.roots();
    oldNextOverflow = 0;
    nevacuate = 0;
    preparedB = 0;
    postponed = 0;
    debt.end();
    t.buckets.giveBack(t.buckets.freed, t.buckets.extents(), space);
    if (t.old != null) {
      t.old.giveBack(t.old.freed, t.old.extents(), space);
      listener.ended(t.old.b, t.buckets.b, 0);
    }
  }

  /**
   * Moves the current array's extents towards the front of the file, if that would shorten it by
   * more than an eighth.
   */
  void trim() {
    if (state.table.old != null || space.freePages() << 3 < space.pages()) {
      return;
    }
    BucketArray array = state.table.buckets;
    for (int i = array.extents() - 1; i >= array.freed; i--) {
      int to = space.allocateBeside(array.extentOrder);
      if (to == ExtentAllocator.NONE) {
        return;
      }
      int from = array.page(i);
      if (to > from) {
        space.free(to, array.extentOrder);
        continue;
      }
      int bytes = (int) ExtentLayout.payloadBytes(array.extentOrder);
      long toAddress = PageLayout.addressOf(to);
      state.barrier.beforeWrite(toAddress, bytes);
      long fromAddress = PageLayout.addressOf(from);
      space
          .memoryAt(fromAddress)
          .copy(
              Space.offset(fromAddress), space.memoryAt(toAddress), Space.offset(toAddress), bytes);
      array = array.moved(i, to, space);
      state.publish(new Table(state.table.hasher, array));
      space.free(from, array.extentOrder);
    }
  }
}
