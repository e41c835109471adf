package dev.hmap.table;

import static dev.hmap.format.BucketLayout.EMPTY_ONE;
import static dev.hmap.format.BucketLayout.EMPTY_REST;
import static dev.hmap.format.BucketLayout.SLOTS;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.format.ArrayDescriptor;
import dev.hmap.format.BucketLayout;
import dev.hmap.format.Directory;
import dev.hmap.format.EntryLayout;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.Geometry;
import dev.hmap.format.HmapFields;
import dev.hmap.format.KeyHasher;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.InstantSource;
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
 * nevacuate} passes them. {@link Compaction} also goes the other way, which Go does not: two chains
 * of the old array, evacuated together, become one of an array of half the size. All of this state
 * lies in the file, so a growth that was under way when the process died goes on where the log
 * ends.
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

    /** Entries removed since opening because they had expired. */
    public final AtomicLong expired = new AtomicLong();
  }

  private static final VarHandle STAMP =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  final Geometry geometry;
  final BucketLayout layout;
  final Space space;
  final WriteBarrier barrier;

  /** Published to readers; changed by the writer only. */
  volatile Table table;

  // Go's hmap, writer thread only.
  private final EntryStore entries;
  private final Growth growth;
  private final Evacuation evacuation;
  private final Counters counters = new Counters();
  private final AtomicInteger iteratorFlags = new AtomicInteger();
  private final AtomicLong published = new AtomicLong();
  private long count;
  private volatile @Nullable Throwable broken;

  /** Address of the root whose version is odd, 0 if none is. */
  private final AtomicLong changing = new AtomicLong();

  /** The same for a second one: two chains that become one are evacuated together. */
  private final AtomicLong changingToo = new AtomicLong();

  private long hash0;
  private long entryBytes;

  /** Where a map whose entries expire has the time from. Set before there are readers. */
  private InstantSource time = InstantSource.system();

  /** What time the writer takes it to be, in milliseconds since 1970. */
  private long clock;

  /** Readable by any thread. */
  private volatile byte[] mark = {};

  // Where the last look-up of the writer ended.
  private final Cursor root = new Cursor();
  private final Cursor at = new Cursor();
  private final Cursor emptyAt = new Cursor();
  private final Cursor sweptAt = new Cursor();
  private final KeyBytes key = new KeyBytes();
  private int slot;

  private Hmap(Geometry geometry, Space space, WriteBarrier barrier, Table table) {
    this.geometry = geometry;
    this.layout = new BucketLayout(geometry);
    this.space = space;
    this.barrier = barrier;
    this.table = table;
    this.entries = new EntryStore(space, barrier);
    this.growth = new Growth(this);
    this.evacuation = new Evacuation(this, growth);
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
    while (b < ArrayDescriptor.MAX_B && Growth.overLoadFactor(expectedEntries, b)) {
      b++;
    }
    BucketArray array = BucketArray.allocate(1, b, new BucketLayout(geometry), space);
    Hmap map = new Hmap(geometry, space, barrier, new Table(new KeyHasher(hash0), array, null, 0));
    map.hash0 = hash0;
    return map;
  }

  /**
   * The map that a header and its directory describe.
   *
   * @throws StoreCorruptException if they contradict each other
   */
  public static Hmap load(
      Geometry geometry, Space space, WriteBarrier barrier, HmapFields fields, Directory contents) {
    List<ExtentRecord> directory = contents.extents();
    BucketLayout layout = new BucketLayout(geometry);
    check(fields, directory);
    BucketArray buckets = array(fields.buckets(), layout, space, directory);
    BucketArray old =
        fields.oldbuckets().exists() ? array(fields.oldbuckets(), layout, space, directory) : null;
    boolean halves = old != null && old.b > buckets.b;
    if (old != null && old.freed > (halves ? 0 : old.extentsBelow((int) fields.nevacuate()))) {
      throw new StoreCorruptException(
          "the header's nevacuate %,d does not fit its arrays".formatted(fields.nevacuate()));
    }
    int below = halves ? 0 : (int) fields.nevacuate();
    Hmap map =
        new Hmap(
            geometry,
            space,
            barrier,
            new Table(new KeyHasher(fields.hash0()), buckets, old, below));
    map.setCount(fields.count());
    map.mark = contents.mark();
    map.growth.load(fields);
    map.hash0 = fields.hash0();
    map.entryBytes = fields.entryBytes();
    for (ExtentRecord r : directory) {
      if (r.kind() == ExtentRecord.KIND_SLAB || r.kind() == ExtentRecord.KIND_LARGE) {
        map.entries.load(r);
      }
    }
    return map;
  }

  /** Whether the header's fields fit each other, so that none leads to a wild size or place. */
  private static void check(HmapFields fields, List<ExtentRecord> directory) {
    ArrayDescriptor now = fields.buckets();
    ArrayDescriptor old = fields.oldbuckets();
    long units = old.exists() ? 1L << Math.min(old.b(), now.b()) : 1;
    long slots = ((long) now.nextOverflow() + old.nextOverflow()) * SLOTS;
    if (fields.b() != now.b()
        || now.b() > ArrayDescriptor.MAX_B
        || now.firstExtent() != 0
        || old.exists() && Math.abs(old.b() - now.b()) != (fields.sameSizeGrow() ? 0 : 1)
        || old.exists() && old.id() == now.id()
        || old.firstExtent() < 0
        || old.firstExtent() > fields.nevacuate()
        || fields.nevacuate() < 0
        || fields.nevacuate() >= units
        || fields.noverflow() != now.noverflow()
        || fields.oldNoverflow() != old.noverflow()
        || fields.count() < 0
        || fields.count() > slots
        || fields.entryBytes() < 0) {
      throw new StoreCorruptException("the header's fields do not fit each other: " + fields);
    }
    for (ExtentRecord r : directory) {
      if (r.kind() == ExtentRecord.KIND_BUCKETS
          && r.owner() != now.id()
          && !(old.exists() && r.owner() == old.id())) {
        throw new StoreCorruptException(
            "page %d is of array %d, which the header does not know"
                .formatted(r.page(), r.owner()));
      }
    }
  }

  private static BucketArray array(
      ArrayDescriptor d, BucketLayout layout, Space space, List<ExtentRecord> directory) {
    List<ExtentRecord> own =
        directory.stream()
            .filter(r -> r.kind() == ExtentRecord.KIND_BUCKETS && r.owner() == d.id())
            .toList();
    if (!d.exists()
        || d.b() > ArrayDescriptor.MAX_B
        || d.extentOrder() > ExtentLayout.MAX_SHARED_ORDER
        || d.firstExtent() < 0
        || (long) d.extentCount() - d.firstExtent() != own.size()
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
        || d.nextOverflow() > array.capacity()
        || d.noverflow() != d.nextOverflow() - array.roots()) {
      throw new StoreCorruptException("the header's array does not fit its extents: " + d);
    }
    return array;
  }

  /** A reader of this map, which shows values without their stamps. */
  public HmapReader reader() {
    return new HmapReader(this, geometry.stampBytes());
  }

  /** A reader that shows values as they lie, with their stamps. */
  public HmapReader stampReader() {
    return new HmapReader(this, 0);
  }

  /**
   * Makes a table the current one. The fence keeps stores to memory that the table before had
   * behind it, whatever is stored there next; it pairs with the look at the table in {@link
   * HmapReader}'s check that a chain was unchanged.
   */
  void publish(Table next) {
    table = next;
    VarHandle.storeStoreFence();
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

  /** Whether the writer is at the chain of the root at an address. Any thread. */
  boolean isChanging(long address) {
    return changing.getAcquire() == address || changingToo.getAcquire() == address;
  }

  /** Counts since opening. Any thread. */
  public Counters counters() {
    return counters;
  }

  /** The state for a header slot, without {@link HmapFields#FLAG_HASH_WRITING}. */
  public HmapFields fields() {
    return growth.fields(count, iteratorFlags.get(), hash0, entryBytes);
  }

  /** The user's mark, empty if none was ever set. Any thread; not to be changed. */
  public byte[] mark() {
    return mark;
  }

  /** Sets the user's mark. Writer thread only. */
  void setMark(byte[] to) {
    mark = to;
  }

  /** Says who is told of growths from now on. Writer thread only. */
  public void onGrowth(GrowthListener listener) {
    growth.onGrowth(listener);
  }

  /** {@link Growth#reserve}. Writer thread only. */
  public void reserve(int operationBytes) throws IOException {
    growth.reserve(count, operationBytes);
  }

  /** {@link Growth#trim}. Writer thread only. */
  public void trim() {
    growth.trim();
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
    if (geometry.expires()) {
      advanceClock((long) STAMP.get(v, valueAt));
    }
    key.set(k, keyAt, keyLength);
    long hash = key.hash(table.hasher);
    boolean found = locate(hash);
    boolean present = found && !isExpired(at, slot);
    outcome.wasPresent = present;
    if (present && outcome.wantsPrevious) {
      outcome.previous = copyValue();
    }
    boolean apply =
        switch (condition) {
          case ALWAYS -> true;
          case ABSENT -> !present;
          case PRESENT -> present;
          case EQUAL -> present && valueMatches(v, expected, expectedLength);
        };
    if (!apply) {
      return;
    }
    outcome.changed = true;
    if (found) {
      update(hash, keyLength, v, valueAt, valueLength);
      return;
    }
    if (growth.beginIfDue(count + 1)) {
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
    boolean present = locate(hash) && !isExpired(at, slot);
    outcome.wasPresent = present;
    if (!present) {
      return; // if it has expired, a sweep or an evacuation will remove it
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
    growth.clear(new KeyHasher(newHash0));
    hash0 = newHash0;
    setCount(0);
    entryBytes = 0;
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
    for (int hops = 0; hops <= buckets.capacity(); hops++) {
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
        } else if (top == tophash && keyMatches(key, at, i, hash)) {
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
      at.toOverflow(buckets, next);
    }
    throw new StoreCorruptException(
        "the chain of bucket %,d of array %d does not end".formatted(bucket, buckets.id));
  }

  /** Whether a key is the one in a slot whose tophash is its own. */
  boolean keyMatches(KeyBytes wanted, Cursor c, int i, long hash) {
    if (layout.keysInline()) {
      return wanted.matches(c.memory, c.offset + layout.key(i));
    }
    long reference = c.memory.getLong(c.offset + layout.key(i));
    if (!EntryLayout.mayMatch(reference, hash)) {
      return false;
    }
    long address = entryAddress(c, i);
    Memory memory = space.memoryAt(address);
    long offset = Space.offset(address);
    return (memory.getInt(offset + EntryLayout.KEY_LENGTH) & 0xFFFF) == wanted.length()
        && wanted.matches(memory, offset + EntryLayout.HEADER_BYTES);
  }

  private ValueCopy copyValue() {
    ValueCopy copy = new ValueCopy();
    if (layout.valuesInline()) {
      copy.take(at.memory, at.offset + layout.value(slot), geometry.valueWidth());
    } else {
      long address = entryAddress(at, slot);
      Memory memory = space.memoryAt(address);
      long offset = Space.offset(address);
      copy.take(memory, valueOffset(memory, offset), valueLength(memory, offset));
    }
    return copy;
  }

  /** Whether the value, without its stamp, is the expected one. */
  private boolean valueMatches(byte[] v, int expected, int length) {
    int stamp = geometry.stampBytes();
    if (layout.valuesInline()) {
      return length == geometry.valueWidth() - stamp
          && at.memory.matches(at.offset + layout.value(slot) + stamp, v, expected, length);
    }
    long address = entryAddress(at, slot);
    Memory memory = space.memoryAt(address);
    long offset = Space.offset(address);
    return length == valueLength(memory, offset) - stamp
        && memory.matches(valueOffset(memory, offset) + stamp, v, expected, length);
  }

  /** Where a slot's entry lies, which is checked to be one. */
  long entryAddress(Cursor c, int i) {
    long address = EntryLayout.address(c.memory.getLong(c.offset + layout.reference(i)));
    entries.check(address);
    return address;
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
    int offset = c.offset + layout.version();
    int version = c.memory.getInt(offset);
    if ((version & 1) != 0) {
      throw new StoreCorruptException(
          "the version of the bucket at address %,d is odd".formatted(c.address));
    }
    barrier.beforeWrite(c.address, layout.bytes());
    (changing.getPlain() == 0 ? changing : changingToo).setRelease(c.address);
    VarHandle.storeStoreFence(); // pairs with the look at the version in HmapReader.await
    c.memory.putInt(offset, version + 1);
    VarHandle.storeStoreFence();
  }

  /** Makes a root's version even again; pairs with the acquiring first look of a reader. */
  void endChange(Cursor c) {
    int offset = c.offset + layout.version();
    c.memory.putIntRelease(offset, c.memory.getInt(offset) + 1);
    (changing.getPlain() == c.address ? changing : changingToo).setRelease(0);
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
      int next = growth.newOverflow();
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

  // ---------------------------------------------------------------- expiry

  /**
   * Says what time it is, for a map whose entries expire. The time never goes back: what was taken
   * for expired stays so, and no operation that is logged later bears an earlier stamp.
   *
   * @param millis since 1970
   */
  public void advanceClock(long millis) {
    clock = Math.max(clock, millis);
  }

  /** Has the time taken from elsewhere. Before there are readers. */
  public void setTime(InstantSource source) {
    time = source;
  }

  /** What time it is, in milliseconds since 1970. Any thread. */
  public long now() {
    return time.millis();
  }

  /** What time the writer takes it to be, in milliseconds since 1970. Writer thread only. */
  public long clock() {
    return clock;
  }

  /** Whether a slot in use holds what is to be taken for absent. */
  boolean isExpired(Cursor c, int i) {
    return geometry.expires() && geometry.isExpired(stamp(c, i), clock);
  }

  private long stamp(Cursor c, int i) {
    if (layout.valuesInline()) {
      return c.memory.getLong(c.offset + layout.value(i));
    }
    long address = entryAddress(c, i);
    Memory memory = space.memoryAt(address);
    long offset = Space.offset(address);
    if (valueLength(memory, offset) < geometry.stampBytes()) {
      throw new StoreCorruptException(
          "the entry at address %,d is too short for a stamp".formatted(address));
    }
    return memory.getLong(valueOffset(memory, offset));
  }

  /**
   * Removes what has expired from one chain, or while the map grows evacuates one, which does the
   * same. Not logged: expired entries are absent whether they are removed or not.
   *
   * @param bucket a number; its low bits choose the root
   * @return the oldest stamp that was left, {@link Long#MAX_VALUE} if none was seen
   */
  public long sweep(int bucket) {
    if (table.old != null) {
      evacuateNext();
      return Long.MAX_VALUE;
    }
    long oldest = Long.MAX_VALUE;
    BucketArray buckets = table.buckets;
    root.to(buckets, bucket & buckets.mask);
    at.to(root);
    for (int hops = 0; hops <= buckets.capacity(); hops++) {
      for (int i = 0; i < SLOTS; i++) {
        if (at.tophash(i) >= BucketLayout.MIN_TOP_HASH) {
          long stamp = stamp(at, i);
          if (geometry.isExpired(stamp, clock)) {
            emptySlot(i);
          } else {
            oldest = Math.min(oldest, stamp);
          }
        }
      }
      int next = at.memory.getInt(at.offset + layout.overflow());
      if (next == 0) {
        return oldest;
      }
      at.toOverflow(buckets, next);
    }
    throw new StoreCorruptException(
        "the chain of bucket %,d of array %d does not end".formatted(bucket, buckets.id));
  }

  /** Deletes what is in a slot of the bucket at hand, and stays at that bucket. */
  private void emptySlot(int i) {
    sweptAt.to(at);
    slot = i;
    delete();
    at.to(sweptAt);
    counters.expired.setRelease(counters.expired.getPlain() + 1);
  }

  // ---------------------------------------------------------------- compaction

  /** While the map grows or shrinks: evacuates at the mark, at most two chains. Not logged. */
  void evacuateNext() {
    evacuation.growWork(growth.nevacuate());
  }

  /** What compaction works on. */
  Growth growth() {
    return growth;
  }

  EntryStore entries() {
    return entries;
  }

  /** Moves the entries of one chain that lie in sealed extents. Not logged, as nothing changes. */
  void moveEntries(int bucket) {
    BucketArray buckets = table.buckets;
    root.to(buckets, bucket & buckets.mask);
    at.to(root);
    for (int hops = 0; hops <= buckets.capacity(); hops++) {
      for (int i = 0; i < SLOTS; i++) {
        if (at.tophash(i) >= BucketLayout.MIN_TOP_HASH && entries.isSealed(entryAddress(at, i))) {
          moveEntry(i);
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
    long from = entryAddress(at, i);
    Memory memory = space.memoryAt(from);
    long offset = Space.offset(from);
    int bytes = EntryStore.entryBytes(keyLength(memory, offset), valueLength(memory, offset));
    long to = entries.allocate(bytes);
    barrier.beforeWrite(to, bytes);
    memory.copy(offset, space.memoryAt(to), Space.offset(to), bytes);
    long reference = at.memory.getLong(at.offset + layout.reference(i));
    beginChange(root);
    barrier.beforeWrite(at.address, layout.bytes());
    at.memory.putLong(at.offset + layout.reference(i), EntryLayout.moved(reference, to));
    endChange(root);
    entries.free(from);
  }

  /** Roots of the current array. Writer thread only. */
  public int roots() {
    return table.buckets.roots();
  }

  /** Forgets entries that an evacuation has left behind because they had expired. */
  void forget(List<Long> addresses, int entriesLeft) {
    setCount(count - entriesLeft);
    counters.expired.setRelease(counters.expired.getPlain() + entriesLeft);
    for (long address : addresses) {
      Memory memory = space.memoryAt(address);
      long offset = Space.offset(address);
      entryBytes -= EntryStore.entryBytes(keyLength(memory, offset), valueLength(memory, offset));
      entries.free(address);
    }
  }

  // ---------------------------------------------------------------- removal

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
    emptyAt.toOverflow(table.buckets, next);
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

  /** Says that an iterator is about. Any thread. */
  void markIterator() {
    iteratorFlags.getAndUpdate(
        f -> f | HmapFields.FLAG_ITERATOR | (table.old != null ? HmapFields.FLAG_OLD_ITERATOR : 0));
  }

  /** Whether old and new array exist side by side. Any thread. */
  public boolean isGrowing() {
    return table.old != null;
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
