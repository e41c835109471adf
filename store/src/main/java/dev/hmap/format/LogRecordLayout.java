package dev.hmap.format;

/**
 * A record of the log: one operation, or one batch of them.
 *
 * <pre>
 *  0     4        8          16   17     18          20            24
 *  +-----+--------+----------+----+------+-----------+-------------+-----+-------+---------+
 *  | crc | length | sequence | op | 0    | keyLength | valueLength | key | value | padding |
 *  | u32 | u32    | u64      | u8 | u8   | u16       | u32         |     |       | to 8    |
 *  +-----+--------+----------+----+------+-----------+-------------+-----+-------+---------+
 * </pre>
 *
 * <p>{@code crc} is the CRC32C of the crc of the record before (u32), the segment's salt (u64), and
 * the record from {@code length} to its padding. {@code length} counts the whole record. A record
 * that does not fit in what is left of its segment goes on in the next.
 */
public final class LogRecordLayout {
  /** Where the sum lies. */
  public static final int CRC = 0;

  /** Where the record's length lies. */
  public static final int LENGTH = CRC + Integer.BYTES;

  /** Where the sequence number lies. */
  public static final int SEQUENCE = LENGTH + Integer.BYTES;

  /** Where the operation starts; {@link Operation} draws it. */
  public static final int OPERATION = SEQUENCE + Long.BYTES;

  /** The longest record: a batch. */
  public static final int MAX_BYTES = 64 << 20;

  private LogRecordLayout() {}

  /**
   * A length rounded up to a multiple of 8.
   *
   * @param bytes any length
   */
  public static int padded(int bytes) {
    return bytes + 7 & -8;
  }
}
