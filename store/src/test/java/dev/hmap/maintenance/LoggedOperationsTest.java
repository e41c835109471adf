package dev.hmap.maintenance;

import static dev.hmap.store.TextStore.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.Geometry;
import dev.hmap.format.Operation;
import dev.hmap.report.LogRecord;
import dev.hmap.report.LogRecord.Kind;
import org.junit.jupiter.api.Test;

/** An operation of the log is shown as its parts: key, value, what it expects, and its time. */
class LoggedOperationsTest {
  private static final Geometry FOR_EVER = new Geometry(0, 0, "text", "text");
  private static final Geometry EXPIRING = new Geometry(0, 0, "text", "text", 1000);

  private static byte[] operation(int kind, byte[] key, byte[] value) {
    byte[] operation = new byte[Operation.HEADER_BYTES + key.length + value.length];
    Operation.put(operation, 0, kind, key, value);
    return operation;
  }

  private static LogRecord.Operation shown(Geometry geometry, byte[] operation) {
    return LoggedOperations.of(geometry, operation, 0, operation.length);
  }

  @Test
  void aPutHasAKeyAndAValue() {
    LogRecord.Operation put = shown(FOR_EVER, operation(Operation.PUT, bytes("k"), bytes("v")));
    assertThat(put.kind()).isEqualTo(Kind.PUT);
    assertThat(put.key()).isEqualTo(bytes("k"));
    assertThat(put.value()).isEqualTo(bytes("v"));
    assertThat(put.expected()).isEmpty();
    assertThat(put.stampMillis()).isZero();
  }

  @Test
  void whereEntriesExpireTheTimeIsShownApartFromTheValue() {
    byte[] operation = operation(Operation.PUT, bytes("k"), bytes("\0\0\0\0\0\0\0\0v"));
    Operation.setTime(operation, 0, 1234);
    LogRecord.Operation put = shown(EXPIRING, operation);
    assertThat(put.value()).isEqualTo(bytes("v"));
    assertThat(put.stampMillis()).isEqualTo(1234);
  }

  @Test
  void aReplacementShowsWhatItExpectsAndWhatItPuts() {
    byte[] both = Operation.expectedAndNew(bytes("old"), bytes("new"));
    LogRecord.Operation replace =
        shown(FOR_EVER, operation(Operation.REPLACE_IF_EQUAL, bytes("k"), both));
    assertThat(replace.expected()).isEqualTo(bytes("old"));
    assertThat(replace.value()).isEqualTo(bytes("new"));
  }

  @Test
  void aBatchShowsItsPartsInTheirOrder() {
    byte[] parts = new byte[16 + 16]; // each is padded to 8
    Operation.put(parts, 0, Operation.PUT, bytes("k"), bytes("v"));
    Operation.put(parts, 16, Operation.MARK, bytes(""), bytes("mark"));
    LogRecord.Operation batch = shown(FOR_EVER, operation(Operation.BATCH, bytes(""), parts));
    assertThat(batch.kind()).isEqualTo(Kind.BATCH);
    assertThat(batch.parts())
        .extracting(LogRecord.Operation::kind)
        .containsExactly(Kind.PUT, Kind.MARK);
    assertThat(batch.parts().getLast().value()).isEqualTo(bytes("mark"));
  }

  @Test
  void whatCannotBeAnOperationIsRefused() {
    assertThatThrownBy(() -> shown(FOR_EVER, operation(Operation.MARK, bytes(""), bytes("mark"))))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("in no batch");
    assertThatThrownBy(() -> shown(FOR_EVER, operation(77, bytes("k"), bytes("v"))))
        .isInstanceOf(StoreCorruptException.class);
  }
}
