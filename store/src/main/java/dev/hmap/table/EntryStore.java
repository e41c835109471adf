package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.Geometry;
import dev.hmap.format.PageLayout;
import dev.hmap.format.SizeClasses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The allocator of entries. An extent is a slab of slots of one size class; freed slots form a
 * chain through their first four bytes, and a slab whose last slot is freed goes back to the space,
 * for any use. Slabs grow with their class, so that a small store stays small and a large one has
 * few extents. An entry too long for a slab has an extent of its own.
 *
 * <p>The state of the slabs lives here and in the directory, not in the slabs. Writer thread only.
 */
final class EntryStore {
  private static final int MIN_SLOTS = 7;
  private static final int GROWTH_SHIFT = 3;
  private static final int SPARSE_SHIFT = 2;

  private final Space space;
  private final WriteBarrier barrier;

  private final SlabIndex slabs = new SlabIndex();
  private final List<List<Slab>> room = new ArrayList<>();
  private final long[] classPages = new long[SizeClasses.COUNT];

  /** Free slots of the slabs with room, by class. */
  private final long[] freeSlots = new long[SizeClasses.COUNT];

  /** Slabs that may be empty. What a batch was promised may be their slots, until it is over. */
  private final List<Slab> emptied = new ArrayList<>();

  private long entryBytes;

  EntryStore(Space space, WriteBarrier barrier) {
    this.space = space;
    this.barrier = barrier;
    for (int i = 0; i < SizeClasses.COUNT; i++) {
      room.add(new ArrayList<>());
    }
  }

  /** Bytes of all entries, with their headers. */
  long entryBytes() {
    return entryBytes;
  }

  /** Sets the bytes of the entries of a map that is loaded. */
  void setEntryBytes(long bytes) {
    entryBytes = bytes;
  }

  /** An entry was made longer or shorter where it lies. */
  void resized(int oldBytes, int bytes) {
    entryBytes += bytes - oldBytes;
  }

  /** Takes a slab or a large entry of a loaded directory. */
  void load(ExtentRecord r) {
    boolean large = r.kind() == ExtentRecord.KIND_LARGE;
    if (large
        ? r.owner() <= 0 || r.owner() > ExtentLayout.payloadBytes(r.order())
        : r.sizeClass() >= SizeClasses.COUNT || r.order() > ExtentLayout.MAX_SHARED_ORDER) {
      throw new StoreCorruptException(
          "the directory's record of page %d is invalid: %s".formatted(r.page(), r));
    }
    Slab slab = new Slab(r.page(), r.order(), r.sizeClass(), large ? r.owner() : 0);
    slab.used = r.used();
    slab.firstFree = r.firstFree();
    slab.bump = r.bump();
    if (slab.firstFree < 0
        || slab.firstFree > slab.bump
        || slab.bump < 0
        || slab.bump > slab.slots
        || slab.used < 1
        || slab.used > slab.bump) {
      throw new StoreCorruptException(
          "the directory's record of page %d is invalid: %s".formatted(r.page(), r));
    }
    slabs.add(slab);
    if (!large) {
      open(slab);
    }
  }

  /** Has a slab take entries. */
  private void open(Slab slab) {
    classPages[slab.sizeClass] += 1L << slab.order;
    freeSlots[slab.sizeClass] += slab.slots - slab.used;
    if (slab.hasRoom()) {
      addRoom(slab);
    }
  }

  /** Has a slab take no more entries. */
  private void close(Slab slab) {
    classPages[slab.sizeClass] -= 1L << slab.order;
    freeSlots[slab.sizeClass] -= slab.slots - slab.used;
    if (slab.roomAt >= 0) {
      removeRoom(slab);
    }
  }

  /** Adds a record for each extent. */
  void records(List<ExtentRecord> to) {
    settle();
    slabs.forEach(slab ->
        to.add(
            new ExtentRecord(
                slab.page,
                slab.isLarge() ? ExtentRecord.KIND_LARGE : ExtentRecord.KIND_SLAB,
                slab.order,
                slab.sizeClass,
                slab.largeBytes,
                slab.used,
                slab.firstFree,
                slab.bump)));
  }

