package dev.hmap.format;

import dev.hmap.error.StoreCorruptException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory of a checkpoint: every extent in use, which units of the old array are evacuated,
 * and the mark. Pages that no record covers are free.
 *
 * <pre>
 *  0       4       8            16          20               24
 *  +-------+-------+------------+-----------+----------------+----------------+-----------+----------+
 *  | magic | count | generation | markBytes | evacuatedBytes | count records, | evacuated | the mark |
 *  | u32   | u32   | u64        | u32       | u32            | 24 bytes each  |           |          |
 *  +-------+-------+------------+-----------+----------------+----------------+-----------+----------+
 * </pre>
 */
public final class Directory {
  /** Bytes before the first record. */
  public static final int HEAD_BYTES = 24;

  /** The longest mark. */
  public static final int MAX_MARK_BYTES = 4096;

  /**
   * As many extents as the largest directory lists, with any mark and with what is evacuated of the
   * largest array: its own is one of them.
   */
  public static final int MAX_EXTENTS =
      (int)
          (((PageLayout.PAGE_BYTES << ExtentLayout.MAX_ORDER)
                  - HEAD_BYTES
                  - MAX_MARK_BYTES
                  - EvacuatedUnits.maxBytes(ArrayDescriptor.MAX_B))
              / ExtentRecord.BYTES);

  private static final int MAGIC = 0x5249_4448; // "HDIR"

  private final List<ExtentRecord> extents;
  private final EvacuatedUnits evacuated;
  private final byte[] mark;

  /**
   * A directory.
   *
   * @param extents those of an array in the order of their buckets
   * @param evacuated units of the old array
   * @param mark the user's, empty if none was ever set; not copied
   */
  public Directory(List<ExtentRecord> extents, EvacuatedUnits evacuated, byte[] mark) {
    this.extents = extents;
    this.evacuated = evacuated;
    this.mark = mark;
  }

  /** The extents in use. */
  public List<ExtentRecord> extents() {
    return extents;
  }

  /** Which units of the old array are evacuated. */
  public EvacuatedUnits evacuated() {
    return evacuated;
  }

  /** The mark; not to be changed. */
  public byte[] mark() {
    return mark;
  }

  /**
   * The order of the extent of a directory; it may be above {@link ExtentLayout#MAX_ORDER}.
   *
   * @param records how many extents it lists
   * @param evacuatedBytes for the units of the old array
   * @param markBytes length of the mark
   */
  public static int order(int records, long evacuatedBytes, int markBytes) {
    long bytes = HEAD_BYTES + (long) records * ExtentRecord.BYTES + evacuatedBytes + markBytes;
    int order = 0;
    while ((long) PageLayout.PAGE_BYTES << order < bytes) {
      order++;
    }
    return order;
  }

  /** The order of the extent of this one once it lists another extent, its own. */
  public int orderWithItself() {
    return order(extents.size() + 1, evacuated.bytes(), mark.length);
  }

  /**
   * The bytes, in a direct buffer from 0 to its limit.
   *
   * @param generation of the checkpoint
   */
  public ByteBuffer encode(long generation) {
    int records = extents.size() * ExtentRecord.BYTES;
    ByteBuffer to =
        ByteBuffer.allocateDirect(HEAD_BYTES + records + evacuated.bytes() + mark.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(MAGIC).putInt(extents.size()).putLong(generation);
    to.putInt(mark.length).putInt(evacuated.bytes());
    extents.forEach(r -> r.encode(to));
    evacuated.encode(to);
    return to.put(mark).flip();
  }

  /**
   * The directory in some bytes.
   *
   * @param generation of the header that names it, which is not older than it
   * @param nevacuate of that header
   * @param from its bytes, little-endian, from position to limit
   * @throws StoreCorruptException if it is not a directory, or a newer one than the header
   */
  public static Directory decode(long generation, long nevacuate, ByteBuffer from) {
    if (from.remaining() < HEAD_BYTES || from.getInt() != MAGIC) {
      throw new StoreCorruptException("the directory of extents has no valid head");
    }
    int count = from.getInt();
    long found = from.getLong();
    int markBytes = from.getInt();
    int evacuatedBytes = from.getInt();
    if (found > generation
        || count < 0
        || markBytes < 0
        || markBytes > MAX_MARK_BYTES
        || evacuatedBytes < 0
        || evacuatedBytes % Long.BYTES != 0
        || from.remaining() != (long) count * ExtentRecord.BYTES + evacuatedBytes + markBytes) {
      throw new StoreCorruptException(
          "the directory of extents has %,d records, %,d bytes of evacuated units and a mark of %,d bytes, of generation %d, in %,d bytes, and the header is of generation %d"
              .formatted(count, evacuatedBytes, markBytes, found, from.remaining(), generation));
    }
    List<ExtentRecord> extents = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      extents.add(ExtentRecord.decode(from));
    }
    EvacuatedUnits evacuated = EvacuatedUnits.decode(nevacuate, from, evacuatedBytes);
    byte[] mark = new byte[markBytes];
    from.get(mark);
    return new Directory(extents, evacuated, mark);
  }
}
