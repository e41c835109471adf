package dev.hmap.bench;

import java.util.Map;

/** One metric of one shape and size: a bar for each engine. */
final class BarChart {
  private static final int LEFT = 150;
  private static final int LONGEST = 400;
  private static final int TOP = 35;
  private static final int WIDTH = LEFT + LONGEST + 110;

  private BarChart() {}

  static String of(Results.Section section, String metric) {
    Map<String, Results.Series> engines = section.of(metric);
    Unit unit = engines.values().iterator().next().first().unit();
    double most = engines.values().stream().mapToDouble(Results.Series::median).max().orElseThrow();
    String title =
        "%s, %s, %,d entries: %s, %s is better"
            .formatted(
                metric,
                section.shape().name(),
                section.entries(),
                unit.symbol,
                unit == Unit.PER_SECOND ? "longer" : "shorter");
    Svg svg = new Svg(WIDTH, TOP + engines.size() * Svg.LINE + 10, title);
    int at = 0;
    for (Map.Entry<String, Results.Series> e : engines.entrySet()) {
      double y = TOP + at * Svg.LINE;
      double value = e.getValue().median();
      double length = most == 0 ? 0 : value / most * LONGEST;
      svg.text(LEFT - 5, y + 13, "end", e.getKey());
      svg.bar(LEFT, y + 2, length, Svg.LINE - 5, Svg.color(e.getKey(), at));
      svg.text(LEFT + length + 5, y + 13, "start", unit.format(value));
      at++;
    }
    return svg.toString();
  }
}
