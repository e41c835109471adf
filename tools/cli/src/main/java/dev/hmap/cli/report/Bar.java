package dev.hmap.cli.report;

import java.util.List;

/** A share of a whole, drawn. */
public final class Bar {
  private Bar() {}

  /** Something is never drawn as nothing, and less than all never as all. */
  public static String of(long part, long whole, int width) {
    int filled = whole == 0 ? 0 : (int) Math.round((double) part / whole * width);
    if (part > 0) {
      filled = Math.max(filled, 1);
    }
    if (part < whole) {
      filled = Math.min(filled, width - 1);
    }
    return "#".repeat(filled) + ".".repeat(width - filled);
  }

  /** Parts of a whole side by side, each drawn with the mark at its place. */
  static String parts(List<InspectionSpace> parts, String marks, long whole, int width) {
    StringBuilder drawn = new StringBuilder();
    long sum = 0;
    for (int n = 0; n < parts.size(); n++) {
      sum += parts.get(n).bytes();
      int end = whole == 0 ? 0 : (int) Math.round((double) sum / whole * width);
      drawn.repeat(marks.charAt(n), Math.max(0, end - drawn.length()));
    }
    return drawn.toString();
  }

  static double percent(long part, long whole) {
    return whole == 0 ? 0 : 100.0 * part / whole;
  }
}
