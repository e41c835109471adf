package dev.hmap.format;

import java.nio.ByteBuffer;

/**
 * One extent in the {@link Directory}, 24 bytes.
 *
 * <pre>
 *  0       4      5       6            8        12      16          20       24
 *  +-------+------+-------+------------+--------+-------+-----------+--------+
 *  | page  | kind | order | sizeClass  | owner  | used  | firstFree | bump   |
 *  | u32   | u8   | u8    | u16        | u32    | u32   | u32       | u32    |
 *  +-------+------+-------+------------+--------+-------+-----------+--------+
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

  void encode(ByteBuffer to) {
    to.putInt(page).put((byte) kind).put((byte) order).putShort((short) sizeClass);
    to.putInt(owner).putInt(used).putInt(firstFree).putInt(bump);
  }

  static ExtentRecord decode(ByteBuffer from) {
    int page = from.getInt();
    int kind = Byte.toUnsignedInt(from.get());
    int order = Byte.toUnsignedInt(from.get());
    int sizeClass = Short.toUnsignedInt(from.getShort());
    return new ExtentRecord(
        page, kind, order, sizeClass, from.getInt(), from.getInt(), from.getInt(), from.getInt());
  }
}
