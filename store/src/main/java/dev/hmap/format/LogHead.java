package dev.hmap.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The first page of a log file, before its slots: it says whose log this is, is there before the
 * file has its name, and never changes.
 *
 * <pre>
 *  0       8         12    16           32    36
 *  +-------+---------+-----+------------+-----+----------+
 *  | magic | version | 0   | storeId    | crc | zeros    |
 *  | u64   | u32     | u32 | 2 x u64    | u32 | to 4,096 |
 *  +-------+---------+-----+------------+-----+----------+
 * </pre>
 *
 * @param storeIdHigh of the store
 * @param storeIdLow the other half
 */
public record LogHead(long storeIdHigh, long storeIdLow) {
  /** Bytes before the first slot. */
  public static final int BYTES = PageLayout.PAGE_BYTES;

  /** "HMAPLOGS". */
  public static final long MAGIC = 0x5347_4F4C_5041_4D48L;

  /** Of no store. */
  public static final LogHead NONE = new LogHead(0, 0);

  private static final int VERSION_OFFSET = Long.BYTES;
  private static final int ID_OFFSET = VERSION_OFFSET + 2 * Integer.BYTES;
  private static final int CRC_OFFSET = ID_OFFSET + 2 * Long.BYTES;

  /** Of the log of a store with this header. */
  public static LogHead of(StoreHeader header) {
    return new LogHead(header.storeIdHigh(), header.storeIdLow());
  }

  /** The page, a direct buffer from position 0. */
  public ByteBuffer encode() {
    ByteBuffer page = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    page.putLong(MAGIC).putInt(StoreHeader.VERSION).putInt(0);
    page.putLong(storeIdHigh).putLong(storeIdLow);
    int crc = new Checksums().sum(page.position(0).limit(CRC_OFFSET));
    return page.clear().putInt(CRC_OFFSET, crc);
  }

  /** Whether a page is this. */
  public boolean isIn(ByteBuffer page) {
    return encode().equals(page);
  }
}
