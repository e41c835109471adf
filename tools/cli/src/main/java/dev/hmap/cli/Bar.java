package dev.hmap.cli;

/** A share of a whole, drawn. */
final class Bar {
  private Bar() {}

  /** Something is never drawn as nothing, and less than all never as all. */
  static String of(long part, long whole, int width) {
    int filled = whole == 0 ? 0 : (int) Math.round((double) part / whole * width);
    if (part > 0) {
      filled = Math.max(filled, 1);
    }
    if (part < whole) {
      filled = Math.min(filled, width - 1);
    }
    return "#".repeat(filled) + ".".repeat(width - filled);
  }

  static double percent(long part, long whole) {
    return whole == 0 ? 0 : 100.0 * part / whole;
  }
}
