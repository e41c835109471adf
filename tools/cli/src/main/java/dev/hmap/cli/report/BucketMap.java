package dev.hmap.cli.report;

import dev.hmap.report.Census;

/**
 * A picture of a bucket array: a cell for each run of roots, in the order of their numbers, line by
 * line; its colour says how many entries a root has on average. Where a part of a cell's chains is
 * in the other array, it is paler by as many quarters.
 */
public final class BucketMap {
  /** Colours there are: the first for no entries, the last for more than the map doubles at. */
  static final int SHADES = 9;

  private static final int QUARTERS = 4;
  private static final int MOST_COLUMNS = 128;
  private static final int MOST_UNITS = 28; // so that the cells of a small map are not huge

  private final Census.Chains half;
  private final int cells;
  private final int columns;

  private BucketMap(Census.Chains half) {
    this.half = half;
    cells = half.cellChains().length;
    columns = Math.min(MOST_COLUMNS, Math.max(1, Integer.highestOneBit(cells > 512 ? cells : 32)));
  }

  /**
   * The picture.
   *
   * @param name of the array
   * @param elsewhere the class of cells whose chains are in the other array
   */
  public static void draw(Census.Chains half, String name, String elsewhere, Markup to) {
    BucketMap map = new BucketMap(half);
    int columns = Math.min(map.columns, map.cells);
    int rows = Math.ceilDiv(map.cells, columns);
    to.add(
        "<svg class=\"map\" viewBox=\"0 0 %s %s\" style=\"max-width:%spx\" role=\"img\""
            + " aria-label=\"%s\">",
        columns, rows, columns * MOST_UNITS, name);
    to.add("<rect class=\"%s\" width=\"%s\" height=\"%s\"/>", elsewhere, columns, rows);
    for (int shade = 0; shade < SHADES; shade++) {
      for (int quarters = 1; quarters <= QUARTERS; quarters++) {
        map.path(shade, quarters, columns, to);
      }
    }
    to.raw("</svg>");
  }

  /** How many roots a cell stands for. */
  static long rootsPerCell(Census.Chains half) {
    return Math.max(1, (1L << half.B()) / half.cellChains().length);
  }

  /** The shade of this many entries for each root: 0 for none, then one for each entry begun. */
  static int shade(double entriesPerRoot) {
    return (int) Math.min(SHADES - 1, Math.ceil(entriesPerRoot));
  }

  private boolean is(int cell, int shade, int quarters) {
    long chains = half.cellChains()[cell];
    return chains > 0
        && shade((double) half.cellEntries()[cell] / chains) == shade
        && Math.ceilDiv(QUARTERS * chains, rootsPerCell(half)) == quarters;
  }

  /** All cells that look the same, neighbours drawn as one. */
  private void path(int shade, int quarters, int columns, Markup to) {
    StringBuilder d = new StringBuilder();
    for (int cell = 0; cell < cells; ) {
      int end = cell + 1;
      if (is(cell, shade, quarters)) {
        while (end < cells && end % columns != 0 && is(end, shade, quarters)) {
          end++;
        }
        d.append(
            "M%d %dh%dv1h-%dz".formatted(cell % columns, cell / columns, end - cell, end - cell));
      }
      cell = end;
    }
    if (!d.isEmpty()) {
      to.add(
          "<path class=\"f%s\" fill-opacity=\"%s\" d=\"%s\"/>",
          shade, (double) quarters / QUARTERS, d);
    }
  }
}
