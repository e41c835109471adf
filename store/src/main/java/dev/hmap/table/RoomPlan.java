package dev.hmap.table;

import dev.hmap.error.StoreFullException;
import dev.hmap.format.BucketLayout;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.Operation;
import dev.hmap.format.SizeClasses;
import java.io.IOException;
import java.util.Arrays;

/**
 * What a batch of operations may need, in extents of the orders that will be asked for, secured
 * before it is logged: so a full disk, or a limit, is met while the batch can still be refused.
 * Begin with {@link #clear}, {@link #add} each operation, then {@link #secure}. Writer thread only.
 */
public final class RoomPlan {
  /** Puts that are secured together where they come one by one. */
  private static final int AHEAD = 64;

  /** The class of a put that has no entry. */
  private static final int NO_ENTRY = -1;

  private static final int NOT_AHEAD = -2;

  private final Hmap map;
  private final BucketLayout layout;
  private final long[] demand = ExtentAllocator.noDemand();

  // Of the operations since the last that removes all.
  private final int[] entries = new int[SizeClasses.COUNT];
  private int minClass;
  private int maxClass;
  private int inserts;

  private int allInserts;
  private boolean isCleared;
  private boolean needsRoom;

  private boolean looksUp;

  /** Whether the next key is looked up. */
  private boolean isExact;

  // Of what was secured last: how many more puts it is for, and the class of their entries.
  private int ahead;
  private int aheadClass;

  /** A plan for operations on a map. */
  public RoomPlan(Hmap map) {
    this.map = map;
    this.layout = map.state.layout;
    clear(false);
  }

  /**
   * Forgets what was added.
   *
   * @param exactly whether keys shall be looked up, which takes longer, and finds out that an
   *     operation needs no room; only for one operation that was refused with others before
   */
  public void clear(boolean exactly) {
    ahead = 0;
    Arrays.fill(demand, 0);
    looksUp = exactly;
    isExact = exactly;
    isCleared = false;
    needsRoom = false;
    allInserts = 0;
    clearCounts();
  }

  private void clearCounts() {
    if (minClass <= maxClass) {
      Arrays.fill(entries, minClass, maxClass + 1, 0);
    }
    minClass = SizeClasses.COUNT;
    maxClass = -1;
    inserts = 0;
  }

  /** Adds an operation, as the log will hold it. */
  public void add(byte[] bytes, int at) {
    int kind = Operation.kind(bytes, at);
    if (Operation.puts(kind)) {
      int length = Operation.end(bytes, at) - Operation.putAt(bytes, at);
      addPut(
          bytes,
          Operation.keyAt(at),
          Operation.keyLength(bytes, at),
          length,
          Operation.mayInsert(kind));
    } else if (kind == Operation.CLEAR) {
      addClear();
    } else if (kind == Operation.BATCH) {
      isExact &= !map.state.geometry.expires();
      int end = Operation.end(bytes, at);
      for (int part = Operation.valueAt(bytes, at);
          part < end;
          part = Operation.nextPart(bytes, at, part)) {
        add(bytes, part);
      }
    } else {
      isExact = false; // what is put after a removal may not find its old place
    }
  }

  private void addPut(byte[] bytes, int key, int keyLength, int valueLength, boolean inserting) {
    boolean isPresent = false;
    if (isExact) {
      isPresent = map.chain.find(map.chain.setKey(bytes, key, keyLength)) && !mayVanish();
      if (isPresent ? map.chain.fitsInPlace(valueLength) : !inserting) {
        return;
      }
    }
    needsRoom = true;
    if (inserting && !isPresent) {
      inserts++;
      allInserts++;
    }
    if (layout.hasEntries()) {
      addEntry(entryBytes(keyLength, valueLength));
    }
  }

  private int entryBytes(int keyLength, int valueLength) {
    return Entry.bytes(
        layout.keysInline() ? 0 : keyLength, layout.valuesInline() ? 0 : valueLength);
  }

  /** Evacuation leaves behind what has expired by then. */
  private boolean mayVanish() {
    return map.state.geometry.expires() && map.isGrowing();
  }

