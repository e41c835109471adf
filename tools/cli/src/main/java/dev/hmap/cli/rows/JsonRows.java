package dev.hmap.cli.rows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.hmap.cli.console.Failures;
import dev.hmap.cli.console.UsageException;
import dev.hmap.cli.text.Text;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads JSON Lines: {@code {"key": ..., "value": ...}} on each. Empty lines are passed over. */
final class JsonRows<K, V> implements Rows<K, V> {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Lines.MAX_LINE_BYTES).build())
          .build();

  private final Lines lines;
  private final Text<K> keys;
  private final Text<V> values;

  JsonRows(Lines lines, Text<K> keys, Text<V> values) {
    this.lines = lines;
    this.keys = keys;
    this.values = values;
  }

  @Override
  public @Nullable Row<K, V> next() throws IOException, MalformedRowException {
    String line = "";
    while (line.isBlank()) {
      if (!lines.next()) {
        return null;
      }
      line = lines.text(0, lines.length());
    }
    try (JsonParser in = JSON.createParser(line)) {
      return row(in);
    } catch (JsonProcessingException e) {
      throw malformed("not JSON: " + Failures.firstLine(e.getOriginalMessage()));
    } catch (UsageException e) {
      throw malformed(e.getMessage());
    }
  }

  private Row<K, V> row(JsonParser in) throws IOException, MalformedRowException {
    K key = null;
    V value = null;
    if (in.nextToken() != JsonToken.START_OBJECT) {
      throw malformed("no JSON object {\"key\": ..., \"value\": ...}");
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "key" -> key = keys.fromJson(in);
        case "value" -> value = values.fromJson(in);
        default -> throw malformed(Text.quoted(name) + " is a field other than key and value");
      }
    }
    if (key == null || value == null) {
      throw malformed((key == null ? "key" : "value") + " is missing");
    }
    if (in.nextToken() != null) {
      throw malformed("there is more after the object");
    }
    return new Row<>(lines.line(), key, value);
  }

  private MalformedRowException malformed(@Nullable String what) {
    return new MalformedRowException(lines.line(), ": " + what);
  }

  @Override
  public long bytesRead() {
    return lines.bytesRead();
  }
}
