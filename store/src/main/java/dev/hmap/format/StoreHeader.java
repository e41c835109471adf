package dev.hmap.format;

import dev.hmap.error.StoreCorruptException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A header slot: one page, of which there are two. The slot of generation {@code g} is page {@code
 * g mod 2}; the valid one with the greater generation counts.
 *
 * <pre>
 *  0       8         12    16           24         40        44          48
 *  +-------+---------+-----+------------+----------+---------+-----------+
 *  | magic | version | 0   | generation | storeId  | widths  | filePages |
 *  | u64   | u32     | u32 | u64        | 2 x u64  | 2 x u16 | u32       |
 *  +-------+---------+-----+------------+----------+---------+-----------+
 *  48: the directory's page, order, bytes and crc, u32 each
 *  64: log position, 32 bytes    96: hmap fields, 96 bytes    192: time to live in ms, u64
 *  200: horizon in ms, u64       208: time in ms, u64
 *  216: the id of the store that this one replaced by compaction, 2 x u64, or zeros
 *  1024: key shape    2048: value shape
 *  4092: CRC32C of the 4092 bytes before it, u32
 * </pre>
 *
 * @param generation of the checkpoint that wrote it, from 1
 * @param storeIdHigh random at creation; log segments carry it too
 * @param storeIdLow the other half
 * @param former names the store that this one replaced: its log is nobody's any more
 * @param geometry fixed at creation
 * @param filePages pages that the file has at least
 * @param directory where the directory of extents lies
 * @param log the records from here on are not in the data file yet
 * @param hmap the map itself
 * @param horizon where entries expire: what has expired at this time is gone, and no operation
 *     after {@code log} takes place before it; milliseconds since 1970, 0 at first
 * @param time where entries expire: what the clock of the checkpoint's writer said, the same; else
 *     0, like the horizon
 */
