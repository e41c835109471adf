package dev.hmap.format;

import java.nio.ByteBuffer;

/**
 * The fields of Go's {@code hmap}, by their names, as a header slot holds them.
 *
 * @param count live entries
 * @param flags see the {@code FLAG_} constants
 * @param b Go's {@code B}: binary logarithm of the root buckets
 * @param noverflow overflow buckets of the current array
 * @param hash0 the seed of the hash
 * @param buckets the current array
 * @param oldbuckets the array that is being evacuated, or {@link ArrayDescriptor#NONE}
 * @param nevacuate root buckets of {@code oldbuckets} below this are evacuated; pairs of them when
 *     it is halved
 * @param oldNoverflow from Go's {@code extra}: overflow buckets of {@code oldbuckets}
 * @param entryBytes bytes of all live entries outside the buckets, with their headers
 */
public record HmapFields(
    long count,
    int flags,
    int b,
    int noverflow,
    long hash0,
    ArrayDescriptor buckets,
    ArrayDescriptor oldbuckets,
    long nevacuate,
    int oldNoverflow,
    long entryBytes) {
  /** An iterator may be using {@code buckets}. */
  public static final int FLAG_ITERATOR = 1;

  /** An iterator may be using {@code oldbuckets}. */
  public static final int FLAG_OLD_ITERATOR = 2;

  /** The store was written to since it was opened and is not cleanly closed. */
  public static final int FLAG_HASH_WRITING = 4;

  /** The growth under way is to the same size. */
  public static final int FLAG_SAME_SIZE_GROW = 8;

  /** Bytes of the encoded fields. */
  static final int BYTES = 8 + 4 + 4 + 4 + 4 + 8 + 2 * ArrayDescriptor.BYTES + 8 + 8;

  /** Whether the store was not cleanly closed. */
  public boolean hashWriting() {
    return (flags & FLAG_HASH_WRITING) != 0;
  }

  /** Whether the growth under way is to the same size. */
  public boolean sameSizeGrow() {
    return (flags & FLAG_SAME_SIZE_GROW) != 0;
  }

  /** The same with other flags. */
  public HmapFields withFlags(int other) {
    return new HmapFields(
        count,
        other,
        b,
        noverflow,
        hash0,
        buckets,
        oldbuckets,
        nevacuate,
        oldNoverflow,
        entryBytes);
  }

  void encode(ByteBuffer to) {
    to.putLong(count).putInt(flags).putInt(b).putInt(noverflow).putInt(oldNoverflow).putLong(hash0);
    buckets.encode(to);
    oldbuckets.encode(to);
    to.putLong(nevacuate).putLong(entryBytes);
  }

  static HmapFields decode(ByteBuffer from) {
    long count = from.getLong();
    int flags = from.getInt();
    int b = from.getInt();
    int noverflow = from.getInt();
    int oldNoverflow = from.getInt();
    long hash0 = from.getLong();
    ArrayDescriptor buckets = ArrayDescriptor.decode(from);
    ArrayDescriptor oldbuckets = ArrayDescriptor.decode(from);
    return new HmapFields(
        count,
        flags,
        b,
        noverflow,
        hash0,
        buckets,
        oldbuckets,
        from.getLong(),
        oldNoverflow,
        from.getLong());
  }
}
