package dev.hmap.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Medians as tables, each figure with what hmap is by comparison. */
final class MarkdownReport {
  private static final String HMAP = Engine.HMAP.label();

  private final StringBuilder text = new StringBuilder();

  private MarkdownReport() {}

  static String of(Results results, Settings settings, Map<String, String> facts) {
    MarkdownReport report = new MarkdownReport();
    report.head(settings, facts);
    for (Results.Section s : results.sections()) {
      report.line(
          "## %s, %,d entries (%,d + %,d bytes)"
              .formatted(
                  s.shape().name(), s.entries(), s.shape().keyBytes(), s.shape().valueBytes()));
      report.table(s, m -> stage(m) == Stage.TABLE);
      report.table(s, m -> stage(m) == Stage.BULK);
      report.table(s, m -> stage(m) == Stage.DURABLE);
      report.table(s, m -> stage(m) == Stage.READ_LATENCY);
      report.table(s, m -> stage(m) == Stage.RECOVERY);
      report.growth(s);
    }
    if (!results.missing().isEmpty()) {
      report.line("## Not measured");
      results.missing().forEach(m -> report.text.append("- ").append(m).append('\n'));
    }
    return report.text.toString();
  }

  private void line(String line) {
    text.append(line).append("\n\n");
  }

  private void head(Settings settings, Map<String, String> facts) {
    line("# hmap beside other engines");
    facts.forEach((name, fact) -> text.append("- %s: %s%n".formatted(name, fact)));
    text.append('\n');
    line(
        ("Medians of all rounds, %s s for each measurement. After a figure: how many times better"
                + " hmap is; below 1 it is worse. Times are for each operation, bytes in millions.")
            .formatted(settings.seconds()));
  }

  /** Of the workload whose label a metric begins with. */
  private static Stage stage(String metric) {
    return Workload.named(metric.split(" ", 2)[0]).stage;
  }

  private void table(Results.Section s, Predicate<String> shown) {
    List<String> metrics = s.byMetric().keySet().stream().filter(shown).toList();
    if (metrics.isEmpty()) {
      return;
    }
    Set<String> engines = new LinkedHashSet<>();
    metrics.forEach(m -> engines.addAll(s.of(m).keySet()));
    header("", engines);
    for (String metric : metrics) {
      List<String> cells = new ArrayList<>();
      for (String engine : engines) {
        cells.add(cell(s.series(metric, engine), s.series(metric, HMAP)));
      }
      Results.Series any = s.of(metric).values().iterator().next();
      row("%s %s".formatted(metric, any.first().unit().symbol).strip(), cells);
    }
    text.append('\n');
  }

  private static String cell(Results.@Nullable Series of, Results.@Nullable Series hmap) {
    if (of == null) {
      return "";
    }
    Unit unit = of.first().unit();
    String figure = unit.format(of.median());
    if (hmap == null || of.equals(hmap) || unit == Unit.COUNT) {
      return figure;
    }
    return "%s (%s×)".formatted(figure, ratio(unit.advantage(hmap.median(), of.median())));
  }

  private static String ratio(double ratio) {
    return (ratio < 0.095 ? "%.2f" : ratio < 9.95 ? "%.1f" : "%.0f").formatted(ratio);
  }

  /** Percentiles of growth: a row for each engine. */
  private void growth(Results.Section s) {
    if (s.byMetric().keySet().stream().noneMatch(m -> stage(m) == Stage.GROWTH)) {
      return;
    }
    line("Puts at a fixed rate, from none to all, in µs; a response counts from when it was due:");
    List<String> labels = new ArrayList<>();
    for (double p : GrowthStage.PERCENTILES) {
      labels.add(GrowthStage.label(p));
    }
    header("", labels);
    for (String kind : List.of(GrowthStage.RESPONSE, GrowthStage.SERVICE)) {
      for (String engine : s.engines()) {
        List<String> cells = new ArrayList<>();
        for (double p : GrowthStage.PERCENTILES) {
          Results.Series series = s.series(GrowthStage.metric(kind, p), engine);
          cells.add(series == null ? "" : series.first().unit().format(series.median()));
        }
        if (!String.join("", cells).isEmpty()) {
          row(engine + " " + kind, cells);
        }
      }
    }
    text.append('\n');
  }

  private void header(String first, Iterable<String> columns) {
    text.append("| ").append(first).append(" |");
    StringBuilder rule = new StringBuilder("|---|");
    for (String c : columns) {
      text.append(' ').append(c).append(" |");
      rule.append("---:|");
    }
    text.append('\n').append(rule).append('\n');
  }

  private void row(String first, List<String> cells) {
    text.append("| ").append(first).append(" | ").append(String.join(" | ", cells)).append(" |\n");
  }
}
