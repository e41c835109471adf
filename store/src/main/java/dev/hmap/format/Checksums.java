package dev.hmap.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * CRC32C in the forms the format uses. Never give it mapped memory: a mapping whose file was
 * truncated kills the JVM inside the checksum. One instance serves one thread.
 */
public final class Checksums {
  private final CRC32C crc = new CRC32C();
  private final byte[] prefix = new byte[16];
  private final ByteBuffer prefixBuffer = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN);

  /**
   * The plain sum of the bytes between position and limit; the position is left as it was.
   *
   * @param bytes a buffer on the heap or a direct one, not a mapping
   */
  public int sum(ByteBuffer bytes) {
    crc.reset();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  /**
   * The sum of a log record: chained to the sum before it and salted.
   *
   * @param chain the sum of the record before
   * @param salt the salt of the segment
   * @param bytes holds the record
   * @param offset where its summed part starts
   * @param length bytes of its summed part
   */
  public int chained(int chain, long salt, byte[] bytes, int offset, int length) {
    crc.reset();
    prefixBuffer.putInt(0, chain).putLong(4, salt);
    crc.update(prefix, 0, 12);
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  /**
   * The same for bytes in a buffer; its position is left as it was.
   *
   * @param chain the sum before
   * @param salt the salt
   * @param bytes what to sum, from position to limit
   */
  public int chained(int chain, long salt, ByteBuffer bytes) {
    crc.reset();
    prefixBuffer.putInt(0, chain).putLong(4, salt);
    crc.update(prefix, 0, 12);
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  /**
   * The sum of a page of the data file. The page's own sum field, if it lies in the page, must be
   * zero in the bytes given.
   *
   * @param page its number
   * @param generation low 32 bits of the checkpoint that writes it
   * @param bytes the page, from position to limit
   */
  public int page(int page, int generation, ByteBuffer bytes) {
    crc.reset();
    crc.update(bytes.duplicate());
    prefixBuffer.putInt(0, page).putInt(4, generation);
    crc.update(prefix, 0, 8);
    return (int) crc.getValue();
  }
}
