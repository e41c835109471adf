package dev.hmap.report;

import java.util.List;

/**
 * A record of a store's log.
 *
 * @param lsn bytes of records ever logged before it
 * @param sequence its number
 * @param bytes its length in the log
 * @param operation what it does
 */
public record LogRecord(long lsn, long sequence, int bytes, Operation operation) {
  /** What an operation does. */
  public enum Kind {
    /** Associates the value with the key. */
    PUT,
    /** The same if the key is absent. */
    PUT_IF_ABSENT,
    /** The same if the key is present. */
    REPLACE,
    /** The same if the key has the expected value. */
    REPLACE_IF_EQUAL,
    /** Removes the key. */
    REMOVE,
    /** Removes the key if it has the expected value. */
    REMOVE_IF_EQUAL,
    /** Removes all. */
    CLEAR,
    /** Several operations that take effect together. */
    BATCH,
    /** Sets the user's mark, which is the value. */
    MARK,
    /** Removes what has expired by its time; no later operation takes place before that. */
    EXPIRE
  }

  /**
   * An operation.
   *
   * @param kind what it does
   * @param key its bytes, empty if it has none
   * @param value without its stamp, empty if it has none
   * @param expected the value that it compares with, empty if it does not
   * @param stampMillis the time at which it takes place, which is the stamp of its value, since
   *     1970; 0 if it has none or entries live for ever
   * @param parts of a batch, else none
   */
  @SuppressWarnings("ArrayRecordComponent") // a report, compared by nobody
  public record Operation(
      Kind kind,
      byte[] key,
      byte[] value,
      byte[] expected,
      long stampMillis,
      List<Operation> parts) {}
}
