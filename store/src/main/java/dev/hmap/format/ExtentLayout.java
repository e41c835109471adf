package dev.hmap.format;

/**
 * An extent: a power-of-two number of pages that belongs to one part of the store.
 *
 * <pre>
 *  page 0                                            page 2^order
 *  +--------------------------------------+-----------------+
 *  | payload, 2^order * 4088 bytes        | sums, 8 a page  |
 *  +--------------------------------------+-----------------+
 *                                          \ crc32c u32, generation u32, for each page in turn
 * </pre>
 *
 * <p>The directory's own extent has no sums: the header holds one over all of it. An extent starts
 * at a page number that is a multiple of its length. The payload is contiguous; the sums after it
 * are the business of checkpoints and of {@code verify} alone.
 */
public final class ExtentLayout {
  /** The largest extent is 2^15 pages, 128 MiB. */
  public static final int MAX_ORDER = 15;

  /** The largest extent that arrays and slabs take: 2^10 pages, 4 MiB. */
  public static final int MAX_SHARED_ORDER = 10;

  /** Bytes of one page's sum. */
  public static final int SUM_BYTES = 8;

  /** A sum of this value: the page was never written and reads as zeros. */
  public static final long SUM_ZERO_PAGE = 0;

  /** A sum of this value: the page was not written since the extent was taken; nothing uses it. */
  public static final long SUM_UNDEFINED = 0xFFFF_FFFFL << 32;

  private ExtentLayout() {}

  /**
   * Bytes of payload of an extent.
   *
   * @param order binary logarithm of its pages
   */
  public static long payloadBytes(int order) {
    return (long) (PageLayout.PAGE_BYTES - SUM_BYTES) << order;
  }

  /**
   * Where the sum of a page lies, in bytes from the extent's start.
   *
   * @param order binary logarithm of the extent's pages
   * @param index the page's place in the extent
   */
  public static long sumOffset(int order, int index) {
    return payloadBytes(order) + (long) index * SUM_BYTES;
  }

  /**
   * The first of the extent's pages, counted from its start, that holds sums.
   *
   * @param order binary logarithm of the extent's pages
   */
  public static int firstSumPage(int order) {
    return (int) (payloadBytes(order) >>> PageLayout.PAGE_SHIFT);
  }

  /**
   * The smallest order whose payload holds this many bytes.
   *
   * @param bytes at most the payload of {@link #MAX_ORDER}
   */
  public static int orderFor(long bytes) {
    int order = 0;
    while (payloadBytes(order) < bytes) {
      order++;
    }
    if (order > MAX_ORDER) {
      throw new IllegalArgumentException(
          "%,d bytes: an extent holds at most %,d".formatted(bytes, payloadBytes(MAX_ORDER)));
    }
    return order;
  }
}
