package dev.hmap.table;

import dev.hmap.format.BucketLayout;
import dev.hmap.format.EntryLayout;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.PageLayout;
import dev.hmap.format.SizeClasses;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks the whole structure of a map that nobody changes meanwhile: every entry in the bucket its
 * hash says and with the right tophash, nothing after an {@code emptyRest}, no bucket and no entry
 * reached twice, every entry within a slot in use, every slot either in use or in its slab's chain
 * of free ones, and the counts right.
 */
public final class HmapCheck {
  private static final int MAX_FINDINGS = 100;

  private final Hmap map;
  private final BucketLayout layout;
  private final Table table;
  private final List<String> findings = new ArrayList<>();
  private final BitSet reachedNew = new BitSet();
  private final BitSet reachedOld = new BitSet();
  private final TreeMap<Integer, ExtentRecord> entryExtents = new TreeMap<>();
  private final Map<Integer, BitSet> slotsReached = new HashMap<>();
  private long entries;
  private long entryBytes;

  private HmapCheck(Hmap map) {
    this.map = map;
    this.layout = map.state.layout;
    this.table = map.state.table;
  }

  /**
   * Checks a map.
   *
   * @param map opened for reading only, or on its writer's thread
   * @return what is wrong, a line each, at most 100; empty if nothing is
   */
  public static List<String> check(Hmap map) {
    HmapCheck check = new HmapCheck(map);
    check.run();
    return check.findings;
  }

  private void run() {
    for (ExtentRecord r : map.extents()) {
      if (r.kind() != ExtentRecord.KIND_BUCKETS) {
        entryExtents.put(r.page(), r);
        slotsReached.put(r.page(), new BitSet());
      }
    }
    BucketArray old = table.old;
    if (old != null) {
      for (int root = 0; root < old.roots(); root++) {
        if (table.home(root) == old) {
          chain(old, root, reachedOld);
        }
      }
    }
    for (int root = 0; root < table.buckets.roots(); root++) {
      if (table.home(root) == table.buckets) {
        chain(table.buckets, root, reachedNew);
      }
    }
    if (entries != map.count()) {
      find("count is %,d, and %,d entries were found".formatted(map.count(), entries));
    }
    if (entryBytes != map.fields().entryBytes()) {
      find(
          "entryBytes is %,d, and %,d were found".formatted(map.fields().entryBytes(), entryBytes));
    }
    entryExtents.values().forEach(this::slab);
  }

  private void chain(BucketArray array, int root, BitSet reached) {
    boolean rest = false;
    int bucket = root;
    do {
      if (bucket < 0 || bucket >= array.capacity() || bucket != root && bucket < array.roots()) {
        find("array %d: the chain of bucket %,d leads to %,d".formatted(array.id, root, bucket));
        return;
      }
      if (reached.get(bucket)) {
        find("array %d: bucket %,d is reached twice, from %,d".formatted(array.id, bucket, root));
        return;
      }
      reached.set(bucket);
      int extent = array.extentOf(bucket);
      Memory memory = array.memory(extent);
      int offset = array.offset(extent, bucket);
      if (bucket == root && (memory.getInt(offset + layout.version()) & 1) != 0) {
        find("array %d: the version of bucket %,d is odd".formatted(array.id, root));
      }
      for (int i = 0; i < BucketLayout.SLOTS; i++) {
        int top = Byte.toUnsignedInt(memory.getByte(offset + i));
        if (top == BucketLayout.EMPTY_REST) {
          rest = true;
        } else if (rest) {
          find(
              "array %d: bucket %,d has tophash %d after an emptyRest"
                  .formatted(array.id, bucket, top));
        } else if (!BucketLayout.isEmpty(top) && top < BucketLayout.MIN_TOP_HASH) {
          find(
              "array %d: bucket %,d slot %d has tophash %d, which no writer makes"
                  .formatted(array.id, bucket, i, top));
        } else if (!BucketLayout.isEmpty(top)) {
          entry(array, root, bucket, memory, offset, i, top);
        }
      }
      bucket = memory.getInt(offset + layout.overflow());
    } while (bucket != 0);
  }

