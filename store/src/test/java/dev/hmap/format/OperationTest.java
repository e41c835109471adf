package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** An operation as the log holds it: a head of eight bytes, the key, the value. */
class OperationTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] operation(int kind, byte[] key, byte[] value) {
    byte[] operation = new byte[Operation.HEADER_BYTES + key.length + value.length];
    Operation.put(operation, 0, kind, key, value);
    return operation;
  }

  @Test
  void aPutIsTheOneOfTheFormatPage() {
    byte[] put = operation(Operation.PUT, bytes("k"), bytes("vw"));
    assertThat(HexFormat.of().formatHex(put)).isEqualTo("01000100020000006b7677");
    assertThat(Operation.kind(put, 0)).isEqualTo(Operation.PUT);
    assertThat(Operation.key(put, 0)).isEqualTo(bytes("k"));
    assertThat(Operation.value(put, 0)).isEqualTo(bytes("vw"));
    assertThat(Operation.end(put, 0)).isEqualTo(11);
  }

  @Test
  void theLengthOfAKeyIsUnsigned() {
    byte[] head = new byte[Operation.HEADER_BYTES];
    Operation.putHeader(head, 0, Operation.REMOVE, Geometry.MAX_KEY_BYTES, 0);
    assertThat(Operation.keyLength(head, 0)).isEqualTo(65_535);
  }

  @Test
  void aConditionalReplaceHoldsTheExpectedValueAndThenTheNewOne() {
    byte[] both = Operation.expectedAndNew(bytes("old"), bytes("newer"));
    assertThat(HexFormat.of().formatHex(both)).isEqualTo("03000000" + "6f6c64" + "6e65776572");
    byte[] replace = operation(Operation.REPLACE_IF_EQUAL, bytes("k"), both);
    assertThat(Operation.expectedAt(replace, 0, 0)).isEqualTo(8 + 1 + 4);
    assertThat(Operation.expectedEnd(replace, 0)).isEqualTo(8 + 1 + 4 + 3);
    assertThat(Operation.putAt(replace, 0)).isEqualTo(8 + 1 + 4 + 3);
  }

  @Test
  void theOperationsOfABatchBeginAtMultiplesOfEightAndHaveOneTime() {
    byte[] remove = operation(Operation.REMOVE, bytes("key"), new byte[8]); // 19 bytes, padded: 24
    byte[] put = operation(Operation.PUT, bytes("key"), new byte[8]);
    byte[] batch = new byte[8 + 24 + 24];
    Operation.putHeader(batch, 0, Operation.BATCH, 0, 48);
    System.arraycopy(remove, 0, batch, 8, remove.length);
    System.arraycopy(put, 0, batch, 32, put.length);

    assertThat(Operation.valueAt(batch, 0)).isEqualTo(8);
    assertThat(Operation.nextPart(batch, 0, 8)).isEqualTo(32);
    assertThat(Operation.nextPart(batch, 0, 32)).isEqualTo(Operation.end(batch, 0));
    Operation.setTime(batch, 0, 1_700_000_000_000L);
    assertThat(Operation.time(batch, 8)).isEqualTo(1_700_000_000_000L);
    assertThat(Operation.time(batch, 32)).isEqualTo(1_700_000_000_000L);
  }

  @Test
  void kindsDifferInWhatTheyDoAndWhereTheyMayBe() {
    assertThat(Operation.mayInsert(Operation.PUT_IF_ABSENT)).isTrue();
    assertThat(Operation.mayInsert(Operation.REPLACE)).isFalse();
    assertThat(Operation.puts(Operation.REPLACE)).isTrue();
    assertThat(Operation.puts(Operation.REMOVE)).isFalse();
    assertThat(Operation.isConditional(Operation.REMOVE)).isFalse();
    assertThat(Operation.isConditional(Operation.REMOVE_IF_EQUAL)).isTrue();
    assertThat(Operation.isOfOneKey(Operation.CLEAR)).isFalse();
    assertThat(Operation.mayBeAlone(Operation.MARK)).isFalse();
    assertThat(Operation.mayBeInBatch(Operation.EXPIRE)).isFalse();
  }
}
