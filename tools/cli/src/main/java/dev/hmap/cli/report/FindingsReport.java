package dev.hmap.cli.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hmap.report.Finding;
import java.io.IOException;
import java.util.List;

/** What is damaged in a store, as lines and as JSON. */
public final class FindingsReport {
  private FindingsReport() {}

  public static long damages(List<Finding> findings) {
    return findings.stream().filter(Finding::isDamage).count();
  }

  /** A line for each. */
  public static String lines(List<Finding> findings) {
    StringBuilder lines = new StringBuilder();
    for (Finding finding : findings) {
      lines.append(
          "%s%s  %s\n"
              .formatted(
                  finding.isDamage() ? "damage" : "note",
                  finding.page() < 0 ? "" : "  page %,d".formatted(finding.page()),
                  finding.what()));
    }
    return lines.toString();
  }

  /** An array of objects; {@code page} is absent where a finding concerns no single page. */
  public static void write(List<Finding> findings, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("findings");
    for (Finding finding : findings) {
      out.writeStartObject();
      out.writeBooleanField("damage", finding.isDamage());
      if (finding.page() >= 0) {
        out.writeNumberField("page", finding.page());
      }
      out.writeStringField("what", finding.what());
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
