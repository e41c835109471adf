package dev.hmap.maintenance;

import static dev.hmap.store.TextStore.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.report.Census;
import dev.hmap.store.TextStore;
import dev.hmap.store.WritableStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A census counts the chains, the entries and the bytes of a map. */
class CensusTakerTest {
  private final MemoryFiles files = TextStore.create();

  private <T> T ofMap(Consumer<WritableStore> fill, Function<OpenedStore, T> look)
      throws IOException {
    try (WritableStore store = TextStore.open(files)) {
      fill.accept(store);
    }
    OpenedStore opened = Recovery.open(files, TextStore.NAMES, false, null);
    try {
      return look.apply(opened);
    } finally {
      opened.close();
    }
  }

  private Census census(Consumer<WritableStore> fill) throws IOException {
    return ofMap(fill, opened -> CensusTaker.of(opened.map()));
  }

  @Test
  void entriesAreCountedByTheBinaryDigitsOfTheirSize() throws IOException {
    Census census =
        census(store -> {
          put(store, "a", "1"); // 2 bytes: binary 10
          put(store, "bb", "22"); // 4: 100
          put(store, "ccc", "x".repeat(97)); // 100: 1100100
        });
    assertThat(census.keyBytes()).isEqualTo(1 + 2 + 3);
    assertThat(census.valueBytes()).isEqualTo(1 + 2 + 97);
    assertThat(census.sizes()).startsWith(0, 0, 1, 1, 0, 0, 0, 1, 0);
    assertThat(Arrays.stream(census.sizes()).sum()).isEqualTo(3);
  }

  @Test
  void aMapThatDoesNotGrowHasAllInTheChainsOfItsArray() throws IOException {
    Census census =
        census(store -> {
          for (int i = 0; i < 20; i++) {
            put(store, "key " + i, "value");
          }
        });
    assertThat(census.current().B()).isEqualTo(2); // 13 entries are the most of 2 roots
    assertThat(census.current().chains()).isEqualTo(4);
    assertThat(census.current().entries()).isEqualTo(20);
    assertThat(Arrays.stream(census.current().cellEntries()).sum()).isEqualTo(20);
    assertThat(census.old().chains()).isZero();
  }

  @Test
  void theTenBiggestAreListedTheLongestFirst() throws IOException {
    Census census =
        census(store -> {
          for (int i = 0; i < 20; i++) {
            put(store, "key " + (char) ('a' + i), "x".repeat(i));
          }
        });
    assertThat(census.biggest())
        .extracting(Census.Entry::valueBytes)
        .containsExactly(19, 18, 17, 16, 15, 14, 13, 12, 11, 10);
    assertThat(census.biggest().getFirst().key()).isEqualTo(TextStore.bytes("key t"));
  }

  @Test
  void ofNoEntriesAllIsEmptyWhateverTheMapHolds() throws IOException {
    Census census = ofMap(store -> put(store, "a", "1"), opened -> CensusTaker.none(opened.map()));
    assertThat(census.current().chains()).isZero();
    assertThat(census.keyBytes()).isZero();
    assertThat(census.biggest()).isEmpty();
  }
}
