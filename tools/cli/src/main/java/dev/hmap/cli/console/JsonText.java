package dev.hmap.cli.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;

/** One JSON object as text, for programs that read what a command says. */
public final class JsonText {
  /** Writes the fields of the object. */
  public interface Fields {
    void writeTo(JsonGenerator out) throws IOException;
  }

  private JsonText() {}

  /** Pretty-printed, with a line feed at the end. */
  public static String of(Fields fields) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
      out.useDefaultPrettyPrinter();
      out.writeStartObject();
      fields.writeTo(out);
      out.writeEndObject();
    }
    return text.append('\n').toString();
  }
}
