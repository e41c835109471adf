package dev.hmap.table;

import static dev.hmap.format.BucketLayout.EMPTY_ONE;
import static dev.hmap.format.BucketLayout.EMPTY_REST;
import static dev.hmap.format.BucketLayout.SLOTS;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.format.ArrayDescriptor;
import dev.hmap.format.BucketLayout;
import dev.hmap.format.EntryLayout;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.Geometry;
import dev.hmap.format.HmapFields;
import dev.hmap.format.KeyHasher;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.PageLayout;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Go's runtime map on mapped pages: the part that writes.
 *
 * <h2>The structure</h2>
 *
 * The map is an array of 2^B root buckets of eight slots each. The low B bits of a key's hash
 * choose the root; the top eight bits, the <i>tophash</i>, are kept in the bucket so that most
 * wrong slots are passed by without a look at their keys. A full bucket is followed by overflow
 * buckets: a chain. When the map holds more than 6.5 entries a root, it doubles; when it has
 * collected as many overflow buckets as roots without being that full, it grows to the same size,
 * which packs the chains.
 *
 * <h2>Growing without a pause</h2>
 *
 * Growing only allocates the new array; nothing is copied. From then on each write first evacuates
 * the chain its key belongs to, and then the one at {@code nevacuate}: never more than two chains.
 * A chain of root i splits over roots i (x) and i + 2^oldB (y) of the new array. Because a chain is
 * evacuated as a whole, a key is either in the old array, if its root there is not marked
 * evacuated, or in the new one. The old array's extents are freed from the front as {@code
 * nevacuate} passes them. All of this state lies in the file, so a growth that was under way when
 * the process died goes on where the log ends.
 *
 * <h2>One writer, any readers</h2>
 *
 * Each root bucket carries a version. The writer makes it odd before it changes anything in the
 * chain, and even again after ({@link #beginChange}, {@link #endChange}). A {@link HmapReader}
 * reads the version, then the chain, then the version again; if the version moved it begins anew.
 * An evacuation writes the new chains, which no reader can reach yet, before it marks the old one.
 * Memory that a chain no longer refers to (a freed entry) may be used again at once: whoever still
 * reads it will find the version of its root changed. For a whole array that is freed the version
 * itself may be overwritten; there, readers compare the {@link Table} they began with to the
 * current one, and the writer publishes a new table before it lets the memory go.
 *
 * <p>Source: {@code runtime/map.go} of Go 1.23 for the structure, its names and constants.
 */
public final class Hmap {
  /** Load factor 13/2: the average entries a root at which the map doubles. */
  private static final int LOAD_FACTOR_NUM = 13;

  private static final int LOAD_FACTOR_DEN = 2;

  /** Room reserved for entries, in multiples of the operations that may write them. */
  private static final int ENTRY_ROOM = 2;

  /** Pages kept free for overflow buckets and slabs: these, or a sixteenth of the file. */
  private static final int MIN_SLACK_PAGES = 4;

  private static final int SLACK_SHIFT = 4;

  /**
   * What an operation found and did. Written by the writer, then read by the caller it belongs to.
   */
  public static final class Outcome {
    /** Whether the caller wants the value that was there before. */
    public boolean wantsPrevious;

    /** Whether the key was there before. */
    public boolean wasPresent;

    /** Whether the map changed. */
    public boolean changed;

    /** The value that was there before, if wanted and present. */
    public @Nullable ValueCopy previous;

    /** Forgets the last operation. */
    public void reset(boolean wants) {
      wantsPrevious = wants;
      wasPresent = false;
      changed = false;
      previous = null;
    }
  }

  /** Counts for the statistics. Written by the writer, read by anyone, slightly late. */
  public static final class Counters {
    /** Chains evacuated since opening. */
    public final AtomicLong evacuatedChains = new AtomicLong();

    /** The most chains that one operation evacuated. */
    public final AtomicInteger maxChainsPerWrite = new AtomicInteger();

    /** Growths begun since opening, of either kind. */
    public final AtomicLong growths = new AtomicLong();

    /** Growths to the same size begun since opening. */
    public final AtomicLong sameSizeGrowths = new AtomicLong();
  }

  final Geometry geometry;
  final BucketLayout layout;
  final Space space;
  final WriteBarrier barrier;

  /** Published to readers; changed by the writer only. */
  volatile Table table;

  // Go's hmap, writer thread only.
  private final EntryStore entries;
  private final Evacuation evacuation = new Evacuation(this);
  private final Counters counters = new Counters();
  private final AtomicInteger iteratorFlags = new AtomicInteger();
  private final AtomicLong published = new AtomicLong();
  private long count;
  private volatile @Nullable Throwable broken;
  private boolean sameSizeGrow;
  private int nextOverflow;
  private int oldNextOverflow;
  private int nevacuate;
  private long hash0;
  private int lastArrayId;
  private long entryBytes;

  // Where the last look-up of the writer ended.
  private final Cursor root = new Cursor();
  private final Cursor at = new Cursor();
  private final Cursor emptyAt = new Cursor();
  private final KeyBytes key = new KeyBytes();
  private int slot;

  /** A bucket the writer is at. */
  static final class Cursor {
    Memory memory = new MappedMemory(java.lang.foreign.MemorySegment.NULL);
    int offset;
    long address;

    void to(BucketArray array, int bucket) {
      int extent = array.extentOf(bucket);
      memory = array.memory(extent);
      offset = array.offset(extent, bucket);
      address = array.address(extent, bucket);
    }

    void to(Cursor other) {
      memory = other.memory;
      offset = other.offset;
      address = other.address;
    }

    int tophash(int i) {
      return Byte.toUnsignedInt(memory.getByte(offset + i));
    }

    void setTophash(int i, int tophash) {
      memory.putByte(offset + i, (byte) tophash);
    }
  }

  private Hmap(Geometry geometry, Space space, WriteBarrier barrier, Table table) {
    this.geometry = geometry;
    this.layout = new BucketLayout(geometry);
    this.space = space;
    this.barrier = barrier;
    this.table = table;
    this.entries = new EntryStore(space, barrier);
  }

  /**
   * An empty map in a file of which nothing was used yet.
   *
   * @param expectedEntries how many it should take without growing, 0 if unknown
   * @param hash0 the seed, random
   */
  public static Hmap create(
      Geometry geometry, Space space, WriteBarrier barrier, long expectedEntries, long hash0) {
    int b = 0;
    while (b < ArrayDescriptor.MAX_B && overLoadFactor(expectedEntries, b)) {
      b++;
    }
    BucketArray array = BucketArray.allocate(1, b, new BucketLayout(geometry), space);
    Hmap map = new Hmap(geometry, space, barrier, new Table(new KeyHasher(hash0), array, null, 0));
    map.hash0 = hash0;
    map.nextOverflow = array.roots();
    map.lastArrayId = 1;
    return map;
  }

  /**
   * The map that a header and its directory describe.
   *
   * @throws StoreCorruptException if they contradict each other
   */
  public static Hmap load(
      Geometry geometry,
      Space space,
      WriteBarrier barrier,
      HmapFields fields,
      List<ExtentRecord> directory) {
    BucketLayout layout = new BucketLayout(geometry);
    BucketArray buckets = array(fields.buckets(), layout, space, directory);
    BucketArray old =
        fields.oldbuckets().exists() ? array(fields.oldbuckets(), layout, space, directory) : null;
    if (fields.b() != buckets.b
        || buckets.freed != 0
        || old != null && old.b != (fields.sameSizeGrow() ? buckets.b : buckets.b - 1)
        || old != null && old.freed > old.extentsBelow((int) fields.nevacuate())
        || fields.nevacuate() < 0
        || fields.nevacuate() > (old == null ? 0 : old.roots())) {
      throw new StoreCorruptException(
          "the header's B %d and nevacuate %,d do not fit its arrays"
              .formatted(fields.b(), fields.nevacuate()));
    }
    int below = (int) fields.nevacuate();
    Hmap map =
        new Hmap(
            geometry,
            space,
            barrier,
            new Table(new KeyHasher(fields.hash0()), buckets, old, below));
    map.setCount(fields.count());
    map.sameSizeGrow = fields.sameSizeGrow();
    map.nextOverflow = fields.buckets().nextOverflow();
    map.oldNextOverflow = fields.oldbuckets().nextOverflow();
    map.nevacuate = below;
    map.hash0 = fields.hash0();
    map.lastArrayId = Math.max(fields.buckets().id(), fields.oldbuckets().id());
    map.entryBytes = fields.entryBytes();
    for (ExtentRecord r : directory) {
      if (r.kind() == ExtentRecord.KIND_SLAB || r.kind() == ExtentRecord.KIND_LARGE) {
        map.entries.load(r);
      }
    }
    return map;
  }

  private static BucketArray array(
      ArrayDescriptor d, BucketLayout layout, Space space, List<ExtentRecord> directory) {
    List<ExtentRecord> own =
        directory.stream()
            .filter(r -> r.kind() == ExtentRecord.KIND_BUCKETS && r.owner() == d.id())
            .toList();
    if (!d.exists()
        || d.b() > ArrayDescriptor.MAX_B
        || d.firstExtent() < 0
        || d.extentCount() - d.firstExtent() != own.size()
        || own.stream().anyMatch(r -> r.order() != d.extentOrder())) {
      throw new StoreCorruptException(
          "the directory has %,d extents of array %d, which the header describes as %s"
              .formatted(own.size(), d.id(), d));
    }
    int[] pages = new int[d.extentCount()];
    for (int i = d.firstExtent(); i < pages.length; i++) {
      pages[i] = own.get(i - d.firstExtent()).page();
    }
    BucketArray array =
        new BucketArray(
            d.id(), d.b(), d.extentOrder(), layout.bytes(), pages, d.firstExtent(), space);
    if (array.capacity() < array.roots()
        || d.nextOverflow() < array.roots()
        || d.nextOverflow() > array.capacity()) {
      throw new StoreCorruptException("the header's array does not fit its extents: " + d);
    }
    return array;
  }

  /** A reader of this map. */
  public HmapReader reader() {
    return new HmapReader(this);
  }

  /** Live entries. Any thread. */
  public long count() {
    return published.getAcquire();
  }

  private void setCount(long now) {
    count = now;
    published.setRelease(now);
  }

  /**
   * Says that a change was left half done, so that readers who meet an odd version do not wait for
   * it for ever. Any thread.
   */
  public void setBroken(Throwable cause) {
    broken = cause;
  }

  /**
   * For a reader that must begin anew: waits a little, or throws if there is nothing to wait for.
   */
  void awaitWriter() {
    Throwable cause = broken;
    if (cause != null) {
      throw new StoreFailedException(
          "the entry was being changed when writing failed: " + cause, cause);
    }
    Thread.onSpinWait();
  }

  /**
   * Moves the current array's extents towards the front of the file, if that would shorten it by
   * more than an eighth. Writer thread only.
   */
  public void trim() {
    if (table.old != null || space.freePages() << 3 < space.pages()) {
      return;
    }
    BucketArray array = table.buckets;
    for (int i = array.extents() - 1; i >= array.freed; i--) {
      int to = space.allocate(array.extentOrder);
      int from = array.page(i);
      if (to > from) {
        space.free(to, array.extentOrder);
        continue;
      }
      int bytes = (int) ExtentLayout.payloadBytes(array.extentOrder);
      long toAddress = PageLayout.addressOf(to);
      barrier.beforeWrite(toAddress, bytes);
      long fromAddress = PageLayout.addressOf(from);
      space
          .memoryAt(fromAddress)
          .copy(
              Space.offset(fromAddress), space.memoryAt(toAddress), Space.offset(toAddress), bytes);
      array = array.moved(i, to, space);
      table = new Table(table.hasher, array, null, 0);
      space.free(from, array.extentOrder);
    }
  }

  /** Counts since opening. Any thread. */
  public Counters counters() {
    return counters;
  }

  /** The state for a header slot, without {@link HmapFields#FLAG_HASH_WRITING}. */
  public HmapFields fields() {
    Table t = table;
    BucketArray old = t.old;
    return new HmapFields(
        count,
        iteratorFlags.get() | (sameSizeGrow ? HmapFields.FLAG_SAME_SIZE_GROW : 0),
        t.buckets.b,
        nextOverflow - t.buckets.roots(),
        hash0,
        t.buckets.descriptor(nextOverflow),
        old == null ? ArrayDescriptor.NONE : old.descriptor(oldNextOverflow),
        nevacuate,
        old == null ? 0 : oldNextOverflow - old.roots(),
        entryBytes);
  }

  /** The extents in use, those of an array in the order of their buckets. */
  public List<ExtentRecord> extents() {
    List<ExtentRecord> all = new ArrayList<>();
    Table t = table;
    records(t.buckets, all);
    if (t.old != null) {
      records(t.old, all);
    }
    entries.records(all);
    return all;
  }

  private static void records(BucketArray array, List<ExtentRecord> to) {
    for (int i = array.freed; i < array.extents(); i++) {
      to.add(
          new ExtentRecord(
              array.page(i), ExtentRecord.KIND_BUCKETS, array.extentOrder, 0, array.id, 0, 0, 0));
    }
  }

  /**
   * Makes sure that the file has room for what operations may need, so that a full disk is met
   * before they are logged. An estimate on the safe side, but for a file whose free pages are in
   * many small pieces.
   *
   * @param operationBytes bytes of the operations, as the log holds them
   * @throws IOException for one, if there is no room on the medium
   */
  public void reserve(int operationBytes) throws IOException {
    BucketArray buckets = table.buckets;
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

  // ---------------------------------------------------------------- operations

  /** Go's {@code mapassign}, under a condition. */
  public enum Condition {
    /** Whatever is there. */
    ALWAYS,
    /** Only if the key is absent. */
    ABSENT,
    /** Only if the key is present. */
    PRESENT,
    /** Only if the key is present with the expected value. */
    EQUAL
  }

  /**
   * Associates a value with a key.
   *
   * @param k the key's bytes, {@code keyLength} of them from {@code keyAt}
   * @param v the value's bytes, {@code valueLength} of them from {@code valueAt}
   * @param condition when to do so
   * @param expected for {@link Condition#EQUAL}: where in {@code v} the expected value lies
   * @param expectedLength its length
   * @param outcome set to what happened
   */
  public void put(
      byte[] k,
      int keyAt,
      int keyLength,
      byte[] v,
      int valueAt,
      int valueLength,
      Condition condition,
      int expected,
      int expectedLength,
      Outcome outcome) {
    key.set(k, keyAt, keyLength);
    long hash = key.hash(table.hasher);
    boolean found = locate(hash);
    outcome.wasPresent = found;
    if (found && outcome.wantsPrevious) {
      outcome.previous = copyValue();
    }
    boolean apply =
        switch (condition) {
          case ALWAYS -> true;
          case ABSENT -> !found;
          case PRESENT -> found;
          case EQUAL -> found && valueMatches(v, expected, expectedLength);
        };
    if (!apply) {
      return;
    }
    outcome.changed = true;
    if (found) {
      update(hash, keyLength, v, valueAt, valueLength);
      return;
    }
    if (table.old == null
        && (overLoadFactor(count + 1, table.buckets.b)
            || tooManyOverflowBuckets(nextOverflow - table.buckets.roots(), table.buckets.b))) {
      hashGrow();
      locate(hash);
    }
    insert(hash, keyLength, v, valueAt, valueLength);
  }

  /**
   * Removes a key, Go's {@code mapdelete}.
   *
   * @param k the key's bytes, {@code keyLength} of them from {@code keyAt}
   * @param v where the expected value lies, if one is expected
   * @param expected where in {@code v}, or -1 to remove whatever the value is
   * @param expectedLength its length
   * @param outcome set to what happened
   */
  public void remove(
      byte[] k,
      int keyAt,
      int keyLength,
      byte[] v,
      int expected,
      int expectedLength,
      Outcome outcome) {
    key.set(k, keyAt, keyLength);
    long hash = key.hash(table.hasher);
    boolean found = locate(hash);
    outcome.wasPresent = found;
    if (!found) {
      return;
    }
    if (outcome.wantsPrevious) {
      outcome.previous = copyValue();
    }
    if (expected < 0 || valueMatches(v, expected, expectedLength)) {
      outcome.changed = true;
      delete();
    }
  }

  /**
   * Removes all entries: frees every extent and starts over with one bucket, Go's {@code mapclear}
   * but for the size.
   *
   * @param newHash0 the seed from now on
   */
  public void clear(long newHash0) {
    Table t = table;
    BucketArray fresh = BucketArray.allocate(++lastArrayId, 0, layout, space);
    root.to(fresh, 0);
    initialise(root);
    hash0 = newHash0;
    table = new Table(new KeyHasher(newHash0), fresh, null, 0);
    setCount(0);
    sameSizeGrow = false;
    nextOverflow = fresh.roots();
    oldNextOverflow = 0;
    nevacuate = 0;
    entryBytes = 0;
    t.buckets.freedUpTo(t.buckets.extents(), space);
    if (t.old != null) {
      t.old.freedUpTo(t.old.extents(), space);
    }
    entries.clear();
  }

  // ---------------------------------------------------------------- look-up by the writer

  /**
   * Evacuates what must be, then finds the key: {@link #root}, and if it is present {@link #at} and
   * {@link #slot}; if not, the first empty slot of the chain, or slot -1 and the chain's last
   * bucket.
   */
  private boolean locate(long hash) {
    BucketArray buckets = table.buckets;
    int bucket = (int) hash & buckets.mask;
    if (table.old != null) {
      evacuation.growWork(bucket);
      buckets = table.buckets;
    }
    root.to(buckets, bucket);
    at.to(root);
    slot = -1;
    Cursor empty = null;
    int tophash = BucketLayout.tophash(hash);
    int emptySlot = -1;
    while (true) {
      for (int i = 0; i < SLOTS; i++) {
        int top = at.tophash(i);
        if (BucketLayout.isEmpty(top)) {
          if (emptySlot < 0) {
            emptySlot = i;
            empty = emptyAt;
            empty.to(at);
          }
          if (top == EMPTY_REST) {
            at.to(emptyAt);
            slot = emptySlot;
            return false;
          }
        } else if (top == tophash && keyMatches(at, i, hash)) {
          slot = i;
          return true;
        }
      }
      int next = at.memory.getInt(at.offset + layout.overflow());
      if (next == 0) {
        if (empty != null) {
          at.to(empty);
          slot = emptySlot;
        }
        return false;
      }
      at.to(buckets, next);
    }
  }

  private boolean keyMatches(Cursor c, int i, long hash) {
    if (layout.keysInline()) {
      return key.matches(c.memory, c.offset + layout.key(i));
    }
    long reference = c.memory.getLong(c.offset + layout.key(i));
    if (!EntryLayout.mayMatch(reference, hash)) {
      return false;
    }
    long address = EntryLayout.address(reference);
    Memory memory = space.memoryAt(address);
    long offset = Space.offset(address);
    return (memory.getInt(offset + EntryLayout.KEY_LENGTH) & 0xFFFF) == key.length()
        && key.matches(memory, offset + EntryLayout.HEADER_BYTES);
  }

  private ValueCopy copyValue() {
    ValueCopy copy = new ValueCopy();
    if (layout.valuesInline()) {
      copy.copy(at.memory, at.offset + layout.value(slot), geometry.valueWidth());
    } else {
      long address = entryAddress(at, slot);
      Memory memory = space.memoryAt(address);
      long offset = Space.offset(address);
      copy.copy(memory, valueOffset(memory, offset), valueLength(memory, offset));
    }
    return copy;
  }

  private boolean valueMatches(byte[] v, int expected, int length) {
    if (layout.valuesInline()) {
      return length == geometry.valueWidth()
          && at.memory.matches(at.offset + layout.value(slot), v, expected, length);
    }
    long address = entryAddress(at, slot);
    Memory memory = space.memoryAt(address);
    long offset = Space.offset(address);
    return length == valueLength(memory, offset)
        && memory.matches(valueOffset(memory, offset), v, expected, length);
  }

  private long entryAddress(Cursor c, int i) {
    return EntryLayout.address(c.memory.getLong(c.offset + layout.reference(i)));
  }

  private static int keyLength(Memory memory, long entry) {
    return memory.getInt(entry + EntryLayout.KEY_LENGTH) & 0xFFFF;
  }

  private static int valueLength(Memory memory, long entry) {
    return memory.getInt(entry + EntryLayout.VALUE_LENGTH);
  }

  private static long valueOffset(Memory memory, long entry) {
    return entry + EntryLayout.HEADER_BYTES + keyLength(memory, entry);
  }

  // ---------------------------------------------------------------- changes to a chain

  /**
   * Makes a root's version odd. The fence keeps the stores that follow behind it; it pairs with the
   * fence before {@link HmapReader}'s second look at the version.
   */
  void beginChange(Cursor c) {
    barrier.beforeWrite(c.address, layout.bytes());
    int offset = c.offset + layout.version();
    c.memory.putInt(offset, c.memory.getInt(offset) + 1);
    VarHandle.storeStoreFence();
  }

  /** Makes a root's version even again; pairs with the acquiring first look of a reader. */
  void endChange(Cursor c) {
    int offset = c.offset + layout.version();
    c.memory.putIntRelease(offset, c.memory.getInt(offset) + 1);
  }

  /** Marks all slots of a bucket of undefined content empty. */
  void initialise(Cursor c) {
    barrier.beforeWrite(c.address, layout.bytes());
    c.memory.putLong(c.offset, EMPTY_REST);
    c.memory.putLong(c.offset + layout.overflow(), 0);
  }

  private void insert(long hash, int keyLength, byte[] v, int valueAt, int valueLength) {
    long reference = layout.hasEntries() ? writeEntry(hash, keyLength, v, valueAt, valueLength) : 0;
    if (slot < 0) {
      int next = newOverflow();
      beginChange(root);
      barrier.beforeWrite(at.address, layout.bytes());
      at.memory.putInt(at.offset + layout.overflow(), next);
      at.to(table.buckets, next);
      initialise(at);
      slot = 0;
    } else {
      beginChange(root);
      barrier.beforeWrite(at.address, layout.bytes());
    }
    if (layout.keysInline()) {
      key.writeTo(at.memory, at.offset + layout.key(slot));
    }
    if (layout.valuesInline()) {
      at.memory.put(at.offset + layout.value(slot), v, valueAt, valueLength);
    }
    if (layout.hasEntries()) {
      at.memory.putLong(at.offset + layout.reference(slot), reference);
    }
    at.setTophash(slot, BucketLayout.tophash(hash));
    endChange(root);
    setCount(count + 1);
  }

  /**
   * Writes the entry for a key or a value, or both, that is not inline, and returns a reference.
   */
  private long writeEntry(long hash, int keyLength, byte[] v, int valueAt, int valueLength) {
    int keyPart = layout.keysInline() ? 0 : keyLength;
    int valuePart = layout.valuesInline() ? 0 : valueLength;
    int bytes = EntryStore.entryBytes(keyPart, valuePart);
    long address = entries.allocate(bytes);
    entryBytes += bytes;
    barrier.beforeWrite(address, bytes);
    Memory memory = space.memoryAt(address);
    long offset = Space.offset(address);
    memory.putInt(offset + EntryLayout.KEY_LENGTH, keyPart);
    memory.putInt(offset + EntryLayout.VALUE_LENGTH, valuePart);
    if (keyPart > 0) {
      key.writeTo(memory, offset + EntryLayout.HEADER_BYTES);
    }
    memory.put(offset + EntryLayout.HEADER_BYTES + keyPart, v, valueAt, valuePart);
    return EntryLayout.reference(address, hash);
  }

  private void update(long hash, int keyLength, byte[] v, int valueAt, int valueLength) {
    if (layout.valuesInline()) {
      beginChange(root);
      barrier.beforeWrite(at.address, layout.bytes());
      at.memory.put(at.offset + layout.value(slot), v, valueAt, valueLength);
      endChange(root);
      return;
    }
    long oldAddress = entryAddress(at, slot);
    Memory memory = space.memoryAt(oldAddress);
    long offset = Space.offset(oldAddress);
    int keyPart = keyLength(memory, offset);
    int oldBytes = EntryStore.entryBytes(keyPart, valueLength(memory, offset));
    int bytes = EntryStore.entryBytes(keyPart, valueLength);
    if (EntryStore.fitsInPlace(oldBytes, bytes)) {
      beginChange(root);
      barrier.beforeWrite(oldAddress, bytes);
      memory.putInt(offset + EntryLayout.VALUE_LENGTH, valueLength);
      memory.put(offset + EntryLayout.HEADER_BYTES + keyPart, v, valueAt, valueLength);
      endChange(root);
      entryBytes += bytes - oldBytes;
      return;
    }
    long reference = writeEntry(hash, keyLength, v, valueAt, valueLength);
    beginChange(root);
    barrier.beforeWrite(at.address, layout.bytes());
    at.memory.putLong(at.offset + layout.reference(slot), reference);
    endChange(root);
    entryBytes -= oldBytes;
    entries.free(oldAddress);
  }

  /** Empties the slot, and turns a run of empty slots at the chain's end into {@code emptyRest}. */
  private void delete() {
    long entry = layout.hasEntries() ? entryAddress(at, slot) : -1;
    beginChange(root);
    barrier.beforeWrite(at.address, layout.bytes());
    at.setTophash(slot, EMPTY_ONE);
    if (nextTophash() == EMPTY_REST) {
      walkBack();
    }
    endChange(root);
    setCount(count - 1);
    if (entry >= 0) {
      Memory memory = space.memoryAt(entry);
      long offset = Space.offset(entry);
      entryBytes -= EntryStore.entryBytes(keyLength(memory, offset), valueLength(memory, offset));
      entries.free(entry);
    }
  }

  /** The tophash behind the slot, {@code emptyRest} behind the chain's last. */
  private int nextTophash() {
    if (slot < SLOTS - 1) {
      return at.tophash(slot + 1);
    }
    int next = at.memory.getInt(at.offset + layout.overflow());
    if (next == 0) {
      return EMPTY_REST;
    }
    emptyAt.to(table.buckets, next);
    return emptyAt.tophash(0);
  }

  private void walkBack() {
    while (true) {
      at.setTophash(slot, EMPTY_REST);
      if (slot > 0) {
        slot--;
      } else {
        if (at.address == root.address) {
          return;
        }
        long here = at.address;
        at.to(root);
        while (true) {
          emptyAt.to(table.buckets, at.memory.getInt(at.offset + layout.overflow()));
          if (emptyAt.address == here) {
            break;
          }
          at.to(emptyAt);
        }
        slot = SLOTS - 1;
      }
      if (at.tophash(slot) != EMPTY_ONE) {
        return;
      }
      barrier.beforeWrite(at.address, layout.bytes());
    }
  }

  // ---------------------------------------------------------------- growth

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

  private void hashGrow() {
    BucketArray old = table.buckets;
    sameSizeGrow = !overLoadFactor(count + 1, old.b);
    int b = sameSizeGrow ? old.b : old.b + 1;
    BucketArray fresh = BucketArray.allocate(++lastArrayId, b, layout, space);
    oldNextOverflow = nextOverflow;
    nextOverflow = fresh.roots();
    nevacuate = 0;
    iteratorFlags.getAndUpdate(
        f -> (f & HmapFields.FLAG_ITERATOR) != 0 ? HmapFields.FLAG_OLD_ITERATOR : 0);
    table = new Table(table.hasher, fresh, old, 0);
    add(counters.growths, 1);
    if (sameSizeGrow) {
      add(counters.sameSizeGrowths, 1);
    }
  }

  /** Takes an overflow bucket of the current array; its content is undefined. */
  int newOverflow() {
    Table t = table;
    if (nextOverflow == t.buckets.capacity()) {
      table = new Table(t.hasher, t.buckets.extended(space), t.old, t.evacuatedBelow);
    }
    return nextOverflow++;
  }

  int nevacuate() {
    return nevacuate;
  }

  boolean isSameSizeGrow() {
    return sameSizeGrow;
  }

  /**
   * Moves the evacuation mark, freeing what lies below it, and ends the growth at the last root.
   */
  void setNevacuate(int mark) {
    nevacuate = mark;
    Table t = table;
    BucketArray old = t.old;
    if (old == null) {
      return;
    }
    if (mark == old.roots()) {
      table = new Table(t.hasher, t.buckets, null, 0);
      old.freedUpTo(old.extents(), space);
      sameSizeGrow = false;
      oldNextOverflow = 0;
      nevacuate = 0;
      iteratorFlags.getAndUpdate(f -> f & HmapFields.FLAG_ITERATOR);
      return;
    }
    int below = old.extentsBelow(mark);
    if (below > old.freed) {
      int from = old.freed;
      BucketArray rest =
          new BucketArray(
              old.id, old.b, old.extentOrder, layout.bytes(), old.pages(), below, space);
      table = new Table(t.hasher, t.buckets, rest, mark);
      for (int i = from; i < below; i++) {
        space.free(old.page(i), old.extentOrder);
      }
    }
  }

  void countChains(int chains) {
    add(counters.evacuatedChains, chains);
    if (chains > counters.maxChainsPerWrite.getPlain()) {
      counters.maxChainsPerWrite.setRelease(chains);
    }
  }

  /** Adds to a counter that only the writer changes. */
  private static void add(AtomicLong counter, long n) {
    counter.setRelease(counter.getPlain() + n);
  }

  /** Says that an iterator is about. Any thread. */
  void markIterator() {
    iteratorFlags.getAndUpdate(
        f -> f | HmapFields.FLAG_ITERATOR | (table.old != null ? HmapFields.FLAG_OLD_ITERATOR : 0));
  }

  /** Whether old and new array exist side by side. Any thread. */
  public boolean isGrowing() {
    return table.old != null;
  }
}
