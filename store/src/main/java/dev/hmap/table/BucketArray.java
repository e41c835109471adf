package dev.hmap.table;

import dev.hmap.format.ArrayDescriptor;
import dev.hmap.format.BucketLayout;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.PageLayout;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array of buckets: 2^B roots, the overflow buckets set aside for them, and those added since,
 * numbered through. It lies in extents of one size, each holding a whole number of buckets.
 *
 * <p>Immutable, and so safely published with the {@link Table}; adding or freeing an extent makes a
 * new one.
 */
final class BucketArray {
  private static final int EXTENTS_SHIFT = 4;

  final int id;
  final int b;
  final int extentOrder;
  final int mask;
  final int freed;
  private final int bucketBytes;
  private final int perExtent;
  private final long reciprocal;
  private final int reciprocalShift;
  private final int[] pages;
  private final @Nullable Memory[] memories;
  private final int[] offsets;

  /**
   * By extent, the address in the process at which bucket 0 would lie if all buckets before lay in
   * front of the extent's; null if there is memory that is not accessed by address.
   */
  private final long @Nullable [] bases;

  BucketArray(
      int id, int b, int extentOrder, int bucketBytes, int[] pages, int freed, Space space) {
    this.id = id;
    this.b = b;
    this.extentOrder = extentOrder;
    this.mask = (1 << b) - 1;
    this.bucketBytes = bucketBytes;
    this.pages = pages;
    this.freed = freed;
    perExtent = perExtent(extentOrder, bucketBytes);
    // n / perExtent for 31-bit n, as a multiplication (Granlund and Montgomery, 1994)
    int log = Integer.SIZE - Integer.numberOfLeadingZeros(perExtent - 1);
    reciprocalShift = Integer.SIZE - 1 + log;
    reciprocal = (1L << reciprocalShift) / perExtent + 1;
    memories = new Memory[pages.length];
    offsets = new int[pages.length];
    for (int i = freed; i < pages.length; i++) {
      long address = PageLayout.addressOf(pages[i]);
      memories[i] = space.memoryAt(address);
      offsets[i] = (int) Space.offset(address);
    }
    bases = bases();
  }

  private long @Nullable [] bases() {
    long[] all = new long[pages.length];
    for (int i = freed; i < pages.length; i++) {
      long memory = memory(i).address();
      if (memory == 0) {
        return null;
      }
      all[i] = memory + offsets[i] - (long) i * perExtent * bucketBytes;
    }
    return all;
  }

  /** Roots and the overflow buckets set aside for an array of 2^b roots. */
  static int nominalBuckets(int b) {
    return (1 << b) + (b >= 4 ? 1 << b - 4 : 0);
  }

  private static int perExtent(int order, int bucketBytes) {
    return (int) (ExtentLayout.payloadBytes(order) / bucketBytes);
  }

  /**
   * The order of the extents of an array of 2^b roots: about 16 to 32 extents, up to 4 MiB each.
   */
  static int extentOrder(int b, BucketLayout layout) {
    long bytes = (long) nominalBuckets(b) * layout.bytes();
    long pages = Math.max(1, bytes >>> PageLayout.PAGE_SHIFT);
    int log = Long.SIZE - 1 - Long.numberOfLeadingZeros(pages);
    return Math.clamp(log - EXTENTS_SHIFT, 0, ExtentLayout.MAX_SHARED_ORDER);
  }

  /** Pages that a new array of 2^b roots takes. */
  static long pages(int b, BucketLayout layout) {
    return extents(b, nominalBuckets(b), layout) << extentOrder(b, layout);
  }

  /** Extents that an array of 2^b roots takes with this many buckets in all. */
  static long extents(int b, long buckets, BucketLayout layout) {
    int perExtent = perExtent(extentOrder(b, layout), layout.bytes());
    return (Math.max(nominalBuckets(b), buckets) + perExtent - 1) / perExtent;
  }

  /** A new array of 2^b roots, of undefined content. */
  static BucketArray allocate(int id, int b, BucketLayout layout, Space space) {
    int order = extentOrder(b, layout);
    int perExtent = perExtent(order, layout.bytes());
    int[] pages = new int[Math.ceilDiv(nominalBuckets(b), perExtent)];
    for (int i = 0; i < pages.length; i++) {
      pages[i] = space.allocate(order);
    }
    return new BucketArray(id, b, order, layout.bytes(), pages, 0, space);
  }

  /** The same with room for more overflow buckets. */
  BucketArray extended(Space space) {
    int[] more = Arrays.copyOf(pages, pages.length + 1);
    more[pages.length] = space.allocate(extentOrder);
    return new BucketArray(id, b, extentOrder, bucketBytes, more, freed, space);
  }

  /** The same without its extents before {@code upTo}, which are yet to be given back. */
  BucketArray without(int upTo, Space space) {
    return new BucketArray(id, b, extentOrder, bucketBytes, pages, upTo, space);
  }

  /** Gives extents back to the space, once no table that is published has them. */
  void giveBack(int from, int to, Space space) {
    for (int i = from; i < to; i++) {
      space.free(pages[i], extentOrder);
    }
  }

  /** The same with one extent at another place. */
  BucketArray moved(int extent, int page, Space space) {
    int[] other = pages.clone();
    other[extent] = page;
    return new BucketArray(id, b, extentOrder, bucketBytes, other, freed, space);
  }

  int roots() {
    return mask + 1;
  }

  int extents() {
    return pages.length;
  }

  int page(int extent) {
    return pages[extent];
  }

  /** Buckets it has room for. */
  int capacity() {
    return (int) Math.min((long) pages.length * perExtent, Integer.MAX_VALUE);
  }

  /** The extent that holds a bucket. */
  int extentOf(int bucket) {
    return (int) (bucket * reciprocal >>> reciprocalShift);
  }

  /** The memory of an extent that was not freed. */
  Memory memory(int extent) {
    Memory memory = memories[extent];
    if (memory == null) {
      throw new IllegalStateException("extent %d of array %d is freed".formatted(extent, id));
    }
    return memory;
  }

  /** Where a bucket lies in its extent's memory. */
  int offset(int extent, int bucket) {
    return offsets[extent] + (bucket - extent * perExtent) * bucketBytes;
  }

  /**
   * Where a bucket lies in the process, which it does as long as this array is reachable; 0 if it
   * is not accessed by address.
   *
   * @param bytes of a bucket, from a caller to whom they are a constant
   */
  long addressInProcess(int bucket, int bytes) {
    long[] all = bases;
    return all == null ? 0 : all[extentOf(bucket)] + (long) bucket * bytes;
  }

  /** Where a bucket lies in the file. */
  long address(int extent, int bucket) {
    return PageLayout.addressOf(pages[extent]) + (long) (bucket - extent * perExtent) * bucketBytes;
  }

  /** The page of the file in which a bucket begins. */
  int pageOf(int bucket) {
    return PageLayout.pageOf(address(extentOf(bucket), bucket));
  }

  /** How many extents hold only buckets below {@code bucket}. */
  int extentsBelow(int bucket) {
    return extentOf(bucket);
  }

  /** Adds a record for each extent, in the order of their buckets. */
  void records(List<ExtentRecord> to) {
    for (int i = freed; i < pages.length; i++) {
      to.add(new ExtentRecord(pages[i], ExtentRecord.KIND_BUCKETS, extentOrder, 0, id, 0, 0, 0));
    }
  }

  ArrayDescriptor descriptor(int nextOverflow) {
    return new ArrayDescriptor(
        id, b, extentOrder, pages.length, freed, nextOverflow, nextOverflow - roots());
  }
}
