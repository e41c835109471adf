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

  /** Removes the key. The value is the time, if entries expire. */
  public static final int REMOVE = 5;

  /**
   * Removes the key if its value has the bytes given as value, behind the time if entries expire.
   */
  public static final int REMOVE_IF_EQUAL = 6;

  /** Removes all; the value is the new {@code hash0}, u64. */
  public static final int CLEAR = 7;

  /** Several operations that take effect together. */
  public static final int BATCH = 8;

  /** Sets the user's mark, which is the value; only within a batch. */
  public static final int MARK = 9;

  /**
   * Removes what has expired at a time, the horizon, which is the value; no later operation takes
   * place before it. Only where entries expire.
   */
  public static final int EXPIRE = 10;

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

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

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

  /** Whether the operation at {@code at} is about one key. */
  public static boolean isOfOneKey(byte[] bytes, int at) {
    return bytes[at + OP] >= PUT && bytes[at + OP] <= REMOVE_IF_EQUAL;
  }

  /** Bytes of the key of the operation at {@code at}. */
  public static int keyLength(byte[] bytes, int at) {
    return Short.toUnsignedInt((short) SHORT.get(bytes, at + KEY_LENGTH));
  }

  /** Bytes of the value of the operation at {@code at}, as a signed number. */
  public static int valueLength(byte[] bytes, int at) {
    return (int) INT.get(bytes, at + VALUE_LENGTH);
  }

  /**
   * Writes an operation.
   *
   * @param to gets it from {@code at} on
   * @param kind one of the constants
   */
  public static void put(byte[] to, int at, int kind, byte[] key, byte[] value) {
    putHeader(to, at, kind, key.length, value.length);
    System.arraycopy(key, 0, to, at + HEADER_BYTES, key.length);
    System.arraycopy(value, 0, to, at + HEADER_BYTES + key.length, value.length);
  }

  /** Writes a key or value of eight bytes. */
  public static void putLong(byte[] to, int at, long value) {
    LONG.set(to, at, value);
  }

  /** The value of a {@link #REPLACE_IF_EQUAL}. */
  public static byte[] expectedAndNew(byte[] expected, byte[] fresh) {
    byte[] both = new byte[Integer.BYTES + expected.length + fresh.length];
    INT.set(both, 0, expected.length);
    System.arraycopy(expected, 0, both, Integer.BYTES, expected.length);
    System.arraycopy(fresh, 0, both, Integer.BYTES + expected.length, fresh.length);
    return both;
  }

  /** An {@link #EXPIRE}. */
  public static byte[] expire(long horizonMillis) {
    byte[] bytes = new byte[HEADER_BYTES + Long.BYTES];
    putHeader(bytes, 0, EXPIRE, 0, Long.BYTES);
    putLong(bytes, HEADER_BYTES, horizonMillis);
    return bytes;
  }

  /**
   * Sets the time at which an operation takes place, of a store whose entries expire; it is the
   * stamp of the values that it puts.
   *
   * @param bytes holds it from {@code at} on
   * @param millis since 1970
   * @return where it ends, without padding
   */
  public static int setTime(byte[] bytes, int at, long millis) {
    int value = at + HEADER_BYTES + keyLength(bytes, at);
    int end = value + valueLength(bytes, at);
    if (bytes[at + OP] == BATCH) {
      for (int part = value; part < end; ) {
        part = value + LogRecordLayout.padded(setTime(bytes, part, millis) - value);
      }
    } else if (isOfOneKey(bytes, at)) {
      LONG.set(bytes, timeAt(bytes, at), millis);
    }
    return end;
  }

  /**
   * The time at which an operation of one key takes place, of a store whose entries expire.
   *
   * @param bytes holds it from {@code at} on, and is known to be long enough
   * @return milliseconds since 1970
   */
  public static long time(byte[] bytes, int at) {
    return (long) LONG.get(bytes, timeAt(bytes, at));
  }

  private static int timeAt(byte[] bytes, int at) {
    int value = at + HEADER_BYTES + keyLength(bytes, at);
    return bytes[at + OP] == REPLACE_IF_EQUAL
        ? value + Integer.BYTES + (int) INT.get(bytes, value)
        : value;
  }
}
