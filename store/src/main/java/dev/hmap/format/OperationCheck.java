package dev.hmap.format;

import dev.hmap.error.StoreCorruptException;

/**
 * Whether an operation of the log is one that a store of some geometry can have. What is checked is
 * safe to be read by {@link Operation}.
 */
public final class OperationCheck {
  private OperationCheck() {}

  /**
   * Checks an operation that has a record for itself, but not the parts of a batch.
   *
   * @param horizon no operation takes place before it
   * @param limit where the record ends
   * @return the time at which it takes place, of {@link Operation#EXPIRE} the new horizon; 0 if it
   *     has none
   * @throws StoreCorruptException if it cannot be one of this store
   */
  public static long check(Geometry geometry, long horizon, byte[] bytes, int at, int limit) {
    int kind = limit - at < Operation.HEADER_BYTES ? 0 : Operation.kind(bytes, at);
    if (!Operation.mayBeAlone(kind)) {
      throw new StoreCorruptException(
          "an operation of kind %d that is in no batch".formatted(kind));
    }
    return checkAny(geometry, horizon, bytes, at, limit);
  }

  /**
   * Checks an operation of a batch.
   *
   * @param limit where the batch ends
   */
  public static long checkPart(Geometry geometry, long horizon, byte[] bytes, int at, int limit) {
    int kind = limit - at < Operation.HEADER_BYTES ? 0 : Operation.kind(bytes, at);
    if (!Operation.mayBeInBatch(kind) || kind == 0) {
      throw new StoreCorruptException(
          "a batch with an operation of kind %d and %,d bytes left".formatted(kind, limit - at));
    }
    return checkAny(geometry, horizon, bytes, at, limit);
  }

  private static long checkAny(Geometry geometry, long horizon, byte[] bytes, int at, int limit) {
    if (limit - at < Operation.HEADER_BYTES) {
      throw new StoreCorruptException("an operation of %,d bytes".formatted(limit - at));
    }
    int kind = Operation.kind(bytes, at);
    int keyLength = Operation.keyLength(bytes, at);
    int valueLength = Operation.valueLength(bytes, at);
    if (valueLength < 0 || Operation.HEADER_BYTES + (long) keyLength + valueLength > limit - at) {
      throw new StoreCorruptException(
          "an operation with a value of %,d bytes in a record of %,d"
              .formatted(valueLength, limit - at));
    }
    if (!areLengthsValid(geometry, kind, keyLength, valueLength, bytes, at)) {
      throw new StoreCorruptException(
          "an operation of kind %d with a key of %,d bytes and a value of %,d"
              .formatted(kind, keyLength, valueLength));
    }
    boolean hasTime =
        geometry.expires() && (Operation.isOfOneKey(kind) || kind == Operation.EXPIRE);
    if (!hasTime) {
      return 0;
    }
    long time = Operation.time(bytes, at);
    if (time < horizon || time > Geometry.MAX_TIME_MILLIS) {
      throw new StoreCorruptException(
          "an operation of kind %d at the time %d, where times are %d to %d"
              .formatted(kind, time, horizon, Geometry.MAX_TIME_MILLIS));
    }
    return time;
  }

  private static boolean areLengthsValid(
      Geometry geometry, int kind, int keyLength, int valueLength, byte[] bytes, int at) {
    int stamp = geometry.stampBytes();
    return switch (kind) {
      case Operation.PUT, Operation.PUT_IF_ABSENT, Operation.REPLACE ->
          isKey(geometry, keyLength) && isValue(geometry, valueLength);
      case Operation.REPLACE_IF_EQUAL -> {
        int expected = valueLength < Integer.BYTES ? -1 : Operation.expectedLength(bytes, at);
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
