package dev.hmap.table;

import static dev.hmap.table.SmallMap.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.Operation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Does to the map what an operation of the log says: the writer's way, and that of recovery. */
class OperationApplierTest {
  private final SmallMap map = SmallMap.ofTexts();
  private final OperationApplier applier = new OperationApplier(map.map);

  private static byte[] operation(int kind, byte[] key, byte[] value) {
    byte[] bytes = new byte[Operation.HEADER_BYTES + key.length + value.length];
    Operation.put(bytes, 0, kind, key, value);
    return bytes;
  }

  private static byte[] operation(int kind, String key, String value) {
    return operation(kind, bytes(key), bytes(value));
  }

  private static byte[] batch(byte[]... parts) {
    ByteBuffer value =
        ByteBuffer.allocate(
            Arrays.stream(parts).mapToInt(part -> LogRecordLayout.padded(part.length)).sum());
    for (byte[] part : parts) {
      value.put(Arrays.copyOf(part, LogRecordLayout.padded(part.length)));
    }
    return operation(Operation.BATCH, new byte[0], value.array());
  }

  @Test
  void eachKindDoesWhatItsNameSays() {
    applier.apply(operation(Operation.PUT, "key", "1"));
    applier.apply(operation(Operation.PUT_IF_ABSENT, "key", "2"));
    assertThat(map.get("key")).isEqualTo("1");
    applier.apply(operation(Operation.REPLACE, "key", "3"));
    assertThat(map.get("key")).isEqualTo("3");
    byte[] threeToFour = Operation.expectedAndNew(bytes("3"), bytes("4"));
    applier.apply(operation(Operation.REPLACE_IF_EQUAL, bytes("key"), threeToFour));
    applier.apply(operation(Operation.REPLACE_IF_EQUAL, bytes("key"), threeToFour));
    assertThat(map.get("key")).isEqualTo("4");
    applier.apply(operation(Operation.REMOVE_IF_EQUAL, "key", "3"));
    assertThat(map.get("key")).isEqualTo("4");
    applier.apply(operation(Operation.REMOVE, "key", ""));
    assertThat(map.get("key")).isNull();
    applier.apply(operation(Operation.CLEAR, new byte[0], bytes(77L)));
    assertThat(map.map.fields().hash0()).isEqualTo(77);
  }

  @Test
  void aBatchIsAppliedInItsOrderAndMaySetTheMark() {
    applier.apply(
        batch(
            operation(Operation.PUT, "one", "first"),
            operation(Operation.PUT, "two", "second"),
            operation(Operation.REMOVE, "one", ""),
            operation(Operation.MARK, "", "here")));
    assertThat(map.get("one")).isNull();
    assertThat(map.get("two")).isEqualTo("second");
    assertThat(map.map.mark()).isEqualTo(bytes("here"));
  }

  @Test
  void theSameOperationsMakeTheSameMap() {
    SmallMap other = SmallMap.ofTexts();
    OperationApplier again = new OperationApplier(other.map);
    for (int i = 0; i < 200; i++) {
      byte[] operation =
          operation(i % 3 == 2 ? Operation.REMOVE : Operation.PUT, "key " + i % 70, "");
      applier.apply(operation);
      again.apply(operation);
    }
    assertThat(other.map.fields()).isEqualTo(map.map.fields());
    assertThat(other.map.extents()).isEqualTo(map.map.extents());
  }

  @Test
  void anOperationThatIsNoneIsRefused() {
    assertThatThrownBy(() -> applier.apply(operation(Operation.MARK, "", "in no batch")))
        .isInstanceOf(StoreCorruptException.class);
    assertThatThrownBy(() -> applier.apply(operation(11, "key", "value")))
        .isInstanceOf(StoreCorruptException.class);
    byte[] cut = Arrays.copyOf(operation(Operation.PUT, "key", "value"), 15);
    assertThatThrownBy(() -> applier.apply(cut)).isInstanceOf(StoreCorruptException.class);
    assertThat(map.map.count()).isZero();
  }

  @Test
  void aRecordIsItsOperationPaddedToEight() {
    byte[] record = Arrays.copyOf(operation(Operation.PUT, "key", "value"), 24); // of 16 bytes
    applier.applyRecord(record, 0, 16, map.outcome);
    assertThat(map.outcome.changed).isTrue();
    assertThatThrownBy(() -> applier.applyRecord(record, 0, 24, map.outcome))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage("an operation of 16 bytes in a record of 24");
  }
}
