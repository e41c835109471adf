package dev.hmap.cli.report;

import dev.hmap.report.Inspection;
import java.util.List;
import java.util.Locale;

/** The bars of the page that {@link InspectionHtml} makes. */
final class HtmlCharts {
  private static final int ROW = 30;
  private static final int BAR_LEFT = 60;
  private static final int BAR_WIDTH = 420;
  private static final int WIDTH = 760;
  private static final int COLUMN_HEIGHT = 160;

  private HtmlCharts() {}

  /** One bar of what adds up to a whole. */
  static void stacked(List<InspectionSpace> parts, long whole, String style, Markup to) {
    to.add("<svg class=\"chart\" viewBox=\"0 0 1000 36\" preserveAspectRatio=\"none\">");
    double x = 0;
    for (int n = 0; n < parts.size(); n++) {
      double width = whole == 0 ? 0 : 1000.0 * parts.get(n).bytes() / whole;
      rect(style + n, x, 0, width, 36, to);
      x += width;
    }
    to.raw("</svg>");
  }

  /** The evacuation, or any share of a whole. */
  static void progress(long part, long whole, Markup to) {
    to.raw("<svg class=\"chart\" viewBox=\"0 0 1000 14\" preserveAspectRatio=\"none\">");
    rect("track", 0, 0, 1000, 14, to);
    rect("bar", 0, 0, whole == 0 ? 0 : 1000.0 * part / whole, 14, to);
    to.raw("</svg>");
  }

  /** Chains by their length, each beside a mark where it is predicted to end. */
  static void chains(Inspection i, int rows, Markup to) {
    List<ChainRow> all = ChainRow.of(i, rows);
    to.add("<svg class=\"chart\" viewBox=\"0 0 %s %s\">", WIDTH, all.size() * ROW);
    int y = 0;
    for (ChainRow row : all) {
      rect("track", BAR_LEFT, y + 6, BAR_WIDTH, 18, to);
      rect("bar", BAR_LEFT, y + 6, BAR_WIDTH * row.percent() / 100, 18, to);
      rect("mark", BAR_LEFT + BAR_WIDTH * row.predictedPercent() / 100 - 1.5, y + 2, 3, 26, to);
      text(BAR_LEFT - 10, y + 20, "end", row.label(), to);
      text(
          BAR_LEFT + BAR_WIDTH + 12,
          y + 20,
          "start",
          "%,d  (%.2f %%; predicted %.2f %%)"
              .formatted(row.chains(), row.percent(), row.predictedPercent()),
          to);
      y += ROW;
    }
    to.raw("</svg>");
  }

  /** Entries by size, a column for each power of two. */
  static void sizes(long[] sizes, Markup to) {
    int first = 0;
    int last = sizes.length - 1;
    while (first < last && sizes[first] == 0) {
      first++;
    }
    while (last > first && sizes[last] == 0) {
      last--;
    }
    long most = 1;
    for (long size : sizes) {
      most = Math.max(most, size);
    }
    double column = Math.min(110, (double) WIDTH / (last - first + 1));
    to.add("<svg class=\"chart\" viewBox=\"0 0 %s %s\">", WIDTH, COLUMN_HEIGHT + 44);
    for (int n = first; n <= last; n++) {
      double height = (double) sizes[n] / most * COLUMN_HEIGHT;
      double x = (n - first) * column;
      double top = 20 + COLUMN_HEIGHT - height;
      rect("bar", x + 3, top, column - 6, height, to);
      text(x + column / 2, top - 5, "middle", compact(sizes[n]), to);
      text(x + column / 2, COLUMN_HEIGHT + 38, "middle", n == 0 ? "0" : bytes(1L << n - 1), to);
    }
    to.raw("</svg>");
  }

  /** Like 1.2k, in little room. */
  private static String compact(long number) {
    if (number < 10_000) {
      return "%,d".formatted(number);
    }
    return number < 10_000_000
        ? "%,dk".formatted(number / 1000)
        : "%,dM".formatted(number / 1_000_000);
  }

  private static String bytes(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " B";
    }
    return bytes < 1 << 20 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
  }

  private static void rect(
      String style, double x, double y, double width, double height, Markup to) {
    if (width > 0 && height > 0) {
      to.add(
          "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>",
          style, number(x), number(y), number(width), number(height));
    }
  }

  private static void text(double x, double y, String anchor, String text, Markup to) {
    to.add(
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>", number(x), number(y), anchor, text);
  }

  private static String number(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }
}
