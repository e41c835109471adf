package dev.hmap.store;

import static dev.hmap.store.TextStore.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.EntryTooLargeException;
import org.junit.jupiter.api.Test;

/** A batch gathers operations in the bytes of the log, and knows what it makes of each key. */
class OperationBatchTest {
  private static final int NO_STAMP = 0;
  private static final int STAMP = 8;

  @Test
  void eachOperationIsAHeadOfEightBytesItsKeyAndItsValuePaddedToEight() {
    OperationBatch batch = new OperationBatch(NO_STAMP);
    assertThat(batch.isEmpty()).isTrue();
    batch.put(bytes("key"), bytes("value")); // 8 + 3 + 5
    assertThat(batch.bytes()).isEqualTo(16);
    batch.remove(bytes("k")); // 8 + 1
    assertThat(batch.bytes()).isEqualTo(16 + 16);
    assertThat(batch.operations()).isEqualTo(2);
  }

  @Test
  void whereEntriesExpireEachOperationOnAKeyHasRoomForItsTime() {
    OperationBatch batch = new OperationBatch(STAMP);
    batch.put(bytes("key"), bytes("value")); // 8 + 3 + 8 + 5
    assertThat(batch.bytes()).isEqualTo(24);
    batch.remove(bytes("key")); // 8 + 3 + 8
    assertThat(batch.bytes()).isEqualTo(24 + 24);
    batch.put(bytes("key"), bytes("value"));
    assertThat(batch.valueOf(bytes("key"))).isEqualTo(bytes("value"));
  }

  @Test
  void theLastOperationOnAKeyCounts() {
    OperationBatch batch = new OperationBatch(NO_STAMP);
    batch.put(bytes("a"), bytes("1"));
    assertThat(batch.valueOf(bytes("a"))).isEqualTo(bytes("1"));
    batch.remove(bytes("a"));
    assertThat(batch.concerns(bytes("a"))).isTrue();
    assertThat(batch.valueOf(bytes("a"))).isNull();
    batch.put(bytes("a"), bytes("2"));
    assertThat(batch.valueOf(bytes("a"))).isEqualTo(bytes("2"));
    assertThat(batch.concerns(bytes("b"))).isFalse();
  }

  @Test
  void aRemovalUnderAConditionLeavesAPutBeforeIt() {
    OperationBatch batch = new OperationBatch(NO_STAMP);
    batch.put(bytes("a"), bytes("1"));
    batch.removeIfEqual(bytes("a"), bytes("2"));
    batch.removeIfEqual(bytes("b"), bytes("2"));
    assertThat(batch.valueOf(bytes("a"))).isEqualTo(bytes("1"));
    assertThat(batch.concerns(bytes("b"))).isFalse();
  }

  @Test
  void aMarkThatIsTooLongIsRefusedAndTheBatchIsAsItWas() {
    OperationBatch batch = new OperationBatch(NO_STAMP);
    assertThatThrownBy(() -> batch.mark(new byte[4097]))
        .isInstanceOf(EntryTooLargeException.class)
        .hasMessage("mark of 4,097 bytes: the limit is 4,096");
    assertThat(batch.isEmpty()).isTrue();
    batch.mark(new byte[4096]);
    assertThat(batch.operations()).isEqualTo(1);
  }
}
