package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.ExtentLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The free extents, as buddies: an extent of order n starts at a multiple of 2^n pages, and two
 * free halves of a larger one join. The lowest address is taken first, which keeps the file short,
 * but never one that would break up what was promised: a number of extents of each order, which can
 * be supplied whatever else is taken. Writer thread only.
 */
final class ExtentAllocator {
  /** No extent of that order is free, or none but what was promised. */
  static final int NONE = -1;

  private final List<TreeSet<Integer>> free = new ArrayList<>();
  private long freePages;

  /** Extents promised, by their order. */
  private final long[] secured = noDemand();

  ExtentAllocator() {
    for (int order = 0; order <= ExtentLayout.MAX_ORDER; order++) {
      free.add(new TreeSet<>());
    }
  }

  /** Zero extents of each order. */
  static long[] noDemand() {
    return new long[ExtentLayout.MAX_ORDER + 1];
  }

  /** Whether this many extents of each order can be supplied from what is free. */
  boolean canSupply(long[] demand) {
    return canSupply(demand, NONE, NONE);
  }

  /**
   * The same once an extent of order {@code broken} was broken up for one of order {@code taken}.
   */
  private boolean canSupply(long[] demand, int taken, int broken) {
    long left = 0;
    for (int o = ExtentLayout.MAX_ORDER; o >= 0; o--) {
      left = 2 * left + free.get(o).size() - demand[o];
      if (o == broken) {
        left--;
      } else if (o < broken && o >= taken) {
        left++;
      }
      if (left < 0) {
        return false;
      }
    }
    return true;
  }

  /** Promises this many extents of each order, which can be supplied, and no others. */
  void secure(long[] demand) {
    System.arraycopy(demand, 0, secured, 0, secured.length);
  }

  /** Extents promised of each order; not to be changed. */
  long[] secured() {
    return secured;
  }

  /** Takes an extent, a promised one if there is any of that order. */
  int allocate(int order) {
    boolean isSecured = secured[order] > 0;
    if (isSecured) {
      secured[order]--;
    }
    int page = allocateBeside(order);
    if (isSecured && page == NONE) {
      secured[order]++;
    }
    return page;
  }

  /** Takes an extent beside what was promised. */
  int allocateBeside(int order) {
    int from = lowest(order);
    if (from == NONE) {
      return NONE;
    }
    int page = free.get(from).removeFirst();
    for (int o = from; o > order; ) {
      o--;
      free.get(o).add(page + (1 << o));
    }
    freePages -= 1L << order;
    return page;
  }

  /** The extents that would be taken next if this many were promised; none is taken. */
  List<Integer> next(int order, long count) {
    long promised = secured[order];
    secured[order] = Math.max(promised, count);
    List<Integer> taken = new ArrayList<>();
    while (taken.size() < count) {
      int page = allocate(order);
      if (page == NONE) {
        break;
      }
      taken.add(page);
    }
    for (int i = taken.size() - 1; i >= 0; i--) {
      free(taken.get(i), order);
    }
    secured[order] = promised;
    return taken;
  }

  /** The order of the extent at the lowest address that may be broken up for one of an order. */
  private int lowest(int order) {
    int best = NONE;
    for (int o = order; o <= ExtentLayout.MAX_ORDER; o++) {
      TreeSet<Integer> set = free.get(o);
      if (!set.isEmpty()
          && (best == NONE || set.first() < free.get(best).first())
          && canSupply(secured, order, o)) {
        best = o;
      }
    }
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
