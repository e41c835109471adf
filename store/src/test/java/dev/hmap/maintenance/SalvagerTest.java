package dev.hmap.maintenance;

import static dev.hmap.maintenance.StoreDamage.fill;
import static dev.hmap.maintenance.StoreDamage.flipBit;
import static dev.hmap.store.TextStore.NAMES;
import static dev.hmap.store.TextStore.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.FileNames;
import dev.hmap.format.Operation;
import dev.hmap.report.Finding;
import dev.hmap.report.Salvage;
import dev.hmap.store.FollowedStore;
import dev.hmap.store.TextStore;
import dev.hmap.store.WritableStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is intact of a damaged store is copied to a new one, and its log is applied to that. */
class SalvagerTest {
  private static final int ENTRIES = 500;
  private static final FileNames SAVED = new FileNames(Path.of("/saved.hmap"));

  private final Map<String, String> before = new HashMap<>();

  /** A store of many entries in a checkpoint, killed after further work. */
  private MemoryFiles killed(Consumer<WritableStore> work) {
    MemoryFiles files = TextStore.create();
    try (WritableStore store = TextStore.open(files)) {
      before.putAll(fill(store, ENTRIES));
      store.checkpoint();
      work.accept(store);
      return TextStore.killed(files);
    }
  }

  private static Salvage salvage(MemoryFiles files) {
    return Salvager.run(files, NAMES, SAVED, _ -> {});
  }

  private static Map<String, String> saved(MemoryFiles files) {
    try (FollowedStore store = TextStore.read(files, SAVED)) {
      return TextStore.content(store);
    }
  }

  @Test
  void ofASoundStoreAllIsSaved() {
    MemoryFiles files = killed(store -> TextStore.put(store, "late", "value"));
    Salvage salvage = salvage(files);
    assertThat(salvage.isWhole()).isTrue();
    assertThat(salvage.entries()).isEqualTo(ENTRIES + 1);
    before.put("late", "value");
    assertThat(saved(files)).isEqualTo(before);
  }

  @Test
  void whatLiesOnADamagedPageIsLostAndNothingElse() throws IOException {
    MemoryFiles files = killed(store -> TextStore.put(store, "late", "value"));
    int page = flipBit(files, ExtentRecord.KIND_SLAB);
    Salvage salvage = salvage(files);
    Map<String, String> saved = saved(files);
    assertThat(salvage.lost()).isPositive().isEqualTo(ENTRIES + 1 - saved.size());
    assertThat(salvage.findings()).first().extracting(Finding::page).isEqualTo(page);
    assertThat(saved).containsEntry("late", "value").hasSizeGreaterThan(1);
    before.put("late", "value");
    assertThat(before).containsAllEntriesOf(saved);
  }

  @Test
  void anOperationThatDependsOnALostKeyIsLeftOut() throws IOException {
    MemoryFiles files =
        killed(store -> {
          for (String key : before.keySet()) { // each is there, so none of these does anything
            boolean _ = store.write(Operation.PUT_IF_ABSENT, bytes(key), bytes("wrong"));
          }
        });
    int _ = flipBit(files, ExtentRecord.KIND_SLAB);
    Salvage salvage = salvage(files);
    assertThat(saved(files)).doesNotContainValue("wrong").hasSizeLessThan(ENTRIES);
    assertThat(salvage.findings())
        .last()
        .extracting(Finding::what)
        .asString()
        .startsWith(salvage.lost() + " logged operations on lost keys were left out");
  }
}
