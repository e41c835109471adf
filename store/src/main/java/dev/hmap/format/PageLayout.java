package dev.hmap.format;

/** The page: the unit in which the data file is checkpointed and summed. */
public final class PageLayout {
  /** Binary logarithm of {@link #PAGE_BYTES}. */
  public static final int PAGE_SHIFT = 12;

  /** Bytes of a page. */
  public static final int PAGE_BYTES = 1 << PAGE_SHIFT;

  /** Pages 0 and 1 hold the two header slots. */
  public static final int HEADER_PAGES = 2;

  /** Pages that a data file may have: 1 TiB. */
  public static final int MAX_PAGES = 1 << 28;

  private PageLayout() {}

  /**
   * The page that holds an address.
   *
   * @param address a byte position in the data file
   */
  public static int pageOf(long address) {
    return (int) (address >>> PAGE_SHIFT);
  }

  /**
   * The address of a page's first byte.
   *
   * @param page a page number
   */
  public static long addressOf(int page) {
    return (long) page << PAGE_SHIFT;
  }
}
