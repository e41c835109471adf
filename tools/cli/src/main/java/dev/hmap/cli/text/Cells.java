package dev.hmap.cli.text;

import java.util.List;

/** The cells of one row of a table, taken one after the other. */
public final class Cells {
  private final List<String> columns;
  private final List<String> cells;
  private int taken;

  /** Both are of the same length. */
  public Cells(List<String> columns, List<String> cells) {
    this.columns = columns;
    this.cells = cells;
  }

  /** Takes the next one as a value; a failure names its column. */
  <T> T next(Text<T> as) {
    int i = taken++;
    return as.parse(columns.get(i), cells.get(i));
  }
}
