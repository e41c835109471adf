package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreCorruptException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Only operations that a writer of this store can have logged are let through to it. */
class OperationCheckTest {
  private static final Geometry LONGS = new Geometry(8, 8, "long", "long");
  private static final Geometry EXPIRING = new Geometry(8, 16, "long", "long", 1_000);

  private static byte[] operation(int kind, int keyBytes, byte[] value) {
    byte[] operation = new byte[Operation.HEADER_BYTES + keyBytes + value.length];
    Operation.put(operation, 0, kind, new byte[keyBytes], value);
    return operation;
  }

  private static long check(Geometry geometry, long horizon, byte[] operation) {
    return OperationCheck.check(geometry, horizon, operation, 0, operation.length);
  }

  private static void assertRefused(Geometry geometry, byte[] operation, String message) {
    assertThatThrownBy(() -> check(geometry, 5_000, operation))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage(message);
  }

  @Test
  void keysAndValuesMustHaveTheirWidths() {
    assertThat(check(LONGS, 0, operation(Operation.PUT, 8, new byte[8]))).isZero();
    assertRefused(
        LONGS,
        operation(Operation.PUT, 7, new byte[8]),
        "an operation of kind 1 with a key of 7 bytes and a value of 8");
    assertRefused(
        LONGS,
        operation(Operation.PUT, 8, new byte[9]),
        "an operation of kind 1 with a key of 8 bytes and a value of 9");
  }

  @Test
  void noLengthLeadsOutOfTheRecord() {
    byte[] put = operation(Operation.PUT, 8, new byte[8]);
    assertThatThrownBy(() -> OperationCheck.check(LONGS, 0, put, 0, put.length - 1))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage("an operation with a value of 8 bytes in a record of 23");
    byte[] expected = Operation.expectedAndNew(new byte[3], new byte[8]);
    byte[] replace = operation(Operation.REPLACE_IF_EQUAL, 8, expected);
    assertThat(check(LONGS, 0, replace)).isZero();
    int expectedLength = Operation.valueAt(replace, 0);
    replace[expectedLength] = 12; // one more than there is
    assertRefused(LONGS, replace, "an operation of kind 4 with a key of 8 bytes and a value of 15");
    byte[] negative = operation(Operation.REPLACE_IF_EQUAL, 8, new byte[4 + 7]);
    Arrays.fill(negative, expectedLength, expectedLength + 4, (byte) -1);
    assertRefused(
        LONGS, negative, "an operation of kind 4 with a key of 8 bytes and a value of 11");
  }

  @Test
  void aMarkIsInABatchOnlyAndABatchInNoOther() {
    byte[] mark = operation(Operation.MARK, 0, new byte[4_096]);
    assertThat(OperationCheck.checkPart(LONGS, 0, mark, 0, mark.length)).isZero();
    assertRefused(LONGS, mark, "an operation of kind 9 that is in no batch");
    byte[] batch = operation(Operation.BATCH, 0, new byte[16]);
    assertThat(check(LONGS, 0, batch)).isZero();
    assertThatThrownBy(() -> OperationCheck.checkPart(LONGS, 0, batch, 0, batch.length))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage("a batch with an operation of kind 8 and 24 bytes left");
  }

  @Test
  void timesAreNotBeforeTheHorizon() {
    byte[] remove = operation(Operation.REMOVE, 8, new byte[8]);
    Operation.setTime(remove, 0, 5_000);
    assertThat(check(EXPIRING, 5_000, remove)).as("its time").isEqualTo(5_000);
    Operation.setTime(remove, 0, 4_999);
    assertRefused(
        EXPIRING,
        remove,
        "an operation of kind 5 at the time 4999, where times are 5000 to 9007199254740992");
  }

  @Test
  void onlyAStoreWhoseEntriesExpireMovesItsHorizon() {
    assertThat(check(EXPIRING, 5_000, Operation.expire(6_000))).isEqualTo(6_000);
    assertRefused(
        LONGS,
        Operation.expire(6_000),
        "an operation of kind 10 with a key of 0 bytes and a value of 8");
  }
}