  private void addEntry(int bytes) {
    if (bytes > SizeClasses.MAX_BYTES) {
      demand[ExtentLayout.orderFor(bytes)]++;
      return;
    }
    int sizeClass = SizeClasses.of(bytes);
    entries[sizeClass]++;
    minClass = Math.min(minClass, sizeClass);
    maxClass = Math.max(maxClass, sizeClass);
  }

  /**
   * What follows finds neither free slots nor buckets. The first takes the extent that stands
   * secured for it, and frees more.
   */
  private void addClear() {
    addCounts();
    clearCounts();
    if (isCleared) {
      map.growth.addStanding(demand);
    }
    isExact = false;
    isCleared = true;
  }

  private void addCounts() {
    for (int i = minClass; i <= maxClass; i++) {
      if (entries[i] > 0) {
        map.state.entries.addSlabs(i, entries[i], isCleared, demand);
      }
    }
    map.growth.addBuckets(inserts, isCleared, demand);
  }

  /**
   * Clears, adds one operation and has room promised for it, where the file need not be extended
   * for that, nor the map grow. For puts that come one by one: room for some more is had with the
   * first, until {@link #clear}. Whoever else takes room or gives it back must call that before.
   *
   * @return false if it cannot be; then nothing is promised but what was before
   * @throws StoreFullException if there will be no room
   */
  public boolean isSecuredWithinFile(byte[] operation) {
    int kind = Operation.kind(operation, 0);
    int sizeClass = Operation.puts(kind) ? sizeClass(operation) : NOT_AHEAD;
    if (ahead > 0 && isLikeAhead(kind, sizeClass)) {
      ahead--;
      return true;
    }
    if (sizeClass != NOT_AHEAD
        && Operation.mayInsert(kind)
        && isSecuredWithinFile(operation, AHEAD)) {
      ahead = AHEAD - 1;
      aheadClass = sizeClass;
      return true;
    }
    return isSecuredWithinFile(operation, 1);
  }

  /** Whether an operation needs no more than one of those that are secured ahead. */
  private boolean isLikeAhead(int kind, int sizeClass) {
    return Operation.puts(kind)
        ? sizeClass == aheadClass && !map.growth.isDue(1)
        : Operation.isOfOneKey(kind);
  }

  /** The class of the entry that a put may need. */
  private int sizeClass(byte[] operation) {
    if (!layout.hasEntries()) {
      return NO_ENTRY;
    }
    int valueLength = Operation.end(operation, 0) - Operation.putAt(operation, 0);
    int bytes = entryBytes(Operation.keyLength(operation, 0), valueLength);
    return bytes > SizeClasses.MAX_BYTES ? NOT_AHEAD : SizeClasses.of(bytes);
  }

  private boolean isSecuredWithinFile(byte[] operation, int times) {
    clear(false);
    add(operation, 0);
    repeat(times);
    if (isCleared || map.growth.isDue(allInserts)) {
      return false;
    }
    map.state.entries.settle();
    addCounts();
    map.growth.addStanding(demand);
    return map.growth.secureWithinFile(demand, allInserts);
  }

  /** Makes what was added count this many times. */
  private void repeat(int times) {
    inserts *= times;
    allInserts *= times;
    for (int i = minClass; i <= maxClass; i++) {
      entries[i] *= times;
    }
  }

  /**
   * Has room promised for what was added, and for what stands whatever is written.
   *
   * @throws StoreFullException if there is none: then nothing may be applied that was added
   * @throws IOException if a call failed for another reason than want of room
   */
  public void secure() throws IOException {
    map.state.entries.settle();
    if (!looksUp) {
      map.state.space.tryGrowing();
    }
    if (!needsRoom && !isCleared) {
      map.growth.secureStanding(); // if it cannot be, what was added is applied all the same
      return;
    }
    try {
      addCounts();
      map.growth.addStanding(demand);
      map.growth.secure(demand, allInserts);
    } catch (StoreFullException e) {
      map.growth.secureStanding();
      throw e;
    }
  }
}