  /**
   * Takes room for an entry.
   *
   * @param bytes with its header
   * @return its address
   */
  long allocate(int bytes) {
    if (bytes > SizeClasses.MAX_BYTES) {
      int order = ExtentLayout.orderFor(bytes);
      Slab slab = new Slab(space.allocate(order), order, 0, bytes);
      slab.used = 1;
      slab.bump = 1;
      slabs.add(slab);
      entryBytes += bytes;
      return PageLayout.addressOf(slab.page);
    }
    int sizeClass = SizeClasses.of(bytes);
    List<Slab> withRoom = room.get(sizeClass);
    Slab slab = withRoom.isEmpty() ? newSlab(sizeClass) : withRoom.getLast();
    long address;
    if (slab.firstFree != 0) {
      address = slab.address(slab.firstFree - 1);
      int next = space.memoryAt(address).getInt(Space.offset(address));
      if (next < 0 || next > slab.bump || slab.used >= slab.bump) {
        throw new StoreCorruptException(
            "the extent at page %d has a wrong chain of free slots".formatted(slab.page));
      }
      slab.firstFree = next;
    } else {
      address = slab.address(slab.bump++);
    }
    slab.used++;
    freeSlots[sizeClass]--;
    if (!slab.hasRoom()) {
      removeRoom(slab);
    }
    entryBytes += bytes;
    return address;
  }

  /**
   * Checks what a slot of a bucket refers to.
   *
   * @throws StoreCorruptException if it is not an entry, or one longer than its room
   */
  void check(long address) {
    Slab slab = slabs.at(address);
    long room =
        slab.isLarge() ? ExtentLayout.payloadBytes(slab.order) : SizeClasses.bytes(slab.sizeClass);
    long at = address - slab.address(0);
    if (at % room == 0 && at / room < slab.bump) {
      Memory memory = space.memoryAt(address);
      long offset = Space.offset(address);
      int valueLength = Entry.valueLength(memory, offset);
      if (valueLength >= 0
          && valueLength <= Geometry.MAX_VALUE_BYTES
          && Entry.bytes(memory, offset) <= room) {
        return;
      }
    }
    throw new StoreCorruptException("there is no entry at address %,d".formatted(address));
  }

  /**
   * Gives an entry's room back. Readers may still be at it, and will find their version changed.
   */
  void free(long address) {
    Slab slab = slabs.at(address);
    entryBytes -= Entry.bytes(space.memoryAt(address), Space.offset(address));
    if (slab.isLarge()) {
      release(slab);
      return;
    }
    int slot = (int) ((address - slab.address(0)) / SizeClasses.bytes(slab.sizeClass));
    slab.used--;
    if (slab.isSealed && slab.used == 0) {
      release(slab);
      return;
    }
    freeSlots[slab.sizeClass] += slab.isSealed ? 0 : 1;
    if (slab.used == 0) {
      empty(slab);
      return;
    }
    barrier.beforeWrite(address, Integer.BYTES);
    space.memoryAt(address).putInt(Space.offset(address), slab.firstFree);
    slab.firstFree = slot + 1;
    if (slab.roomAt < 0 && !slab.isSealed) {
      addRoom(slab);
    }
  }

  private void empty(Slab slab) {
    slab.bump = 0;
    slab.firstFree = 0;
    if (slab.roomAt < 0) {
      addRoom(slab);
    }
    if (!slab.isEmptied) {
      slab.isEmptied = true;
      emptied.add(slab);
    }
  }

  /** Gives back what is empty. Not within a batch whose room was secured. */
  void settle() {
    for (Slab slab : emptied) {
      slab.isEmptied = false;
      if (slab.used == 0) {
        close(slab);
        release(slab);
      }
    }
    emptied.clear();
  }

