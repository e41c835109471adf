package dev.hmap.format;

import dev.hmap.error.StoreCorruptException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One extent in the directory, 24 bytes; and the directory, which is a run of them behind a 16-byte
 * head. Pages that no record covers are free.
 *
 * <pre>
 *  0       4      5       6            8        12      16          20       24
 *  +-------+------+-------+------------+--------+-------+-----------+--------+
 *  | page  | kind | order | sizeClass  | owner  | used  | firstFree | bump   |
 *  | u32   | u8   | u8    | u16        | u32    | u32   | u32       | u32    |
 *  +-------+------+-------+------------+--------+-------+-----------+--------+
 *  head: magic u32 "HDIR", count u32, generation u64
 * </pre>
 *
 * @param page the extent's first
 * @param kind see the constants
 * @param order binary logarithm of its pages
 * @param sizeClass of a slab, else 0
 * @param owner the id of the array it belongs to; for a large entry its bytes; else 0
 * @param used of a slab: slots in use
 * @param firstFree of a slab: 1 + the slot at the head of the chain of freed slots, or 0
 * @param bump of a slab: slots from here on were never used
 */
public record ExtentRecord(
    int page, int kind, int order, int sizeClass, int owner, int used, int firstFree, int bump) {
  /** Buckets of an array. */
  public static final int KIND_BUCKETS = 1;

  /** A slab: entries of one size class. */
  public static final int KIND_SLAB = 2;

  /** One entry longer than {@link SizeClasses#MAX_BYTES}. */
  public static final int KIND_LARGE = 3;

  /** The directory itself. */
  public static final int KIND_DIRECTORY = 4;

  /** Bytes of a record. */
  public static final int BYTES = 24;

  /** Bytes before the first record. */
  public static final int HEAD_BYTES = 16;

  private static final int MAGIC = 0x5249_4448;

  /** Bytes of a directory of so many records. */
  public static int directoryBytes(int count) {
    return HEAD_BYTES + count * BYTES;
  }

  /**
   * A directory's bytes, in a direct buffer from 0 to its limit.
   *
   * @param generation of the checkpoint
   * @param records the extents, those of an array in the order of their buckets
   */
  public static ByteBuffer encode(long generation, List<ExtentRecord> records) {
    ByteBuffer to =
        ByteBuffer.allocateDirect(directoryBytes(records.size())).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(MAGIC).putInt(records.size()).putLong(generation);
    for (ExtentRecord r : records) {
      to.putInt(r.page).put((byte) r.kind).put((byte) r.order).putShort((short) r.sizeClass);
      to.putInt(r.owner).putInt(r.used).putInt(r.firstFree).putInt(r.bump);
    }
    return to.flip();
  }

  /**
   * The records of a directory.
   *
   * @param generation of the header that names it, which is not older than it
   * @param from its bytes, little-endian, from position to limit
   * @throws StoreCorruptException if it is no directory, or a newer one than the header
   */
  public static List<ExtentRecord> decode(long generation, ByteBuffer from) {
    if (from.remaining() < HEAD_BYTES || from.getInt() != MAGIC) {
      throw new StoreCorruptException("the directory of extents has no valid head");
    }
    int count = from.getInt();
    long found = from.getLong();
    if (found > generation || count < 0 || from.remaining() != (long) count * BYTES) {
      throw new StoreCorruptException(
          "the directory of extents has %,d records of generation %d in %,d bytes, and the header is of generation %d"
              .formatted(count, found, from.remaining(), generation));
    }
    List<ExtentRecord> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int page = from.getInt();
      int kind = Byte.toUnsignedInt(from.get());
      int order = Byte.toUnsignedInt(from.get());
      int sizeClass = Short.toUnsignedInt(from.getShort());
      records.add(
          new ExtentRecord(
              page,
              kind,
              order,
              sizeClass,
              from.getInt(),
              from.getInt(),
              from.getInt(),
              from.getInt()));
    }
    return records;
  }
}
