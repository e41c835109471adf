package dev.hmap.snippets;

import dev.hmap.Codec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDate;

// @start region="codec"
/** {@code LocalDate}, 8 bytes: days since 1970, little-endian. */
final class LocalDateCodec implements Codec<LocalDate> {
  static final LocalDateCodec INSTANCE = new LocalDateCodec();

  private LocalDateCodec() {}

  @Override
  public String shape() {
    return "com.example.date"; // stands in the file: a name of one's own, never used for another
  }

  @Override
  public int width() {
    return Long.BYTES; // always: so it stands in the bucket
  }

  @Override
  public byte[] encode(LocalDate date) {
    return ByteBuffer.allocate(Long.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(date.toEpochDay())
        .array();
  }

  @Override
  public LocalDate decode(byte[] bytes, int offset, int length) {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length).order(ByteOrder.LITTLE_ENDIAN);
    return LocalDate.ofEpochDay(in.getLong());
  }
}
// @end
