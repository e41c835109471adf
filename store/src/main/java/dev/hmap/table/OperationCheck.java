package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.Directory;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.Operation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Whether an operation is one that a store of some geometry can have. */
public final class OperationCheck {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private OperationCheck() {}

  /** Whether an operation that is not in a batch is of a kind that is found there. */
  public static boolean isAlone(int kind) {
    return kind != Operation.MARK;
  }

  /**
   * Checks an operation, but not the parts of a batch.
   *
   * @param horizon no operation takes place before it
   * @param bytes holds all of the operation from {@code at} on
   * @return the time at which it takes place, of {@link Operation#EXPIRE} the new horizon; 0 if it
   *     has none
   * @throws StoreCorruptException if it cannot be one of this store
   */
  public static long check(Geometry geometry, long horizon, byte[] bytes, int at) {
    int kind = bytes[at + Operation.OP];
    int keyLength = Operation.keyLength(bytes, at);
    int valueLength = Operation.valueLength(bytes, at);
    int value = at + Operation.HEADER_BYTES + keyLength;
    if (!areLengthsValid(geometry, kind, keyLength, valueLength, bytes, value)) {
      throw new StoreCorruptException(
          "an operation of kind %d with a key of %,d bytes and a value of %,d"
              .formatted(kind, keyLength, valueLength));
    }
    boolean hasTime =
        geometry.expires() && (Operation.isOfOneKey(bytes, at) || kind == Operation.EXPIRE);
    if (!hasTime) {
      return 0;
    }
    long time =
        kind == Operation.EXPIRE ? (long) LONG.get(bytes, value) : Operation.time(bytes, at);
    if (time < horizon || time > Geometry.MAX_TIME_MILLIS) {
      throw new StoreCorruptException(
          "an operation of kind %d at the time %d, where times are %d to %d"
              .formatted(kind, time, horizon, Geometry.MAX_TIME_MILLIS));
    }
    return time;
  }

  private static boolean areLengthsValid(
      Geometry geometry, int kind, int keyLength, int valueLength, byte[] bytes, int value) {
    int stamp = geometry.stampBytes();
    return switch (kind) {
      case Operation.PUT, Operation.PUT_IF_ABSENT, Operation.REPLACE ->
          isKey(geometry, keyLength) && isValue(geometry, valueLength);
      case Operation.REPLACE_IF_EQUAL -> {
        int expected = valueLength < Integer.BYTES ? -1 : (int) INT.get(bytes, value);
        yield expected >= 0
            && isKey(geometry, keyLength)
            && isValue(geometry, valueLength - Integer.BYTES - expected);
      }
      case Operation.REMOVE -> isKey(geometry, keyLength) && valueLength == stamp;
      case Operation.REMOVE_IF_EQUAL -> isKey(geometry, keyLength) && valueLength >= stamp;
      case Operation.CLEAR -> keyLength == 0 && valueLength == Long.BYTES;
      case Operation.MARK -> keyLength == 0 && valueLength <= Directory.MAX_MARK_BYTES;
      case Operation.BATCH ->
          keyLength == 0 && valueLength > 0 && valueLength == LogRecordLayout.padded(valueLength);
      case Operation.EXPIRE -> geometry.expires() && keyLength == 0 && valueLength == Long.BYTES;
      default -> false;
    };
  }

  private static boolean isKey(Geometry geometry, int length) {
    return geometry.keyWidth() == 0 || length == geometry.keyWidth();
  }

  private static boolean isValue(Geometry geometry, int length) {
    return geometry.valueWidth() == 0
        ? length >= geometry.stampBytes() && length <= Geometry.MAX_VALUE_BYTES
        : length == geometry.valueWidth();
  }
}
