package dev.hmap.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

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
   * Removes the key if its value has the bytes given as value, after the time if entries expire.
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

  /** Bytes before the key. */
  public static final int HEADER_BYTES = 8;

  /** Bytes of an {@link #EXPIRE}. */
  public static final int EXPIRE_BYTES = HEADER_BYTES + Long.BYTES;

  private static final int KEY_LENGTH = 2;
  private static final int VALUE_LENGTH = 4;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Operation() {}

  // ---------------------------------------------------------------- kinds

  /** Whether an operation is about one key, and so takes place at a time if entries expire. */
  public static boolean isOfOneKey(int kind) {
    return kind >= PUT && kind <= REMOVE_IF_EQUAL;
  }

  /** Whether it may put a value. */
  public static boolean puts(int kind) {
    return kind >= PUT && kind <= REPLACE_IF_EQUAL;
  }

  /** Whether it may put a key that is absent. */
  public static boolean mayInsert(int kind) {
    return kind == PUT || kind == PUT_IF_ABSENT;
  }

  /** Whether it expects a value. */
  public static boolean expectsValue(int kind) {
    return kind == REPLACE_IF_EQUAL || kind == REMOVE_IF_EQUAL;
  }

  /** Whether what it does depends on what is there. */
  public static boolean isConditional(int kind) {
    return isOfOneKey(kind) && kind != PUT && kind != REMOVE;
  }

  /** Whether it may be in a record of its own. */
  public static boolean mayBeAlone(int kind) {
    return kind != MARK;
  }

  /** Whether it may be in a batch. */
  public static boolean mayBeInBatch(int kind) {
    return kind != BATCH && kind != EXPIRE;
  }

  // ---------------------------------------------------------------- reading
  // Each is given the bytes that hold an operation from at on, which OperationCheck has checked.

  /** The kind. */
  public static int kind(byte[] bytes, int at) {
    return bytes[at];
  }

  /** Where the key begins. */
  public static int keyAt(int at) {
    return at + HEADER_BYTES;
  }

  /** Bytes of the key. */
  public static int keyLength(byte[] bytes, int at) {
    return Short.toUnsignedInt((short) SHORT.get(bytes, at + KEY_LENGTH));
  }

  /** The key. */
  public static byte[] key(byte[] bytes, int at) {
    return Arrays.copyOfRange(bytes, keyAt(at), valueAt(bytes, at));
  }

  /** Where the value begins: of a batch, its first operation. */
  public static int valueAt(byte[] bytes, int at) {
    return keyAt(at) + keyLength(bytes, at);
  }

  /** Bytes of the value, as a signed number. */
  public static int valueLength(byte[] bytes, int at) {
    return (int) INT.get(bytes, at + VALUE_LENGTH);
  }

  /** The value. */
  public static byte[] value(byte[] bytes, int at) {
    return Arrays.copyOfRange(bytes, valueAt(bytes, at), end(bytes, at));
  }

  /** Where the operation ends, without padding. */
  public static int end(byte[] bytes, int at) {
    return valueAt(bytes, at) + valueLength(bytes, at);
  }

  /**
   * Where the next operation of a batch begins, or the batch ends.
   *
   * @param part one of its operations
   */
  public static int nextPart(byte[] bytes, int batch, int part) {
    int first = valueAt(bytes, batch);
    return first + LogRecordLayout.padded(end(bytes, part) - first);
  }

  /** Where the value that is put begins, with its stamp. */
  public static int putAt(byte[] bytes, int at) {
    int value = valueAt(bytes, at);
    return kind(bytes, at) == REPLACE_IF_EQUAL
        ? value + Integer.BYTES + (int) INT.get(bytes, value)
        : value;
  }

  /**
   * Where the value that is expected begins, which has no stamp.
   *
   * @param stampBytes of the store
   */
  public static int expectedAt(byte[] bytes, int at, int stampBytes) {
    int before = kind(bytes, at) == REPLACE_IF_EQUAL ? Integer.BYTES : stampBytes;
    return valueAt(bytes, at) + before;
  }

  /** Where it ends. */
  public static int expectedEnd(byte[] bytes, int at) {
    return kind(bytes, at) == REPLACE_IF_EQUAL ? putAt(bytes, at) : end(bytes, at);
  }

  /**
   * The time at which an operation of one key takes place, of a store whose entries expire; of
   * {@link #EXPIRE}, the horizon.
   *
   * @return milliseconds since 1970
   */
  public static long time(byte[] bytes, int at) {
    return (long) LONG.get(bytes, putAt(bytes, at));
  }

  /** The seed after a {@link #CLEAR}. */
  public static long hash0(byte[] bytes, int at) {
    return (long) LONG.get(bytes, valueAt(bytes, at));
  }

  // ---------------------------------------------------------------- writing

  /**
   * Writes an operation's head.
   *
   * @param to gets the head from {@code at} on
   * @param kind one of the constants
   * @param keyLength at most {@link Geometry#MAX_KEY_BYTES}
   * @param valueLength bytes of the value
   */
  public static void putHeader(byte[] to, int at, int kind, int keyLength, int valueLength) {
    to[at] = (byte) kind;
    to[at + 1] = 0;
    SHORT.set(to, at + KEY_LENGTH, (short) keyLength);
    INT.set(to, at + VALUE_LENGTH, valueLength);
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
    byte[] bytes = new byte[EXPIRE_BYTES];
    putHeader(bytes, 0, EXPIRE, 0, Long.BYTES);
    putLong(bytes, HEADER_BYTES, horizonMillis);
    return bytes;
  }

  /**
   * Sets the time at which an operation takes place, and all of a batch, of a store whose entries
   * expire; it is the stamp of the values that it puts.
   *
   * @param millis since 1970
   */
  public static void setTime(byte[] bytes, int at, long millis) {
    int kind = kind(bytes, at);
    if (kind == BATCH) {
      int end = end(bytes, at);
      for (int part = valueAt(bytes, at); part < end; part = nextPart(bytes, at, part)) {
        setTime(bytes, part, millis);
      }
    } else if (isOfOneKey(kind)) {
      LONG.set(bytes, putAt(bytes, at), millis);
    }
  }

  /** Bytes of the value that an operation of {@link #REPLACE_IF_EQUAL} expects, unchecked. */
  static int expectedLength(byte[] bytes, int at) {
    return (int) INT.get(bytes, valueAt(bytes, at));
  }
}
