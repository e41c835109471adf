package dev.hmap.cli.rows;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.hmap.cli.console.Output;
import dev.hmap.cli.text.Text;
import java.util.ArrayList;
import java.util.List;

/** Writes CSV as RFC 4180 has it but for its lines, which end with LF; see {@link CsvRows}. */
final class CsvPrinter<K, V> implements Printer<K, V> {
  private final Text<K> keys;
  private final Text<V> values;
  private final CsvWriter to;
  private final List<String> cells = new ArrayList<>();

  CsvPrinter(Text<K> keys, Text<V> values, Output to) {
    this.keys = keys;
    this.values = values;
    this.to = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).bufferSize(0).build(to);
    keys.columns("key", cells);
    values.columns("value", cells);
    this.to.writeRecord(cells);
  }

  @Override
  public void print(K key, V value) {
    cells.clear();
    keys.toCells(key, cells);
    values.toCells(value, cells);
    to.writeRecord(cells);
  }
}
