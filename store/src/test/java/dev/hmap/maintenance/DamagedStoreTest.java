package dev.hmap.maintenance;

import static dev.hmap.maintenance.StoreDamage.fill;
import static dev.hmap.maintenance.StoreDamage.flipBit;
import static dev.hmap.store.TextStore.NAMES;
import static dev.hmap.store.TextStore.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.Operation;
import dev.hmap.report.Finding;
import dev.hmap.store.TextStore;
import dev.hmap.store.WritableStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Of a store that may be damaged anywhere, what is provably intact is handed over. */
class DamagedStoreTest {
  private static final int ENTRIES = 500;

  private final MemoryFiles files = TextStore.create();

  private static Map<String, String> entries(DamagedStore store) throws IOException {
    Map<String, String> found = new HashMap<>();
    store.forEachEntry((key, value) -> found.put(text(key), text(value)));
    return found;
  }

  private Map<String, String> fillAndClose() {
    try (WritableStore store = TextStore.open(files)) {
      return fill(store, ENTRIES);
    }
  }

  @Test
  void ofASoundStoreAllIsIntact() throws IOException {
    Map<String, String> all = fillAndClose();
    try (DamagedStore store = DamagedStore.open(files, NAMES)) {
      assertThat(entries(store)).isEqualTo(all);
      assertThat(store.intact()).isEqualTo(ENTRIES);
      assertThat(store.findings()).isEmpty();
    }
  }

  @Test
  void entriesOnADamagedPageAreNotHandedOverAndAllOthersAre() throws IOException {
    Map<String, String> all = fillAndClose();
    int page = flipBit(files, ExtentRecord.KIND_SLAB);
    try (DamagedStore store = DamagedStore.open(files, NAMES)) {
      Map<String, String> intact = entries(store);
      assertThat(intact).isNotEmpty().hasSizeLessThan(ENTRIES);
      assertThat(all).containsAllEntriesOf(intact);
      assertThat(store.count()).isEqualTo(ENTRIES);
      assertThat(store.intact()).isEqualTo(intact.size());
      assertThat(store.findings()).first().extracting(Finding::page).isEqualTo(page);
    }
  }

  @Test
  void theOperationsSinceItsStateAreHandedOverFromTheLog() throws IOException {
    try (WritableStore open = TextStore.open(files)) {
      TextStore.put(open, "a", "1");
      open.checkpoint();
      TextStore.put(open, "b", "2");
      boolean _ = TextStore.remove(open, "a");
      List<String> logged = new ArrayList<>();
      try (DamagedStore store = DamagedStore.open(TextStore.killed(files), NAMES)) {
        assertThat(entries(store)).isEqualTo(Map.of("a", "1"));
        store.followLog((bytes, at, _) ->
            logged.add(Operation.kind(bytes, at) + " " + text(Operation.key(bytes, at))));
      }
      assertThat(logged).containsExactly(Operation.PUT + " b", Operation.REMOVE + " a");
    }
  }

  @Test
  void ifTheNewestStateCannotBeReadTheOneBeforeItIsTaken() throws IOException {
    try (WritableStore store = TextStore.open(files)) {
      TextStore.put(store, "a", "1");
      store.checkpoint();
    }
    int _ = flipBit(files, ExtentRecord.KIND_DIRECTORY);
    try (DamagedStore store = DamagedStore.open(files, NAMES)) {
      assertThat(store.count()).isEqualTo(1);
      assertThat(store.findings()).singleElement().matches(Finding::isDamage);
    }
  }

  @Test
  void aFileThatNoStoreWasEverInIsRefused() {
    files.put(NAMES.data(), new byte[3 * 4096]);
    assertThatThrownBy(() -> DamagedStore.open(files, NAMES))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("is not an hmap store");
  }
}
