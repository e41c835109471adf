package dev.hmap.table;

import dev.hmap.format.Directory;
import dev.hmap.format.PageLayout;

/**
 * How large a store may become. Writes are refused a little before, so that recovery, which may
 * need more than there was, and the directories of checkpoints stay within what the format allows.
 *
 * @param pages of the data file
 * @param extents in use, as many as a directory can list
 * @param buckets of an array, roots and overflow buckets
 */
public record Limits(int pages, int extents, int buckets) {
  /** What the format allows. */
  public static final Limits FORMAT =
      new Limits(PageLayout.MAX_PAGES, Directory.MAX_EXTENTS, Integer.MAX_VALUE);

  private static final int KEPT_SHIFT = 6;

  /** The same for what a write may need. */
  Limits ofWrites() {
    return new Limits(pages - (pages >>> KEPT_SHIFT), extents - (extents >>> KEPT_SHIFT), buckets);
  }
}
