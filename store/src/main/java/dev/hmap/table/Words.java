package dev.hmap.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight bytes as one number, little-endian, which needs no array on its way. */
public final class Words {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Words() {}

  /** Whether this many bytes are one. */
  public static boolean isWord(int length) {
    return length == Long.BYTES;
  }

  /** The number of the eight bytes from {@code at} on. */
  public static long get(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }

  /** A number's eight bytes. */
  public static byte[] bytes(long word) {
    byte[] bytes = new byte[Long.BYTES];
    LONG.set(bytes, 0, word);
    return bytes;
  }
}
