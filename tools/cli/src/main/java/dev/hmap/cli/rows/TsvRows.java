package dev.hmap.cli.rows;

import dev.hmap.cli.console.UsageException;
import dev.hmap.cli.text.Escapes;
import dev.hmap.cli.text.Text;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code key<TAB>value} lines. The first tab ends the key; further ones belong to the value.
 */
final class TsvRows<K, V> implements Rows<K, V> {
  private final Lines lines;
  private final Text<K> keys;
  private final Text<V> values;
  private final boolean escaped;

  /**
   * For all lines.
   *
   * @param escaped whether a backslash begins one of the {@link Escapes}
   */
  TsvRows(Lines lines, Text<K> keys, Text<V> values, boolean escaped) {
    this.lines = lines;
    this.keys = keys;
    this.values = values;
    this.escaped = escaped;
  }

  @Override
  public @Nullable Row<K, V> next() throws IOException, MalformedRowException {
    if (!lines.next()) {
      return null;
    }
    int tab = lines.indexOf('\t');
    if (tab < 0) {
      throw new MalformedRowException(lines.line(), " has no tab");
    }
    String key = lines.text(0, tab);
    String value = lines.text(tab + 1, lines.length());
    try {
      return new Row<>(
          lines.line(),
          keys.parse("key", unescaped("key", key)),
          values.parse("value", unescaped("value", value)));
    } catch (UsageException e) {
      throw new MalformedRowException(lines.line(), ": " + e.getMessage());
    }
  }

  private String unescaped(String what, String text) {
    if (!escaped) {
      return text;
    }
    try {
      return Escapes.unescape(text, "");
    } catch (UsageException e) {
      throw new UsageException(
          "%s %s; --format plain takes backslashes as they are".formatted(what, e.getMessage()));
    }
  }

  @Override
  public long bytesRead() {
    return lines.bytesRead();
  }
}
