package dev.hmap.format;

/**
 * The image of a page in an image segment: a head of 24 bytes and the page.
 *
 * <pre>
 *  0     4      8      12       16           24
 *  +-----+------+------+--------+------------+--------------+
 *  | crc | kind | page | ordinal| generation | page's bytes |
 *  | u32 | u32  | u32  | u32    | u64        | 4096         |
 *  +-----+------+------+--------+------------+--------------+
 * </pre>
 *
 * <p>{@code crc} is chained and salted like a log record's, over the image from {@code kind} on.
 * The last image of a set is its commit: the header slot that the checkpoint ends with. A set
 * without a valid commit, or with a gap, is as if it were not there.
 */
public final class PageImageLayout {
  /** The image of a page of the data file. */
  public static final int KIND_PAGE = 1;

  /** The header slot with which the set ends. */
  public static final int KIND_COMMIT = 2;

  /** Where the sum lies. */
  public static final int CRC = 0;

  /** Where the kind lies. */
  public static final int KIND = CRC + Integer.BYTES;

  /** Where the page number lies. */
  public static final int PAGE = KIND + Integer.BYTES;

  /** Where the image's place in its set lies. */
  public static final int ORDINAL = PAGE + Integer.BYTES;

  /** Where the generation lies. */
  public static final int GENERATION = ORDINAL + Integer.BYTES;

  /** Where the page's bytes start. */
  public static final int CONTENT = GENERATION + Long.BYTES;

  /** Bytes of an image. */
  public static final int BYTES = CONTENT + PageLayout.PAGE_BYTES;

  /** Images in one segment. */
  public static final int PER_SEGMENT = SegmentHeader.CAPACITY / BYTES;

  private PageImageLayout() {}
}
