package dev.hmap.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;

/** All figures, of every round, for programs. */
final class JsonReport {
  private JsonReport() {}

  static String of(Results results, Settings settings, Map<String, String> facts)
      throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
      out.useDefaultPrettyPrinter();
      out.writeStartObject();
      out.writeObjectFieldStart("machine");
      for (Map.Entry<String, String> fact : facts.entrySet()) {
        out.writeStringField(fact.getKey(), fact.getValue());
      }
      out.writeEndObject();
      out.writeNumberField("seconds", settings.seconds());
      out.writeNumberField("growthPutsPerSecond", settings.putsPerSecond());
      out.writeArrayFieldStart("missing");
      for (String m : results.missing()) {
        out.writeString(m);
      }
      out.writeEndArray();
      out.writeArrayFieldStart("figures");
      for (Results.Section s : results.sections()) {
        for (Map<String, Results.Series> engines : s.byMetric().values()) {
          for (Results.Series series : engines.values()) {
            write(s, series, out);
          }
        }
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    return text.append('\n').toString();
  }

  private static void write(Results.Section section, Results.Series series, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("shape", section.shape().name());
    out.writeNumberField("entries", section.entries());
    out.writeStringField("metric", series.first().metric());
    out.writeStringField("engine", series.first().engine());
    Unit unit = series.first().unit();
    out.writeStringField("unit", unit == Unit.BYTES ? "bytes" : unit.symbol);
    out.writeNumberField("median", series.median());
    out.writeArrayFieldStart("rounds");
    for (double value : series.values()) {
      out.writeNumber(value);
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}
