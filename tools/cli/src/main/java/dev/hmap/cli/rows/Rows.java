package dev.hmap.cli.rows;

import dev.hmap.cli.console.UsageException;
import dev.hmap.cli.text.Text;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads entries of some {@link Format}, one row after the other. */
public interface Rows<K, V> {
  /**
   * An entry.
   *
   * @param line where it begins, from 1
   */
  record Row<K, V>(long line, K key, V value) {}

  /**
   * The next row; null after the last.
   *
   * @throws MalformedRowException if it is none, naming its line
   */
  @Nullable Row<K, V> next() throws IOException, MalformedRowException;

  /** Bytes of all rows so far, for a progress bar. */
  long bytesRead();

  /** Rows of what a stream holds. */
  static <K, V> Rows<K, V> of(Format format, Text<K> keys, Text<V> values, InputStream in) {
    Lines lines = new Lines(in);
    return switch (format) {
      case TSV -> new TsvRows<>(lines, keys, values, true);
      case PLAIN -> new TsvRows<>(lines, keys, values, false);
      case CSV -> new CsvRows<>(lines, keys, values);
      case JSON -> new JsonRows<>(lines, keys, values);
      case REDACTED -> throw new UsageException("--format redacted holds nothing to import");
    };
  }
}
