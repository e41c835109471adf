package dev.hmap.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * An operation as the log holds it: a head of 8 bytes, the key, the value. A batch's value is a run
 * of such operations, each padded to 8.
 *
 * <pre>
 *  0      1      2           4             8
 *  +------+------+-----------+-------------+-----+-------+
 *  | op   | 0    | keyLength | valueLength | key | value |
 *  | u8   | u8   | u16       | u32         |     |       |
 *  +------+------+-----------+-------------+-----+-------+
 * </pre>
 */
public final class Operation {
  /** Associates the value with the key. */
  public static final int PUT = 1;

  /** The same if the key is absent. */
  public static final int PUT_IF_ABSENT = 2;

  /** The same if the key is present. */
  public static final int REPLACE = 3;

  /** The same if the present value has the expected bytes: value is u32 length, expected, new. */
  public static final int REPLACE_IF_EQUAL = 4;

  /** Removes the key. */
  public static final int REMOVE = 5;

  /** Removes the key if its value has the bytes given as value. */
  public static final int REMOVE_IF_EQUAL = 6;

  /** Removes all; the value is the new {@code hash0}, u64. */
  public static final int CLEAR = 7;

  /** Several operations that take effect together. */
  public static final int BATCH = 8;

  /** Where the kind lies. */
  public static final int OP = 0;

  /** Where the key's length lies. */
  public static final int KEY_LENGTH = 2;

  /** Where the value's length lies. */
  public static final int VALUE_LENGTH = 4;

  /** Bytes before the key. */
  public static final int HEADER_BYTES = 8;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Operation() {}

  /**
   * Writes an operation's head.
   *
   * @param to gets the head from {@code at} on
   * @param kind one of the constants
   * @param keyLength at most {@link Geometry#MAX_KEY_BYTES}
   * @param valueLength bytes of the value
   */
  public static void putHeader(byte[] to, int at, int kind, int keyLength, int valueLength) {
    to[at + OP] = (byte) kind;
    to[at + OP + 1] = 0;
    SHORT.set(to, at + KEY_LENGTH, (short) keyLength);
    INT.set(to, at + VALUE_LENGTH, valueLength);
  }
}
