package dev.hmap.bench;

import java.util.List;

/** A drawing, as far as charts need one. */
final class Svg {
  static final int LINE = 20;

  private static final List<String> COLORS =
      List.of(
          "#c0392b", "#2c3e50", "#2980b9", "#27ae60", "#8e44ad", "#e67e22", "#7f8c8d", "#16a085");

  private final StringBuilder text = new StringBuilder();

  Svg(int width, int height, String title) {
    text.append(
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " font-family=\"sans-serif\" font-size=\"12\">%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n")
            .formatted(width, height));
    text(10, LINE, "start", title);
  }

  /** hmap is always red. */
  static String color(String engine, int at) {
    return COLORS.get(
        engine.equals(Engine.HMAP.label()) ? 0 : 1 + Math.floorMod(at, COLORS.size() - 1));
  }

  void text(double x, double y, String anchor, String content) {
    text.append(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n"
            .formatted(x, y, anchor, content.replace("&", "&amp;").replace("<", "&lt;")));
  }

  void bar(double x, double y, double width, double height, String color) {
    text.append(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n"
            .formatted(x, y, width, height, color));
  }

  /** A line through points, x and y in turn. */
  void line(List<Double> points, double width, String color) {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < points.size(); i += 2) {
      list.append("%.1f,%.1f ".formatted(points.get(i), points.get(i + 1)));
    }
    text.append(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\"/>%n"
            .formatted(list.toString().strip(), color, width));
  }

  @Override
  public String toString() {
    return text + "</svg>\n";
  }
}