  private void entry(
      BucketArray array, int root, int bucket, Memory memory, int offset, int i, int top) {
    entries++;
    byte[] key = key(bucket, memory, offset, i);
    if (key == null) {
      return;
    }
    long hash = new KeyBytes(key).hash(table.hasher);
    if (((int) hash & array.mask) != root) {
      find(
          "array %d: a key of bucket %,d belongs to %,d"
              .formatted(array.id, root, (int) hash & array.mask));
    }
    if (BucketLayout.tophash(hash) != top) {
      find("array %d: bucket %,d slot %d has tophash %d".formatted(array.id, bucket, i, top));
    }
    if (!layout.keysInline()
        && !EntryLayout.mayMatch(memory.getLong(offset + layout.reference(i)), hash)) {
      find("array %d: bucket %,d slot %d has wrong hash bits".formatted(array.id, bucket, i));
    }
  }

  private byte @Nullable [] key(int bucket, Memory memory, int offset, int i) {
    byte[] key = new byte[map.state.geometry.keyWidth()];
    if (layout.keysInline()) {
      memory.get(offset + layout.key(i), key, 0, key.length);
    }
    if (!layout.hasEntries()) {
      return key;
    }
    long address = EntryLayout.address(memory.getLong(offset + layout.reference(i)));
    Map.Entry<Integer, ExtentRecord> at = entryExtents.floorEntry(PageLayout.pageOf(address));
    if (at == null || PageLayout.pageOf(address) >= at.getKey() + (1 << at.getValue().order())) {
      find("bucket %,d slot %d refers to %,d, where no entries are".formatted(bucket, i, address));
      return null;
    }
    ExtentRecord extent = at.getValue();
    long inExtent = address - PageLayout.addressOf(extent.page());
    int slotBytes = slotBytes(extent);
    int slot = (int) (inExtent / slotBytes);
    Memory entries = map.state.space.memoryAt(address);
    long entry = Space.offset(address);
    int keyLength = Entry.keyLength(entries, entry);
    int valueLength = Entry.valueLength(entries, entry);
    BitSet reached = slotsReached.get(extent.page());
    if (inExtent % slotBytes != 0
        || slot >= extent.bump()
        || valueLength < 0
        || (long) EntryLayout.HEADER_BYTES + keyLength + valueLength > slotBytes
        || reached == null
        || reached.get(slot)) {
      find(
          "bucket %,d slot %d refers to %,d, which is not an entry of its own"
              .formatted(bucket, i, address));
      return null;
    }
    int bytes = Entry.bytes(keyLength, valueLength);
    if (extent.kind() == ExtentRecord.KIND_LARGE && extent.owner() != bytes) {
      find(
          "the extent at page %d is recorded with an entry of %,d bytes, and it has %,d"
              .formatted(extent.page(), extent.owner(), bytes));
    }
    reached.set(slot);
    entryBytes += bytes;
    if (!layout.keysInline()) {
      key = new byte[keyLength];
      entries.get(Entry.keyAt(entry), key, 0, keyLength);
    }
    return key;
  }

  private static int slotBytes(ExtentRecord extent) {
    return extent.kind() == ExtentRecord.KIND_LARGE
        ? (int) ExtentLayout.payloadBytes(extent.order())
        : SizeClasses.bytes(extent.sizeClass());
  }

  /** Every slot below the bump is in use or in the chain of free ones. */
  private void slab(ExtentRecord extent) {
    BitSet reached = slotsReached.get(extent.page());
    if (reached == null) {
      return;
    }
    if (reached.cardinality() != extent.used()) {
      find(
          "the extent at page %d has %,d slots in use, and %,d entries were found"
              .formatted(extent.page(), extent.used(), reached.cardinality()));
    }
    BitSet free = new BitSet();
    int next = extent.firstFree();
    while (next != 0) {
      int slot = next - 1;
      if (slot < 0 || slot >= extent.bump() || free.get(slot) || reached.get(slot)) {
        find("the extent at page %d has a wrong chain of free slots".formatted(extent.page()));
        return;
      }
      free.set(slot);
      long address = PageLayout.addressOf(extent.page()) + (long) slot * slotBytes(extent);
      next = map.state.space.memoryAt(address).getInt(Space.offset(address));
    }
    if (free.cardinality() + reached.cardinality() != extent.bump()) {
      find("the extent at page %d has lost slots".formatted(extent.page()));
    }
  }

  private void find(String what) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(what);
    }
  }
}
