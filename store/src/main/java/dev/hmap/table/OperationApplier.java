package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.Operation;
import dev.hmap.table.Hmap.Condition;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Applies operations, as the log holds them, to the map. The writer and recovery both go through
 * here, so that replaying the log repeats what was done. Writer thread only.
 */
public final class OperationApplier {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /**
   * So many that the first is not waited for, and the last still in the cache when its turn comes.
   */
  public static final int OPERATIONS_AHEAD = 32;

  private final Hmap map;
  private final Hmap.Outcome inBatch = new Hmap.Outcome();
  private final LookAhead ahead;
  private final KeyBytes key = new KeyBytes();

  /** Applies to {@code map}. */
  public OperationApplier(Hmap map) {
    this.map = map;
    this.ahead = new LookAhead(map.state.layout, 2 * OPERATIONS_AHEAD);
  }

  /**
   * Applies the operation of a record of the log.
   *
   * @param bytes holds it from {@code at} on
   * @param length its bytes, with padding
   * @param outcome set to what happened
   * @throws StoreCorruptException if it is no operation, or does not fill the record
   */
  public void applyRecord(byte[] bytes, int at, int length, Hmap.Outcome outcome) {
    if (!OperationCheck.isAlone(bytes[at + Operation.OP])) {
      throw new StoreCorruptException(
          "an operation of kind %d that is in no batch".formatted(bytes[at + Operation.OP]));
    }
    outcome.reset(false);
    int end = apply(bytes, at, at + length, outcome);
    map.settle();
    if (LogRecordLayout.padded(end - at) != length) {
      throw new StoreCorruptException(
          "an operation of %,d bytes in a record of %,d".formatted(end - at, length));
    }
  }

  /** Applies an operation of which nobody asks what it did. */
  public void apply(byte[] operation) {
    int _ = apply(operation, 0, operation.length, new Hmap.Outcome());
  }

  /**
   * Applies one operation.
   *
   * @param bytes holds it
   * @param at where it starts
   * @param limit where the record ends
   * @param outcome set to what happened; of a batch, whether anything changed
   * @return where it ends, without padding
   * @throws StoreCorruptException if it is no operation
   */
  public int apply(byte[] bytes, int at, int limit, Hmap.Outcome outcome) {
    int kind = bytes[at + Operation.OP];
    int keyLength = Operation.keyLength(bytes, at);
    int valueLength = Operation.valueLength(bytes, at);
    int key = at + Operation.HEADER_BYTES;
    int value = key + keyLength;
    int end = value + valueLength;
    if (valueLength < 0 || end > limit || end < at) {
      throw new StoreCorruptException(
          "an operation with a value of %,d bytes in a record of %,d"
              .formatted(valueLength, limit - at));
    }
    long time = OperationCheck.check(map.state.geometry, map.horizon(), bytes, at);
    switch (kind) {
      case Operation.PUT ->
          put(bytes, key, keyLength, value, valueLength, Condition.ALWAYS, outcome);
      case Operation.PUT_IF_ABSENT ->
          put(bytes, key, keyLength, value, valueLength, Condition.ABSENT, outcome);
      case Operation.REPLACE ->
          put(bytes, key, keyLength, value, valueLength, Condition.PRESENT, outcome);
      case Operation.REPLACE_IF_EQUAL -> {
        int expectedLength = (int) INT.get(bytes, value);
        int expected = value + Integer.BYTES;
        int fresh = expected + expectedLength;
        map.put(
            bytes,
            key,
            keyLength,
            bytes,
            fresh,
            end - fresh,
            Condition.EQUAL,
            expected,
            expectedLength,
            outcome);
      }
      case Operation.REMOVE -> map.remove(bytes, key, keyLength, bytes, -1, 0, time, outcome);
      case Operation.REMOVE_IF_EQUAL -> {
        int expected = value + map.state.geometry.stampBytes();
        map.remove(bytes, key, keyLength, bytes, expected, end - expected, time, outcome);
      }
      case Operation.CLEAR -> {
        outcome.changed = map.count() > 0;
        map.clear((long) LONG.get(bytes, value));
      }
      case Operation.MARK -> map.setMark(Arrays.copyOfRange(bytes, value, end));
      case Operation.BATCH -> batch(bytes, value, end, outcome);
      case Operation.EXPIRE -> map.advanceHorizon(time);
      default -> throw new IllegalStateException("kind %d was checked".formatted(kind));
    }
    return end;
  }

  private void put(
      byte[] bytes,
      int key,
      int keyLength,
      int value,
      int valueLength,
      Condition condition,
      Hmap.Outcome outcome) {
    map.put(bytes, key, keyLength, bytes, value, valueLength, condition, 0, 0, outcome);
  }

  // ---------------------------------------------------------------- several operations

  /** Says that an operation will be applied soon, for {@link #fetch}. It need not be sound. */
  public void lookAhead(byte[] bytes, int at, int limit) {
    int keyLength = Operation.keyLength(bytes, at);
    int keyAt = at + Operation.HEADER_BYTES;
    if (Operation.isOfOneKey(bytes, at) && keyAt + keyLength <= limit) {
      key.set(bytes, keyAt, keyLength);
      ahead.add(map.state.table, key.hash(map.state.table.hasher));
    }
  }

  /** Has fetched what the operations that were announced will look at. */
  public void fetch() {
    ahead.fetch();
  }

  /** Where the operation behind another one begins in a batch, if that one is sound. */
  private static int behind(byte[] bytes, int at, int from, int end) {
    long next =
        (long) at
            + Operation.HEADER_BYTES
            + Operation.keyLength(bytes, at)
            + Operation.valueLength(bytes, at);
    return next < at || next > end ? end : from + LogRecordLayout.padded((int) next - from);
  }

  private void batch(byte[] bytes, int from, int end, Hmap.Outcome outcome) {
    int at = from;
    int seen = from;
    for (int i = 0; at < end; i++) {
      if (i % OPERATIONS_AHEAD == 0) {
        for (int n = 0; n < OPERATIONS_AHEAD && end - seen >= Operation.HEADER_BYTES; n++) {
          lookAhead(bytes, seen, end);
          seen = behind(bytes, seen, from, end);
        }
        fetch();
      }
      if (end - at < Operation.HEADER_BYTES
          || bytes[at + Operation.OP] == Operation.BATCH
          || bytes[at + Operation.OP] == Operation.EXPIRE) {
        throw new StoreCorruptException(
            "a batch with an operation of kind %d and %,d bytes left"
                .formatted(bytes[at + Operation.OP], end - at));
      }
      inBatch.reset(false);
      int next = apply(bytes, at, end, inBatch);
      outcome.changed |= inBatch.changed;
      at = from + LogRecordLayout.padded(next - from);
    }
  }
}
