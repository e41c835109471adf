package dev.hmap.cli.rows;

import dev.hmap.HMap;
import dev.hmap.cli.console.UsageException;
import dev.hmap.error.EntryTooLargeException;
import dev.hmap.error.HMapException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows in groups of about a mebibyte, each of them one record of the log: with {@code SYNC},
 * one force for thousands of rows.
 */
public final class Importer<K, V> {
  private static final long GROUP_BYTES = 1 << 20;

  private final OpenStore<K, V> store;
  private final Rows<K, V> rows;
  private final LongConsumer progress;
  private long imported;

  /**
   * Prepares an import.
   *
   * @param progress is called after each group with the number of bytes read
   */
  public Importer(OpenStore<K, V> store, Rows<K, V> rows, LongConsumer progress) {
    this.store = store;
    this.rows = rows;
    this.progress = progress;
  }

  /**
   * Imports all rows, or those before one that cannot be imported.
   *
   * @return how many
   * @throws UsageException if a line is malformed, naming it
   * @throws HMapException if the store refuses a row
   */
  public long run() throws IOException {
    String malformed = null;
    List<Rows.Row<K, V>> group = new ArrayList<>();
    do {
      group.clear();
      try {
        read(group);
      } catch (MalformedRowException e) {
        malformed = e.getMessage();
      }
      write(group);
      progress.accept(rows.bytesRead());
    } while (!group.isEmpty() && malformed == null);
    store.map().sync();
    if (malformed != null) {
      throw new UsageException(malformed + soFar());
    }
    return imported;
  }

  private String soFar() {
    return "; %,d rows were imported".formatted(imported);
  }

  private void read(List<Rows.Row<K, V>> group) throws IOException, MalformedRowException {
    long end = rows.bytesRead() + GROUP_BYTES;
    while (rows.bytesRead() < end) {
      Rows.Row<K, V> row = rows.next();
      if (row == null) {
        return;
      }
      group.add(row);
    }
  }

  private void write(List<Rows.Row<K, V>> group) {
    Filler filler = new Filler(group);
    try {
      store.map().write(filler::fill);
    } catch (HMapException e) {
      throw new HMapException(e.getMessage() + soFar(), e);
    }
    imported += filler.filled;
    if (filler.refusal != null) {
      throw new HMapException(filler.refusal + soFar());
    }
  }

  /** Fills a batch with a group, up to a row that is too large. */
  private final class Filler {
    private final List<Rows.Row<K, V>> group;
    private int filled;
    private @Nullable String refusal;

    Filler(List<Rows.Row<K, V>> group) {
      this.group = group;
    }

    void fill(HMap.Batch<K, V> batch) {
      for (Rows.Row<K, V> row : group) {
        try {
          batch.put(row.key(), row.value());
        } catch (EntryTooLargeException e) {
          refusal = "line %d: %s".formatted(row.line(), e.getMessage());
          return;
        }
        filled++;
      }
    }
  }
}