  /**
   * Says which slabs are to be emptied: those less than three quarters full, and those after a
   * page. No entry is put there any more, until {@link #unseal}.
   *
   * @return whether there are any
   */
  boolean seal(int behindPage) {
    settle();
    boolean[] any = new boolean[1];
    slabs.forEach(slab -> {
      boolean isSparse = !slab.isLarge() && slab.used < slab.slots - (slab.slots >> SPARSE_SHIFT);
      slab.isSealed = isSparse || !slab.isLarge() && slab.page >= behindPage;
      if (slab.isSealed) {
        any[0] = true;
        close(slab);
      }
    });
    return any[0];
  }

  /** Whether what is at an address is to be moved. */
  boolean isSealed(long address) {
    return slabs.at(address).isSealed;
  }

  /** Ends what {@link #seal} began. */
  void unseal() {
    slabs.forEach(slab -> {
      if (slab.isSealed) {
        slab.isSealed = false;
        open(slab);
      }
    });
  }

  /** Whether an entry of this many bytes could stand where one of {@code oldBytes} does. */
  static boolean fitsInPlace(int oldBytes, int bytes) {
    if (oldBytes > SizeClasses.MAX_BYTES || bytes > SizeClasses.MAX_BYTES) {
      return oldBytes == bytes;
    }
    return SizeClasses.of(oldBytes) == SizeClasses.of(bytes);
  }

  /** Gives all extents back. */
  void clear() {
    List<ExtentRecord> all = new ArrayList<>();
    records(all);
    entryBytes = 0;
    slabs.clear();
    room.forEach(List::clear);
    Arrays.fill(classPages, 0);
    Arrays.fill(freeSlots, 0);
    for (ExtentRecord r : all) {
      space.free(r.page(), r.order());
    }
  }

  /** The order of the next slab of a class that has this many pages. */
  private static int slabOrder(int sizeClass, long pages) {
    int order = ExtentLayout.orderFor((long) SizeClasses.bytes(sizeClass) * MIN_SLOTS);
    long growth = pages >>> GROWTH_SHIFT;
    while (order < ExtentLayout.MAX_SHARED_ORDER && 1L << order < growth) {
      order++;
    }
    return order;
  }

  private Slab newSlab(int sizeClass) {
    int order = slabOrder(sizeClass, classPages[sizeClass]);
    Slab slab = new Slab(space.allocate(order), order, sizeClass, 0);
    slabs.add(slab);
    open(slab);
    return slab;
  }

  /**
   * Adds the slabs that this many entries may need, whatever else is freed meanwhile.
   *
   * @param isEmpty whether there will be no slabs of the class then
   * @param demand extents by their order
   */
  void addSlabs(int sizeClass, long entries, boolean isEmpty, long[] demand) {
    long pages = isEmpty ? 0 : classPages[sizeClass];
    long left = isEmpty ? entries : entries - freeSlots[sizeClass];
    while (left > 0) {
      int order = slabOrder(sizeClass, pages);
      demand[order]++;
      pages += 1L << order;
      left -= Slab.slots(order, sizeClass);
    }
  }

  /** Whether an entry of this many bytes needs no more extents. */
  boolean hasRoomFor(int bytes) {
    return bytes <= SizeClasses.MAX_BYTES && freeSlots[SizeClasses.of(bytes)] > 0;
  }

  private void release(Slab slab) {
    slabs.remove(slab);
    space.free(slab.page, slab.order);
  }

  private void addRoom(Slab slab) {
    List<Slab> list = room.get(slab.sizeClass);
    slab.roomAt = list.size();
    list.add(slab);
  }

  private void removeRoom(Slab slab) {
    List<Slab> list = room.get(slab.sizeClass);
    Slab last = list.removeLast();
    if (last != slab) {
      list.set(slab.roomAt, last);
      last.roomAt = slab.roomAt;
    }
    slab.roomAt = -1;
  }
}
