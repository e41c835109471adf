package dev.hmap.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Everything that a run leaves: {@code bench.json}, {@code bench.md}, and charts beside them. */
final class Reports {
  static final String JSON = "bench.json";
  static final String MARKDOWN = "bench.md";

  private Reports() {}

  static void write(Path out, Results results, Settings settings, Map<String, String> facts)
      throws IOException {
    Files.writeString(out.resolve(JSON), JsonReport.of(results, settings, facts));
    Files.writeString(out.resolve(MARKDOWN), MarkdownReport.of(results, settings, facts));
    Path charts = Files.createDirectories(out.resolve("charts"));
    String growth = Workload.GROWTH.label();
    for (Results.Section s : results.sections()) {
      boolean hasGrowth = false;
      for (String metric : s.byMetric().keySet()) {
        if (metric.startsWith(growth)) {
          hasGrowth = true;
        } else {
          String name = "%s-%s.svg".formatted(s.label(), metric.replace(' ', '-'));
          Files.writeString(charts.resolve(name), BarChart.of(s, metric));
        }
      }
      if (hasGrowth) {
        String name = "%s-%s.svg".formatted(s.label(), growth);
        Files.writeString(charts.resolve(name), LatencyChart.of(s));
      }
    }
  }
}
