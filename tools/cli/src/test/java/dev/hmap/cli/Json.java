package dev.hmap.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Reads what commands print as JSON. */
final class Json {
  private Json() {}

  /** Scalars by their path, like {@code extra.nextOverflow} or {@code findings.0.page}. */
  static Map<String, String> scalars(String json) throws IOException {
    Map<String, String> scalars = new HashMap<>();
    try (JsonParser in = new JsonFactory().createParser(json)) {
      for (JsonToken t = in.nextToken(); t != null; t = in.nextToken()) {
        if (t.isScalarValue()) {
          String path = in.getParsingContext().pathAsPointer().toString();
          scalars.put(path.substring(1).replace('/', '.'), in.getText());
        }
      }
    }
    return scalars;
  }
}
