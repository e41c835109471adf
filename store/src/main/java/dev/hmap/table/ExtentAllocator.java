package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.ExtentLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The free extents, as buddies: an extent of order n starts at a multiple of 2^n pages, and two
 * free halves of a larger one join. The lowest fitting address is taken first, which keeps the file
 * short. Writer thread only.
 */
final class ExtentAllocator {
  /** No extent of that order is free. */
  static final int NONE = -1;

  private final List<TreeSet<Integer>> free = new ArrayList<>();
  private long freePages;

  ExtentAllocator() {
    for (int order = 0; order <= ExtentLayout.MAX_ORDER; order++) {
      free.add(new TreeSet<>());
    }
  }

  int allocate(int order) {
    int best = NONE;
    int bestOrder = order;
    for (int o = order; o <= ExtentLayout.MAX_ORDER; o++) {
      TreeSet<Integer> set = free.get(o);
      if (!set.isEmpty() && (best == NONE || set.first() < best)) {
        best = set.first();
        bestOrder = o;
      }
    }
    if (best == NONE) {
      return NONE;
    }
    free.get(bestOrder).remove(best);
    for (int o = bestOrder; o > order; ) {
      o--;
      free.get(o).add(best + (1 << o));
    }
    freePages -= 1L << order;
    return best;
  }

  void free(int page, int order) {
    freePages += 1L << order;
    int p = page;
    int o = order;
    while (o < ExtentLayout.MAX_ORDER && free.get(o).remove(p ^ 1 << o)) {
      p &= ~(1 << o);
      o++;
    }
    if (!free.get(o).add(p)) {
      throw new StoreCorruptException("the extent at page %d is freed twice".formatted(page));
    }
  }

  /** Frees the pages from {@code from} up to {@code to}. */
  void freeRange(int from, int to) {
    int p = from;
    while (p < to) {
      int order = Math.min(ExtentLayout.MAX_ORDER, p == 0 ? 31 : Integer.numberOfTrailingZeros(p));
      while (p + (1L << order) > to) {
        order--;
      }
      free(p, order);
      p += 1 << order;
    }
  }

  long freePages() {
    return freePages;
  }
}
