package dev.hmap.maintenance;

import dev.hmap.format.Checksums;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.recovery.DataPages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Compares pages of a data file with the sums that their extents hold. One thread. */
final class PageSums {
  private final DataPages pages;
  private final Checksums checksums = new Checksums();

  PageSums(DataPages pages) {
    this.pages = pages;
  }

  /**
   * What an extent says of one of its pages.
   *
   * @param index the page's place in the extent
   */
  long sum(ExtentRecord extent, int index) throws IOException {
    long at = ExtentLayout.sumOffset(extent.order(), index);
    return page(extent, (int) (at >>> PageLayout.PAGE_SHIFT))
        .getLong((int) at & PageLayout.PAGE_BYTES - 1);
  }

  private static int generation(long sum) {
    return (int) (sum >>> Integer.SIZE);
  }

  /** Whether the sum is of a checkpoint after that of a header. */
  static boolean isNewer(long sum, StoreHeader header) {
    return sum != ExtentLayout.SUM_UNDEFINED
        && sum != ExtentLayout.SUM_ZERO_PAGE
        && (int) header.generation() - generation(sum) < 0;
  }

  private ByteBuffer page(ExtentRecord extent, int index) throws IOException {
    return pages.page(extent.page() + index);
  }

  /** What is wrong with a page, or null. One that nothing uses has no sum and is not wrong. */
  @Nullable String flaw(ExtentRecord extent, int index, long sum) throws IOException {
    if (sum == ExtentLayout.SUM_UNDEFINED) {
      return null;
    }
    ByteBuffer bytes = page(extent, index);
    if (sum == ExtentLayout.SUM_ZERO_PAGE) {
      return isZero(bytes) ? null : "it was never written, and is not zero: " + meaning(extent);
    }
    long own =
        ExtentLayout.sumOffset(extent.order(), index) - ((long) index << PageLayout.PAGE_SHIFT);
    ByteBuffer summed =
        ByteBuffer.allocate(PageLayout.PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN).put(bytes).flip();
    if (own >= 0 && own < PageLayout.PAGE_BYTES) {
      summed.putLong((int) own, 0);
    }
    return checksums.page(extent.page() + index, generation(sum), summed) == (int) sum
        ? null
        : "it has a wrong checksum: " + meaning(extent);
  }

  /** What the pages of an extent hold. */
  static String meaning(ExtentRecord extent) {
    return switch (extent.kind()) {
      case ExtentRecord.KIND_BUCKETS -> "buckets of array " + extent.owner();
      case ExtentRecord.KIND_SLAB -> "entries of size class " + extent.sizeClass();
      case ExtentRecord.KIND_LARGE -> "an entry of %,d bytes".formatted(extent.owner());
      default -> "kind " + extent.kind();
    };
  }

  /** Whether a page holds nothing but zeros. */
  static boolean isZero(ByteBuffer page) {
    for (int i = 0; i < PageLayout.PAGE_BYTES; i += Long.BYTES) {
      if (page.getLong(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
