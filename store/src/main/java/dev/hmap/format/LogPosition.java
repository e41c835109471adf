package dev.hmap.format;

import java.nio.ByteBuffer;

/**
 * A place between two records of the log.
 *
 * @param segment the number of the log segment that holds it; 0 before any segment was written
 * @param lsn bytes of records ever logged before it
 * @param sequence the sequence number of the record that follows
 * @param chain the sum of the record before it, to which the next one's is chained
 */
public record LogPosition(long segment, long lsn, long sequence, int chain) {
  /** Before the first record of a new store. */
  public static final LogPosition START = new LogPosition(0, 0, 1, 0);

  static final int BYTES = 3 * Long.BYTES + 2 * Integer.BYTES;

  void encode(ByteBuffer to) {
    to.putLong(segment).putLong(lsn).putLong(sequence).putInt(chain).putInt(0);
  }

  static LogPosition decode(ByteBuffer from) {
    LogPosition position =
        new LogPosition(from.getLong(), from.getLong(), from.getLong(), from.getInt());
    from.getInt();
    return position;
  }
}
