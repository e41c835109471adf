package dev.hmap.store;

import static dev.hmap.store.TextStore.bytes;
import static dev.hmap.store.TextStore.get;
import static dev.hmap.store.TextStore.put;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.error.StoreClosedException;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.table.KeyBytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** A reader reads the opening of a store that is current, and nothing once it is closed. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class StoreReaderTest {
  private static final KeyBytes KEY = new KeyBytes(bytes("key"));

  private final MemoryFiles files = TextStore.create();

  private OpenedStore open() {
    return Recovery.open(files, TextStore.NAMES, false, null);
  }

  private static String text(MemorySegment value) {
    return new String(value.toArray(ValueLayout.JAVA_BYTE), UTF_8);
  }

  private void write(String value) {
    try (WritableStore store = TextStore.open(files)) {
      put(store, "key", value);
    }
  }

  @Test
  void aKeyIsFoundOrNot() {
    write("value");
    try (Store store = TextStore.read(files)) {
      assertThat(get(store, "key")).isEqualTo("value");
      assertThat(get(store, "another")).isNull();
      assertThat(store.reader().count()).isEqualTo(1);
    }
  }

  @Test
  void aFunctionReadsAValueWhereItLies() {
    write("value");
    try (Store store = TextStore.read(files)) {
      String read = store.reader().read(KEY, StoreReaderTest::text);
      assertThat(read).isEqualTo("value");
      Boolean absent = store.reader().read(new KeyBytes(bytes("another")), _ -> true);
      assertThat(absent).isNull();
    }
  }

  @Test
  void anIteratorReturnsEachEntryOnce() {
    try (WritableStore store = TextStore.open(files)) {
      put(store, "a", "1");
      put(store, "b", "2");
      assertThat(TextStore.content(store)).isEqualTo(Map.of("a", "1", "b", "2"));
      assertThat(store.reader().isEmpty()).isFalse();
    }
  }

  @Test
  void whatIsReadWhileTheStoreIsReopenedIsReadAgainOfTheNewOpening() throws IOException {
    write("old");
    OpenedStore old = open();
    StoreReader reader = new StoreReader(old, false);
    write("new");
    List<String> seen = new ArrayList<>();
    String read =
        reader.read(
            KEY,
            value -> {
              seen.add(text(value));
              if (seen.size() == 1) {
                reader.reopen(_ -> open());
              }
              return text(value);
            });
    assertThat(read).isEqualTo("new");
    assertThat(seen).containsExactly("old", "new");
    old.close();
    reader.opened().close();
  }

  @Test
  void aReaderThatIsClosedThrows() {
    try (WritableStore store = TextStore.open(files)) {
      StoreReader reader = store.reader();
      reader.close();
      assertThat(reader.isClosed()).isTrue();
      assertThatThrownBy(() -> reader.find(KEY, null))
          .isInstanceOf(StoreClosedException.class)
          .hasMessage("/store.hmap is closed");
    }
  }
}
