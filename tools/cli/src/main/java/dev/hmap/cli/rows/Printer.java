package dev.hmap.cli.rows;

import dev.hmap.cli.console.Output;
import dev.hmap.cli.text.Escapes;
import dev.hmap.cli.text.Text;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes entries in some {@link Format}. */
interface Printer<K, V> {
  void print(K key, V value) throws IOException;

  /** Ends the output, without closing it. */
  default void finish() throws IOException {}

  /** What the user should know about what was printed, null if it is nothing. */
  default @Nullable String warning() {
    return null;
  }

  /** A printer to some output. */
  static <K, V> Printer<K, V> of(Format format, Text<K> keys, Text<V> values, Output to)
      throws IOException {
    return switch (format) {
      case TSV ->
          (key, value) ->
              to.line(Escapes.escape(keys.print(key)), Escapes.escape(values.print(value)));
      case PLAIN -> new PlainPrinter<>(keys, values, to);
      case CSV -> new CsvPrinter<>(keys, values, to);
      case JSON -> new JsonPrinter<>(keys, values, to);
      case REDACTED -> {
        Redaction redaction = new Redaction();
        yield (key, value) ->
            to.line(
                redaction.of(keys.codec().encode(key)), redaction.of(values.codec().encode(value)));
      }
    };
  }
}
