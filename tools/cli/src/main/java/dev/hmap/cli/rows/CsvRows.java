package dev.hmap.cli.rows;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.hmap.cli.console.Failures;
import dev.hmap.cli.console.UsageException;
import dev.hmap.cli.text.Cells;
import dev.hmap.cli.text.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads CSV as RFC 4180 has it. A header line names the columns, in any order: {@code key} and
 * {@code value}, or {@code value.name} for each component of a record.
 */
final class CsvRows<K, V> implements Rows<K, V> {
  private final Lines lines;
  private final LinesReader reader;
  private final Text<K> keys;
  private final Text<V> values;
  private final Iterator<CsvRecord> records;
  private final List<String> columns = new ArrayList<>();

  /** For each of {@link #columns}, its place in a record; empty before the header. */
  private final List<Integer> places = new ArrayList<>();

  private long line;

  CsvRows(Lines lines, Text<K> keys, Text<V> values) {
    this.lines = lines;
    this.reader = new LinesReader(lines);
    this.keys = keys;
    this.values = values;
    keys.columns("key", columns);
    values.columns("value", columns);
    records =
        CsvReader.builder()
            .maxBufferSize(Lines.MAX_LINE_BYTES)
            .allowMissingFields(true) // said here, with both numbers
            .allowExtraFields(true)
            .ofCsvRecord(reader)
            .iterator();
  }

  @Override
  public @Nullable Row<K, V> next() throws IOException, MalformedRowException {
    if (places.isEmpty()) {
      readHeader();
    }
    CsvRecord record = record();
    if (record == null) {
      return null;
    }
    if (record.getFieldCount() != columns.size()) {
      throw malformed(
          "%,d fields: the header has %,d".formatted(record.getFieldCount(), columns.size()));
    }
    Cells cells = new Cells(columns, places.stream().map(record::getField).toList());
    try {
      return new Row<>(line, keys.fromCells(cells), values.fromCells(cells));
    } catch (UsageException e) {
      throw malformed(e.getMessage());
    }
  }

  private void readHeader() throws IOException, MalformedRowException {
    CsvRecord header = record();
    List<String> names = header == null ? List.of() : header.getFields();
    for (String column : columns) {
      places.add(names.indexOf(column));
    }
    if (places.contains(-1) || names.size() != columns.size()) {
      line = 1;
      throw malformed("the header must have the columns " + String.join(",", columns));
    }
  }

  private @Nullable CsvRecord record() throws IOException, MalformedRowException {
    try {
      if (!records.hasNext()) {
        return null;
      }
      CsvRecord record = records.next();
      line = record.getStartingLineNumber();
      if (reader.endsInQuotes()) {
        throw malformed("a quote without an end");
      }
      return record;
    } catch (UncheckedIOException e) {
      MalformedRowException malformed = reader.malformed();
      if (malformed != null) {
        throw malformed;
      }
      throw e.getCause();
    } catch (CsvParseException e) {
      line = lines.line();
      Throwable cause = e.getCause();
      throw malformed(Failures.firstLine((cause == null ? e : cause).getMessage()));
    }
  }

  private MalformedRowException malformed(@Nullable String what) {
    return new MalformedRowException(line, ": " + what);
  }

  @Override
  public long bytesRead() {
    return lines.bytesRead();
  }
}
