package dev.hmap.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Response times during growth: percentiles to the right, microseconds upwards, by powers of 10.
 */
final class LatencyChart {
  private static final int LEFT = 80;
  private static final int TOP = 40;
  private static final int STEP = 90;
  private static final int DECADE = 40;

  /** From 10 ns to 100 s. */
  private static final int LOWEST = -2;

  private static final int HIGHEST = 8;
  private static final int BOTTOM = TOP + (HIGHEST - LOWEST) * DECADE;

  private LatencyChart() {}

  static String of(Results.Section section) {
    int right = LEFT + STEP * (GrowthStage.PERCENTILES.length - 1);
    String title =
        "puts while growing to %,d %s entries: response time in µs"
            .formatted(section.entries(), section.shape().name());
    Svg svg = new Svg(right + 120, BOTTOM + 40, title);
    for (int e = LOWEST; e <= HIGHEST; e++) {
      double y = y(Math.pow(10, e));
      svg.line(List.of((double) LEFT, y, (double) right, y), 0.5, "#bdc3c7");
      svg.text(
          LEFT - 5,
          y + 4,
          "end",
          e < 0 ? "%.2f".formatted(Math.pow(10, e)) : "%,.0f".formatted(Math.pow(10, e)));
    }
    for (int i = 0; i < GrowthStage.PERCENTILES.length; i++) {
      svg.text(
          LEFT + i * STEP, BOTTOM + 20, "middle", GrowthStage.label(GrowthStage.PERCENTILES[i]));
    }
    int at = 0;
    for (String engine : section.engines()) {
      List<Double> points = points(section, engine);
      if (!points.isEmpty()) {
        String color = Svg.color(engine, at);
        svg.line(points, 2, color);
        svg.bar(right + 10, TOP + at * Svg.LINE, 10, 10, color);
        svg.text(right + 25, TOP + at * Svg.LINE + 10, "start", engine);
        at++;
      }
    }
    return svg.toString();
  }

  private static List<Double> points(Results.Section section, String engine) {
    List<Double> points = new ArrayList<>();
    for (int i = 0; i < GrowthStage.PERCENTILES.length; i++) {
      String metric = GrowthStage.metric(GrowthStage.RESPONSE, GrowthStage.PERCENTILES[i]);
      Results.Series series = section.series(metric, engine);
      if (series != null) {
        points.add((double) LEFT + i * STEP);
        points.add(y(series.median()));
      }
    }
    return points;
  }

  private static double y(double micros) {
    double decades = Math.log10(Math.max(micros, Math.pow(10, LOWEST))) - LOWEST;
    return BOTTOM - decades * DECADE;
  }
}
