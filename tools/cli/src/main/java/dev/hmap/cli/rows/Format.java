package dev.hmap.cli.rows;

import dev.hmap.cli.text.Escapes;
import java.util.Locale;

/** How entries are written in a file. */
public enum Format {
  /** {@code key<TAB>value} lines with {@link Escapes}. */
  TSV,
  /** The same without: the text as it is. */
  PLAIN,
  /** A header line, and a column for each component of a record. */
  CSV,
  /** A JSON object on each line. */
  JSON,
  /** Lengths and hashes in place of keys and values; cannot be read. */
  REDACTED;

  /** As users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What a file's ending says; {@link #TSV} if it says nothing. */
  public static Format ofFile(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".csv")) {
      return CSV;
    }
    boolean json = lower.endsWith(".json") || lower.endsWith(".jsonl") || lower.endsWith(".ndjson");
    return json ? JSON : TSV;
  }
}
