package dev.hmap;

import dev.hmap.format.LogRecordLayout;
import dev.hmap.io.Uninterruptibly;
import dev.hmap.maintenance.LogTail;
import dev.hmap.maintenance.LoggedOperations;
import dev.hmap.report.LogRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the records of a store's log from its last checkpoint on, in their order, while another
 * process may write more; a power cut may take the last of them away. Between two calls it holds
 * nothing: no file, no lock. For one thread at a time.
 */
public final class LogRecords {
  private static final long MOST_BYTES = 4 << 20;

  private final LogTail tail;
  private long missed;

  LogRecords(LogTail tail) {
    this.tail = tail;
  }

  /**
   * The next records, some 4 MiB of them at most; empty if there are none for now. The writer's
   * checkpoints wait meanwhile.
   *
   * @throws dev.hmap.error.HMapException if there is no readable store, or a record that is whole
   *     cannot be understood
   */
  public List<LogRecord> next() {
    return Uninterruptibly.call(
        "hmap-log",
        () -> {
          List<LogRecord> records = new ArrayList<>();
          missed +=
              tail.read(
                  MOST_BYTES,
                  (geometry, lsn, sequence, bytes, at, length) ->
                      records.add(
                          new LogRecord(
                              lsn,
                              sequence,
                              LogRecordLayout.OPERATION + length,
                              LoggedOperations.of(geometry, bytes, at, at + length))));
          return records;
        });
  }

  /** How many records checkpoints of the store took away between the calls, unread. */
  public long missed() {
    return missed;
  }
}
