package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.BucketLayout;
import java.util.Arrays;

/** Walks every chain of a map that nobody changes meanwhile. */
public final class HmapWalk {
  private HmapWalk() {}

  /**
   * How long the chains are.
   *
   * @param map opened for reading only, or on its writer's thread
   * @return for each number of buckets, how many chains have it; a chain that is not evacuated yet
   *     counts as it stands in the old array
   */
  public static long[] chainLengths(Hmap map) {
    Table t = map.table;
    long[] lengths = new long[4];
    BucketArray old = t.old;
    if (old != null) {
      for (int bucket = t.evacuatedBelow; bucket < old.roots(); bucket++) {
        if (!isEvacuated(old, bucket)) {
          lengths = count(lengths, length(map, old, bucket));
        }
      }
    }
    for (int bucket = 0; bucket < t.buckets.roots(); bucket++) {
      if (old == null
          || (bucket & old.mask) < t.evacuatedBelow
          || isEvacuated(old, bucket & old.mask)) {
        lengths = count(lengths, length(map, t.buckets, bucket));
      }
    }
    return lengths;
  }

  private static long[] count(long[] lengths, int length) {
    long[] counts = length < lengths.length ? lengths : Arrays.copyOf(lengths, length + 4);
    counts[length]++;
    return counts;
  }

  /** Whether a chain of the old array, whose memory is still there, was evacuated. */
  static boolean isEvacuated(BucketArray old, int bucket) {
    int extent = old.extentOf(bucket);
    return BucketLayout.isEvacuated(
        Byte.toUnsignedInt(old.memory(extent).getByte(old.offset(extent, bucket))));
  }

  private static int length(Hmap map, BucketArray array, int root) {
    int length = 0;
    int bucket = root;
    do {
      if (++length > array.capacity() || bucket < 0 || bucket >= array.capacity()) {
        throw new StoreCorruptException(
            "the chain of bucket %,d of array %d does not end".formatted(root, array.id));
      }
      int extent = array.extentOf(bucket);
      bucket = array.memory(extent).getInt(array.offset(extent, bucket) + map.layout.overflow());
    } while (bucket != 0);
    return length;
  }
}
