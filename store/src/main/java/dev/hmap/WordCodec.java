package dev.hmap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A codec of eight bytes, little-endian, which need no array on their way. */
abstract class WordCodec<T> implements CanonicalCodec<T> {
  private static final VarHandle LONG_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The bytes as a number. */
  abstract long word(T value);

  /** The value of such a number. */
  abstract T ofWord(long word);

  @Override
  public int width() {
    return Long.BYTES;
  }

  @Override
  public byte[] encode(T value) {
    byte[] bytes = new byte[Long.BYTES];
    LONG_BYTES.set(bytes, 0, word(value));
    return bytes;
  }

  @Override
  public T decode(byte[] bytes, int offset, int length) {
    return ofWord((long) LONG_BYTES.get(bytes, offset));
  }
}
