package dev.hmap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A codec of eight bytes, little-endian, which need no array on their way. */
interface WordCodec<T> extends Codec<T> {
  /** The bytes as a number. */
  long word(T value);

  /** The value of such a number. */
  T ofWord(long word);

  @Override
  default int width() {
    return Long.BYTES;
  }

  @Override
  default byte[] encode(T value) {
    byte[] bytes = new byte[Long.BYTES];
    Bytes.LONG.set(bytes, 0, word(value));
    return bytes;
  }

  @Override
  default T decode(byte[] bytes, int offset, int length) {
    return ofWord((long) Bytes.LONG.get(bytes, offset));
  }

  /** Holds what an interface cannot hide. */
  final class Bytes {
    private static final VarHandle LONG =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Bytes() {}
  }
}
