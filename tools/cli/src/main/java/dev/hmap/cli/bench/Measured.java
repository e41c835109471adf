package dev.hmap.cli.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hmap.cli.report.Bar;
import java.io.IOException;
import org.HdrHistogram.Histogram;

/**
 * How long an operation took each time.
 *
 * @param name of what was measured
 * @param seconds it went on
 * @param nanos of each operation
 */
public record Measured(String name, double seconds, Histogram nanos) {
  private static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};
  private static final int BAR_WIDTH = 40;
  private static final double SHORTEST_NANOS = 10; // where the bars begin
  private static final double DECADES = 8; // up to a second

  static Histogram histogram() {
    return new Histogram(3_600_000_000_000L, 3);
  }

  long perSecond() {
    return Math.round(nanos.getTotalCount() / seconds);
  }

  /** Lines with a bar for each percentile; the bars are logarithmic, and the same for all. */
  public String text() {
    StringBuilder text = new StringBuilder("%-26s %,15d a second\n".formatted(name, perSecond()));
    for (double percentile : PERCENTILES) {
      long at = nanos.getValueAtPercentile(percentile);
      text.append(
          "  %-8s %13s  [%s]\n"
              .formatted(
                  percentile == 100 ? "longest" : "%.1f %%".formatted(percentile),
                  duration(at),
                  bar(at)));
    }
    return text.toString();
  }

  private static String bar(long at) {
    double share = Math.log10(Math.max(1, at / SHORTEST_NANOS)) / DECADES;
    return Bar.of(Math.round(share * BAR_WIDTH), BAR_WIDTH, BAR_WIDTH);
  }

  private static String duration(long nanos) {
    if (nanos < 10_000) {
      return "%,d ns".formatted(nanos);
    }
    return nanos < 10_000_000
        ? "%,d us".formatted(nanos / 1000)
        : "%,d ms".formatted(nanos / 1_000_000);
  }

  public void writeTo(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", name);
    out.writeNumberField("operations", nanos.getTotalCount());
    out.writeNumberField("perSecond", perSecond());
    out.writeObjectFieldStart("nanos"); // by percentile
    for (double percentile : PERCENTILES) {
      out.writeNumberField("%s".formatted(percentile), nanos.getValueAtPercentile(percentile));
    }
    out.writeEndObject();
    out.writeEndObject();
  }
}
