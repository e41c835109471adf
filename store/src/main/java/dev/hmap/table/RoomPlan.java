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
      addEntry(
          Entry.bytes(
              layout.keysInline() ? 0 : keyLength, layout.valuesInline() ? 0 : valueLength));
    }
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
   * The same where the file need not be extended for it, nor the map grow.
   *
   * @return false if it does; then nothing is promised but what was before
   * @throws StoreFullException if there will be no room
   */
  public boolean isSecuredWithinFile() {
    if (isCleared || map.growth.isDue(allInserts)) {
      return false;
    }
    map.state.entries.settle();
    addCounts();
    map.growth.addStanding(demand);
    return map.growth.secureWithinFile(demand, allInserts);
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
