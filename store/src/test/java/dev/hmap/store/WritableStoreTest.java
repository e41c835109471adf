package dev.hmap.store;

import static dev.hmap.store.TextStore.bytes;
import static dev.hmap.store.TextStore.content;
import static dev.hmap.store.TextStore.get;
import static dev.hmap.store.TextStore.killed;
import static dev.hmap.store.TextStore.put;
import static dev.hmap.store.TextStore.remove;
import static dev.hmap.store.TextStore.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.error.StoreClosedException;
import dev.hmap.format.Operation;
import dev.hmap.table.ValueCopy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** What a store in bytes promises of a write: its answer, and that it outlives the process. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class WritableStoreTest {
  private final MemoryFiles files = TextStore.create();

  @Test
  void aWriteThatReturnedIsInTheLogAndOutlivesTheProcess() {
    try (WritableStore store = TextStore.open(files)) {
      put(store, "a", "1");
      assertThat(get(store, "a")).isEqualTo("1");
      try (WritableStore recovered = TextStore.open(killed(files))) {
        assertThat(recovered.stats().opening().records()).isEqualTo(1);
        assertThat(get(recovered, "a")).isEqualTo("1");
      }
    }
  }

  @Test
  void aStoreThatWasClosedHasAllInItsDataFileAndNoLog() {
    try (WritableStore store = TextStore.open(files)) {
      put(store, "a", "1");
      assertThat(files.exists(TextStore.NAMES.log())).isTrue();
    }
    assertThat(files.exists(TextStore.NAMES.log())).isFalse();
    try (WritableStore reopened = TextStore.open(files)) {
      assertThat(reopened.stats().opening().wasClean()).isTrue();
      assertThat(content(reopened)).isEqualTo(Map.of("a", "1"));
    }
  }

  @Test
  void aWriteAnswersWhetherItChangedAnythingAndAnExchangeWhatWasThere() {
    try (WritableStore store = TextStore.open(files)) {
      assertThat(store.exchange(Operation.PUT, bytes("a"), bytes("1"))).isNull();
      ValueCopy before = store.exchange(Operation.PUT, bytes("a"), bytes("2"));
      assertThat(text(before.bytes())).isEqualTo("1");
      assertThat(store.write(Operation.PUT_IF_ABSENT, bytes("a"), bytes("3"))).isFalse();
      assertThat(get(store, "a")).isEqualTo("2");
      assertThat(remove(store, "a")).isTrue();
      assertThat(remove(store, "a")).isFalse();
    }
  }

  @Test
  void aBatchIsOneRecordWhateverItHolds() {
    try (WritableStore store = TextStore.open(files)) {
      OperationBatch batch = new OperationBatch(store.geometry().stampBytes());
      batch.put(bytes("a"), bytes("1"));
      batch.put(bytes("b"), bytes("2"));
      batch.mark(bytes("so far"));
      assertThat(store.write(batch)).isTrue();
      assertThat(store.reader().mark()).isEqualTo(bytes("so far"));
      try (WritableStore recovered = TextStore.open(killed(files))) {
        assertThat(recovered.stats().opening().records()).isEqualTo(1);
        assertThat(content(recovered)).isEqualTo(Map.of("a", "1", "b", "2"));
      }
    }
  }

  @Test
  void aSubmittedWriteIsAnsweredByItsFutureInTheOrderOfSubmission() {
    try (WritableStore store = TextStore.open(files)) {
      CompletableFuture<Boolean> first = store.writeAsync(Operation.PUT, bytes("a"), bytes("1"));
      CompletableFuture<String> second =
          store.exchangeAsync(
              Operation.REMOVE, bytes("a"), bytes(""), before -> text(before.bytes()));
      assertThat(store.afterSubmitted("done").join()).isEqualTo("done");
      assertThat(first).isCompletedWithValue(true);
      assertThat(second).isCompletedWithValue("1");
    }
  }

  @Test
  void onceClosedEveryCallThrowsButClosingAgain() {
    WritableStore store = TextStore.open(files);
    store.close();
    assertThatThrownBy(() -> put(store, "a", "1"))
        .isInstanceOf(StoreClosedException.class)
        .hasMessage("/store.hmap is closed");
    assertThatThrownBy(store::stats).isInstanceOf(StoreClosedException.class);
    store.close();
  }
}
