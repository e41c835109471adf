package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.ArrayDescriptor;
import dev.hmap.format.BucketLayout;
import dev.hmap.format.Directory;
import dev.hmap.format.EvacuatedUnits;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.Geometry;
import dev.hmap.format.HmapFields;
import dev.hmap.format.KeyHasher;
import dev.hmap.format.PageLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a map: an empty one, or the one that a header and its directory describe. Their checksums
 * were right, but they may contradict each other; so whatever sizes or places something is checked
 * before it does.
 */
public final class HmapLoader {
  private HmapLoader() {}

  /**
   * An empty map in a file of which nothing was used yet.
   *
   * @param expectedEntries how many it should take without growing, 0 if unknown
   * @param hash0 the seed, random
   */
  public static Hmap create(
      Geometry geometry, Space space, WriteBarrier barrier, long expectedEntries, long hash0) {
    int b = b(expectedEntries);
    BucketArray array = BucketArray.allocate(1, b, new BucketLayout(geometry), space);
    Table table = new Table(new KeyHasher(hash0), array);
    return new Hmap(new HmapState(geometry, space, barrier, table), hash0);
  }

  /** The smallest {@code B} whose buckets take this many entries. */
  private static int b(long expectedEntries) {
    int b = 0;
    while (b < ArrayDescriptor.MAX_B && Growth.overLoadFactor(expectedEntries, b)) {
      b++;
    }
    return b;
  }

  /** The most entries that {@link #create} can be made to expect. */
  public static long maxExpectedEntries(Geometry geometry) {
    long most = PageLayout.addressOf(PageLayout.MAX_PAGES) / new BucketLayout(geometry).bytes();
    int b = Math.min(ArrayDescriptor.MAX_B, Long.SIZE - 1 - Long.numberOfLeadingZeros(most - 1));
    return Growth.maxEntries(b);
  }

  /** Bytes of the buckets for this many entries. */
  public static long bucketBytes(Geometry geometry, long expectedEntries) {
    return (long) new BucketLayout(geometry).bytes() << b(expectedEntries);
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
    KeyHasher hasher = new KeyHasher(fields.hash0());
    Table table = new Table(hasher, buckets, old, marks(buckets, old, contents.evacuated()));
    HmapState state = new HmapState(geometry, space, barrier, table);
    state.setCount(fields.count());
    state.entries.setEntryBytes(fields.entryBytes());
    Hmap map = new Hmap(state, fields.hash0());
    map.setMark(contents.mark());
    map.growth.load(fields);
    for (ExtentRecord r : directory) {
      if (r.kind() == ExtentRecord.KIND_SLAB || r.kind() == ExtentRecord.KIND_LARGE) {
        state.entries.load(r);
      }
    }
    return map;
  }

  private static @Nullable EvacuationMarks marks(
      BucketArray buckets, @Nullable BucketArray old, EvacuatedUnits evacuated) {
    if (old == null) {
      evacuated.check(0);
      return null;
    }
    return new EvacuationMarks(Math.min(old.roots(), buckets.roots()), evacuated);
  }

  /** Whether the header's fields fit each other, so that none leads to a wild size or place. */
  private static void check(HmapFields fields, List<ExtentRecord> directory) {
    ArrayDescriptor now = fields.buckets();
    ArrayDescriptor old = fields.oldbuckets();
    long units = old.exists() ? 1L << Math.min(old.b(), now.b()) : 1;
    long slots = ((long) now.nextOverflow() + old.nextOverflow()) * BucketLayout.SLOTS;
    if (fields.b() != now.b()
        || now.b() > ArrayDescriptor.MAX_B
        || now.firstExtent() != 0
        || old.exists() && Math.abs(old.b() - now.b()) != (fields.sameSizeGrow() ? 0 : 1)
        || old.exists() && old.id() == now.id()
        || !old.exists() && (fields.sameSizeGrow() || !old.equals(ArrayDescriptor.NONE))
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

  /** The array of a descriptor, whose extents the directory lists in the order of its buckets. */
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
}
