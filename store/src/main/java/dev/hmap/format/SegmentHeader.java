package dev.hmap.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The head of a log segment, 72 bytes. The log file is a row of slots of {@link #SEGMENT_BYTES};
 * each holds one segment, the remains of one, or zeros.
 *
 * <pre>
 *  0       8      12    16        24       32     40     48      52        56    64    68
 *  +-------+------+-----+---------+--------+------+------+-------+---------+-----+-----+-----+
 *  | magic | kind | 0   | storeId | number | salt | base | chain | ordinal | set | 0   | crc |
 *  | u64   | u32  | u32 | u64     | u64    | u64  | u64  | u32   | u32     | u64 | u32 | u32 |
 *  +-------+------+-----+---------+--------+------+------+-------+---------+-----+-----+-----+
 * </pre>
 *
 * @param kind {@link #KIND_RECORDS} or {@link #KIND_IMAGES}
 * @param storeId the low half of the store's
 * @param number grows with every segment written, of either kind
 * @param salt random, drawn again whenever the store is opened
 * @param base of records: the LSN of its first byte; of images: the generation
 * @param chain of records: the sum of the record before it, if it is the first that was written
 *     since the store was opened, else 0; of images: 0
 * @param ordinal of images: the segment's place in its set; of records: 0
 * @param set of images: the number of the first segment of the set; of records: 0
 */
public record SegmentHeader(
    int kind, long storeId, long number, long salt, long base, int chain, int ordinal, long set) {
  /** Records of operations. */
  public static final int KIND_RECORDS = 1;

  /** Page images of a checkpoint. */
  public static final int KIND_IMAGES = 2;

  /** Bytes of a segment with its head: 1 MiB. */
  public static final int SEGMENT_BYTES = 1 << 20;

  /** Bytes of the head. */
  public static final int BYTES = 72;

  /** Bytes after the head. */
  public static final int CAPACITY = SEGMENT_BYTES - BYTES;

  /** "HMAPLOG1". */
  public static final long MAGIC = 0x3147_4F4C_5041_4D48L;

  private static final int CRC_OFFSET = BYTES - Integer.BYTES;

  /** The encoded head, a direct buffer. */
  public ByteBuffer encode() {
    ByteBuffer to = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    to.putLong(MAGIC).putInt(kind).putInt(0);
    to.putLong(storeId).putLong(number).putLong(salt).putLong(base);
    to.putInt(chain).putInt(ordinal).putLong(set);
    int crc = new Checksums().sum(to.position(0).limit(CRC_OFFSET));
    return to.clear().putInt(CRC_OFFSET, crc);
  }

  /**
   * The head in a slot, or null if there is no valid one.
   *
   * @param from {@link #BYTES} bytes, little-endian, at position 0
   */
  public static @Nullable SegmentHeader decode(ByteBuffer from) {
    if (from.getLong(0) != MAGIC
        || from.getInt(CRC_OFFSET) != new Checksums().sum(from.duplicate().limit(CRC_OFFSET))) {
      return null;
    }
    return new SegmentHeader(
        from.getInt(8),
        from.getLong(16),
        from.getLong(24),
        from.getLong(32),
        from.getLong(40),
        from.getInt(48),
        from.getInt(52),
        from.getLong(56));
  }
}