public record StoreHeader(
    long generation,
    long storeIdHigh,
    long storeIdLow,
    LogHead former,
    Geometry geometry,
    int filePages,
    DirectoryPointer directory,
    LogPosition log,
    HmapFields hmap,
    long horizon,
    long time) {
  /** "HMAPFILE". */
  public static final long MAGIC = 0x454C_4946_5041_4D48L;

  /** The version of the format this library reads and writes. */
  public static final int VERSION = 1;

  private static final int GENERATION_OFFSET = 16;
  private static final int LOG_OFFSET = 64;
  private static final int HMAP_OFFSET = LOG_OFFSET + LogPosition.BYTES;
  private static final int TIME_TO_LIVE_OFFSET = HMAP_OFFSET + HmapFields.BYTES;
  private static final int HORIZON_OFFSET = TIME_TO_LIVE_OFFSET + Long.BYTES;
  private static final int TIME_OFFSET = HORIZON_OFFSET + Long.BYTES;
  private static final int FORMER_OFFSET = TIME_OFFSET + Long.BYTES;
  private static final int KEY_SHAPE_OFFSET = 1024;
  private static final int VALUE_SHAPE_OFFSET = 2048;
  private static final int CRC_OFFSET = PageLayout.PAGE_BYTES - Integer.BYTES;

  static {
    if (FORMER_OFFSET + 2 * Long.BYTES > KEY_SHAPE_OFFSET
        || KEY_SHAPE_OFFSET + 2 + Geometry.MAX_SHAPE_BYTES > VALUE_SHAPE_OFFSET
        || VALUE_SHAPE_OFFSET + 2 + Geometry.MAX_SHAPE_BYTES > CRC_OFFSET) {
      throw new IllegalStateException("the parts of a header slot overlap");
    }
  }

  /**
   * Where the directory of extents lies.
   *
   * @param page its first page
   * @param order binary logarithm of the pages of its extent
   * @param bytes its length
   * @param crc CRC32C of those bytes
   */
  public record DirectoryPointer(int page, int order, int bytes, int crc) {}

  /** Bytes that the file has at least. */
  public long fileBytes() {
    return PageLayout.addressOf(filePages);
  }

  /** The same with other fields of the map. */
  public StoreHeader with(HmapFields fields) {
    return new StoreHeader(
        generation,
        storeIdHigh,
        storeIdLow,
        former,
        geometry,
        filePages,
        directory,
        log,
        fields,
        horizon,
        time);
  }

  /** The page of a generation's slot. */
  public static int slotPage(long generation) {
    return (int) (generation & 1);
  }

  /** The slot's page, a direct buffer from position 0 to {@link PageLayout#PAGE_BYTES}. */
  public ByteBuffer encode() {
    ByteBuffer page =
        ByteBuffer.allocateDirect(PageLayout.PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    page.putLong(MAGIC).putInt(VERSION).putInt(0).putLong(generation);
    page.putLong(storeIdHigh).putLong(storeIdLow);
    page.putShort((short) geometry.keyWidth()).putShort((short) geometry.valueWidth());
    page.putInt(filePages);
    page.putInt(directory.page).putInt(directory.order);
    page.putInt(directory.bytes).putInt(directory.crc);
    log.encode(page.position(LOG_OFFSET));
    hmap.encode(page.position(HMAP_OFFSET));
    page.putLong(TIME_TO_LIVE_OFFSET, geometry.timeToLiveMillis());
    page.putLong(HORIZON_OFFSET, horizon).putLong(TIME_OFFSET, time);
    page.putLong(FORMER_OFFSET, former.storeIdHigh());
    page.putLong(FORMER_OFFSET + Long.BYTES, former.storeIdLow());
    putShape(page, KEY_SHAPE_OFFSET, geometry.keyShape());
    putShape(page, VALUE_SHAPE_OFFSET, geometry.valueShape());
    int crc = new Checksums().sum(page.position(0).limit(CRC_OFFSET));
    return page.clear().putInt(CRC_OFFSET, crc);
  }

  private static void putShape(ByteBuffer page, int offset, String shape) {
    byte[] utf8 = shape.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > Geometry.MAX_SHAPE_BYTES) {
      throw new IllegalArgumentException(
          "a codec shape of %,d bytes: the limit is %,d"
              .formatted(utf8.length, Geometry.MAX_SHAPE_BYTES));
    }
    page.putShort(offset, (short) utf8.length).put(offset + 2, utf8);
  }

  /** Whether a page carries hmap's magic number, whatever else it holds. */
  public static boolean hasMagic(ByteBuffer page) {
    return page.getLong(0) == MAGIC;
  }

  /** The format version that a page with the magic number claims. */
  public static int version(ByteBuffer page) {
    return page.getInt(Long.BYTES);
  }

  /** The generation that a page with the magic number claims. */
  public static long generationIn(ByteBuffer page) {
    return page.getLong(GENERATION_OFFSET);
  }

  /** Whether a page's sum is right. */
  public static boolean isSound(ByteBuffer page) {
    return page.getInt(CRC_OFFSET) == new Checksums().sum(page.duplicate().limit(CRC_OFFSET));
  }

  /**
   * Whether a page that is not sound was, by what can be read of it, the slot before a header.
   *
   * @param page little-endian
   * @param header the sound one
   */
  public static boolean claimsToPrecede(ByteBuffer page, StoreHeader header) {
    return hasMagic(page)
        && page.getLong(GENERATION_OFFSET) == header.generation - 1
        && LogPosition.decode(page.duplicate().order(page.order()).position(LOG_OFFSET)).lsn()
            <= header.log.lsn();
  }

  /**
   * The header in a sound page.
   *
   * @param page little-endian, of which {@link #isSound} holds
   * @throws StoreCorruptException if a field has no valid value
   */
  public static StoreHeader decode(ByteBuffer page) {
    page = page.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(GENERATION_OFFSET);
    long generation = page.getLong();
    long idHigh = page.getLong();
    long idLow = page.getLong();
    int keyWidth = Short.toUnsignedInt(page.getShort());
    int valueWidth = Short.toUnsignedInt(page.getShort());
    int filePages = page.getInt();
    DirectoryPointer directory =
        new DirectoryPointer(page.getInt(), page.getInt(), page.getInt(), page.getInt());
    Geometry geometry;
    try {
      geometry =
          new Geometry(
              keyWidth,
              valueWidth,
              shape(page, KEY_SHAPE_OFFSET),
              shape(page, VALUE_SHAPE_OFFSET),
              page.getLong(TIME_TO_LIVE_OFFSET));
    } catch (IllegalArgumentException e) {
      throw new StoreCorruptException("header of generation %d: ".formatted(generation) + e, e);
    }
    if (generation < 1
        || filePages < PageLayout.HEADER_PAGES
        || filePages > PageLayout.MAX_PAGES
        || directory.page < PageLayout.HEADER_PAGES
        || directory.page >= filePages) {
      throw new StoreCorruptException(
          "header of generation %d: %d pages, the directory at page %d"
              .formatted(generation, filePages, directory.page));
    }
    if (!Geometry.isWidthOf(keyWidth, geometry.keyShape(), 0)
        || !Geometry.isWidthOf(valueWidth, geometry.valueShape(), geometry.stampBytes())) {
      throw new StoreCorruptException(
          "header of generation %d: keys of %s have the width %d, values of %s the width %d"
              .formatted(
                  generation, geometry.keyShape(), keyWidth, geometry.valueShape(), valueWidth));
    }
    long horizon = page.getLong(HORIZON_OFFSET);
    long time = page.getLong(TIME_OFFSET);
    long latest = geometry.expires() ? Geometry.MAX_TIME_MILLIS : 0;
    if (horizon < 0 || horizon > latest || time < 0 || time > latest) {
      throw new StoreCorruptException(
          "header of generation %d: the horizon %d and the time %d, where times are 0 to %d"
              .formatted(generation, horizon, time, latest));
    }
    LogPosition log = LogPosition.decode(page.position(LOG_OFFSET));
    HmapFields hmap = HmapFields.decode(page.position(HMAP_OFFSET));
    LogHead former =
        new LogHead(page.getLong(FORMER_OFFSET), page.getLong(FORMER_OFFSET + Long.BYTES));
    return new StoreHeader(
        generation,
        idHigh,
        idLow,
        former,
        geometry,
        filePages,
        directory,
        log,
        hmap,
        horizon,
        time);
  }

  private static String shape(ByteBuffer page, int offset) {
    int length = Short.toUnsignedInt(page.getShort(offset));
    if (length > Geometry.MAX_SHAPE_BYTES) {
      throw new IllegalArgumentException(
          "a codec shape of %,d bytes: the limit is %,d"
              .formatted(length, Geometry.MAX_SHAPE_BYTES));
    }
    byte[] utf8 = new byte[length];
    page.get(offset + 2, utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
