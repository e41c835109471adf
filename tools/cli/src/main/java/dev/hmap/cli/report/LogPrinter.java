package dev.hmap.cli.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.hmap.cli.console.Output;
import dev.hmap.report.LogRecord;
import dev.hmap.report.LogRecord.Kind;
import dev.hmap.report.LogRecord.Operation;
import dev.hmap.report.Shapes;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Locale;

/** Prints records of a log: as a line each, with a line for each part of a batch, or as JSON. */
public final class LogPrinter {
  private final Shown keys;
  private final Shown values;
  private final Output to;

  public LogPrinter(Shapes shapes, Output to) {
    this.keys = Shown.of(shapes.key());
    this.values = Shown.of(shapes.value());
    this.to = to;
  }

  public void text(LogRecord r) {
    to.print("%,15d  %,12d  %s\n".formatted(r.lsn(), r.sequence(), text(r.operation())));
    for (Operation part : r.operation().parts()) {
      to.print(" ".repeat(31) + text(part) + "\n");
    }
  }

  private String text(Operation o) {
    StringBuilder line = new StringBuilder(name(o.kind()));
    if (o.kind() == Kind.BATCH) {
      return line.append(" of ").append(o.parts().size()).toString();
    }
    if (o.kind() == Kind.MARK) {
      return line.append(' ').append(Shown.hex(o.value())).toString();
    }
    if (hasKey(o.kind())) {
      line.append(' ').append(keys.text(o.key()));
    }
    if (compares(o.kind())) {
      line.append(" if ").append(values.text(o.expected()));
    }
    if (hasValue(o.kind())) {
      line.append(" -> ").append(values.text(o.value()));
    }
    if (o.stampMillis() > 0) {
      line.append(" at ").append(Instant.ofEpochMilli(o.stampMillis()));
    }
    return line.toString();
  }

  public void json(LogRecord r) throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(line)) {
      out.writeStartObject();
      out.writeNumberField("lsn", r.lsn());
      out.writeNumberField("sequence", r.sequence());
      out.writeNumberField("bytes", r.bytes());
      json(r.operation(), out);
      out.writeEndObject();
    }
    to.print(line.append('\n').toString());
  }

  private void json(Operation o, JsonGenerator out) throws IOException {
    out.writeStringField("operation", name(o.kind()));
    if (hasKey(o.kind())) {
      out.writeStringField("key", keys.text(o.key()));
      out.writeNumberField("keyBytes", o.key().length);
    }
    if (compares(o.kind())) {
      out.writeStringField("expected", values.text(o.expected()));
    }
    if (hasValue(o.kind())) {
      out.writeStringField("value", values.text(o.value()));
      out.writeNumberField("valueBytes", o.value().length);
    }
    if (o.kind() == Kind.MARK) {
      out.writeStringField("mark", Shown.hex(o.value()));
    }
    if (o.stampMillis() > 0) {
      out.writeNumberField("stampMillis", o.stampMillis());
    }
    if (o.kind() == Kind.BATCH) {
      out.writeArrayFieldStart("parts");
      for (Operation part : o.parts()) {
        out.writeStartObject();
        json(part, out);
        out.writeEndObject();
      }
      out.writeEndArray();
    }
  }

  private static String name(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static boolean hasKey(Kind kind) {
    return switch (kind) {
      case CLEAR, BATCH, MARK, EXPIRE -> false;
      default -> true;
    };
  }

  private static boolean hasValue(Kind kind) {
    return switch (kind) {
      case PUT, PUT_IF_ABSENT, REPLACE, REPLACE_IF_EQUAL -> true;
      default -> false;
    };
  }

  private static boolean compares(Kind kind) {
    return kind == Kind.REPLACE_IF_EQUAL || kind == Kind.REMOVE_IF_EQUAL;
  }
}
