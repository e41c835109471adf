package dev.hmap.format;

import dev.hmap.error.StoreCorruptException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory of a checkpoint: every extent in use, and the mark. Pages that no record covers are
 * free.
 *
 * <pre>
 *  0       4       8            16          20    24
 *  +-------+-------+------------+-----------+-----+------------------+-----------+
 *  | magic | count | generation | markBytes | 0   | count records,   | the mark  |
 *  | u32   | u32   | u64        | u32       | u32 | 24 bytes each    |           |
 *  +-------+-------+------------+-----------+-----+------------------+-----------+
 * </pre>
 */
public final class Directory {
  /** Bytes before the first record. */
  public static final int HEAD_BYTES = 24;

  /** The longest mark. */
  public static final int MAX_MARK_BYTES = 4096;

  /** As many extents as the largest directory lists, with any mark: its own is one of them. */
  public static final int MAX_EXTENTS =
      ((PageLayout.PAGE_BYTES << ExtentLayout.MAX_ORDER) - HEAD_BYTES - MAX_MARK_BYTES)
          / ExtentRecord.BYTES;

  private static final int MAGIC = 0x5249_4448; // "HDIR"

  private final List<ExtentRecord> extents;
  private final byte[] mark;

  /**
   * A directory.
   *
   * @param extents those of an array in the order of their buckets
   * @param mark the user's, empty if none was ever set; not copied
   */
  public Directory(List<ExtentRecord> extents, byte[] mark) {
    this.extents = extents;
    this.mark = mark;
  }

  /** The extents in use. */
  public List<ExtentRecord> extents() {
    return extents;
  }

  /** The mark; not to be changed. */
  public byte[] mark() {
    return mark;
  }

  /**
   * Bytes of a directory.
   *
   * @param records how many extents it lists
   * @param markBytes length of the mark
   */
  public static int bytes(int records, int markBytes) {
    return HEAD_BYTES + records * ExtentRecord.BYTES + markBytes;
  }

  /**
   * The order of the extent of a directory; it may be above {@link ExtentLayout#MAX_ORDER}.
   *
   * @param records how many extents it lists
   * @param markBytes length of the mark
   */
  public static int order(int records, int markBytes) {
    long bytes = HEAD_BYTES + (long) records * ExtentRecord.BYTES + markBytes;
    int order = 0;
    while ((long) PageLayout.PAGE_BYTES << order < bytes) {
      order++;
    }
    return order;
  }

  /**
   * The bytes, in a direct buffer from 0 to its limit.
   *
   * @param generation of the checkpoint
   */
  public ByteBuffer encode(long generation) {
    ByteBuffer to =
        ByteBuffer.allocateDirect(bytes(extents.size(), mark.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(MAGIC).putInt(extents.size()).putLong(generation).putInt(mark.length).putInt(0);
    extents.forEach(r -> r.encode(to));
    return to.put(mark).flip();
  }

  /**
   * The directory in some bytes.
   *
   * @param generation of the header that names it, which is not older than it
   * @param from its bytes, little-endian, from position to limit
   * @throws StoreCorruptException if it is not a directory, or a newer one than the header
   */
  public static Directory decode(long generation, ByteBuffer from) {
    if (from.remaining() < HEAD_BYTES || from.getInt() != MAGIC) {
      throw new StoreCorruptException("the directory of extents has no valid head");
    }
    int count = from.getInt();
    long found = from.getLong();
    int markBytes = from.getInt();
    from.getInt();
    if (found > generation
        || count < 0
        || markBytes < 0
        || markBytes > MAX_MARK_BYTES
        || from.remaining() != (long) count * ExtentRecord.BYTES + markBytes) {
      throw new StoreCorruptException(
          "the directory of extents has %,d records and a mark of %,d bytes, of generation %d, in %,d bytes, and the header is of generation %d"
              .formatted(count, markBytes, found, from.remaining(), generation));
    }
    List<ExtentRecord> extents = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      extents.add(ExtentRecord.decode(from));
    }
    byte[] mark = new byte[markBytes];
    from.get(mark);
    return new Directory(extents, mark);
  }
}
