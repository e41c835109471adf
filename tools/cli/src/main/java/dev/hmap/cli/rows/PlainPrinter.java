package dev.hmap.cli.rows;

import dev.hmap.cli.console.Output;
import dev.hmap.cli.text.Text;
import org.jspecify.annotations.Nullable;

/** Writes {@code key<TAB>value} lines as they are, and counts those that cannot be told apart. */
final class PlainPrinter<K, V> implements Printer<K, V> {
  private final Text<K> keys;
  private final Text<V> values;
  private final Output to;
  private long ambiguous;

  PlainPrinter(Text<K> keys, Text<V> values, Output to) {
    this.keys = keys;
    this.values = values;
    this.to = to;
  }

  @Override
  public void print(K typedKey, V typedValue) {
    String key = keys.print(typedKey);
    String value = values.print(typedValue);
    to.line(key, value);
    if (key.startsWith("\uFEFF")
        || key.indexOf('\t') >= 0
        || key.indexOf('\n') >= 0
        || hasLineBreak(value)) {
      ambiguous++;
    }
  }

  /** A carriage return counts only at the end, where import takes it for half of a line break. */
  private static boolean hasLineBreak(String text) {
    return text.indexOf('\n') >= 0 || text.endsWith("\r");
  }

  @Override
  public @Nullable String warning() {
    return ambiguous == 0
        ? null
        : ("%,d of these entries cannot be imported again as they stand:"
                + " a tab in the key, a line break, or a byte order mark")
            .formatted(ambiguous);
  }
}
