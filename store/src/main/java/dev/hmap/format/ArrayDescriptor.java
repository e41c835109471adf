package dev.hmap.format;

import java.nio.ByteBuffer;

/**
 * A bucket array as the header describes it, 24 bytes. Its extents stand in the directory, in the
 * order of the buckets in them.
 *
 * <pre>
 *  0     4     5             6   8              12             16            20
 *  +-----+-----+-------------+---+--------------+--------------+-------------+-----------+
 *  | id  | B   | extentOrder | 0 | extentCount  | firstExtent  | nextOverflow| noverflow |
 *  | u32 | u8  | u8          |u16| u32          | u32          | u32         | u32       |
 *  +-----+-----+-------------+---+--------------+--------------+-------------+-----------+
 * </pre>
 *
 * @param id numbers the arrays of a store from 1; 0 where there is no array
 * @param b binary logarithm of the root buckets, Go's {@code B}
 * @param extentOrder binary logarithm of the pages of each of its extents
 * @param extentCount how many extents it has or had, freed ones included
 * @param firstExtent the first that is still its own: those before it were freed by evacuation
 * @param nextOverflow the number of the overflow bucket to be taken next
 * @param noverflow overflow buckets in use
 */
public record ArrayDescriptor(
    int id,
    int b,
    int extentOrder,
    int extentCount,
    int firstExtent,
    int nextOverflow,
    int noverflow) {
  /** Bytes of a descriptor. */
  public static final int BYTES = 24;

  /** Where no array is. */
  public static final ArrayDescriptor NONE = new ArrayDescriptor(0, 0, 0, 0, 0, 0, 0);

  /** The largest {@code B}: bucket numbers are 31 bits wide. */
  public static final int MAX_B = 29;

  /** Whether there is an array. */
  public boolean exists() {
    return id != 0;
  }

  void encode(ByteBuffer to) {
    to.putInt(id)
        .put((byte) b)
        .put((byte) extentOrder)
        .putShort((short) 0)
        .putInt(extentCount)
        .putInt(firstExtent)
        .putInt(nextOverflow)
        .putInt(noverflow);
  }

  static ArrayDescriptor decode(ByteBuffer from) {
    int id = from.getInt();
    int b = Byte.toUnsignedInt(from.get());
    int order = Byte.toUnsignedInt(from.get());
    from.getShort();
    return new ArrayDescriptor(
        id, b, order, from.getInt(), from.getInt(), from.getInt(), from.getInt());
  }
}
