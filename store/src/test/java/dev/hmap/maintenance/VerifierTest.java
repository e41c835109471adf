package dev.hmap.maintenance;

import static dev.hmap.maintenance.StoreDamage.fill;
import static dev.hmap.maintenance.StoreDamage.firstExtent;
import static dev.hmap.maintenance.StoreDamage.flipBit;
import static dev.hmap.store.TextStore.NAMES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.ExtentRecord;
import dev.hmap.report.Finding;
import dev.hmap.store.TextStore;
import dev.hmap.store.WritableStore;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The verifier finds every bit of a store that is not as it was written, and changes none. */
class VerifierTest {
  private final MemoryFiles files = TextStore.create();

  private static List<Finding> verify(MemoryFiles files) {
    return Verifier.verify(files, NAMES, _ -> {});
  }

  private void fillAndClose() {
    try (WritableStore store = TextStore.open(files)) {
      var _ = fill(store, 500);
    }
  }

  @Test
  void ofASoundStoreThereIsNothingToSay() {
    fillAndClose();
    byte[] before = files.copy(NAMES.data());
    assertThat(verify(files)).isEmpty();
    assertThat(files.copy(NAMES.data())).isEqualTo(before);
  }

  @Test
  void aFlippedBitIsFoundOnItsPage() throws IOException {
    fillAndClose();
    int sizeClass = firstExtent(files, ExtentRecord.KIND_SLAB).sizeClass();
    int page = flipBit(files, ExtentRecord.KIND_SLAB);
    assertThat(verify(files))
        .containsExactly(
            Finding.damage(page, "it has a wrong checksum: entries of size class " + sizeClass));
  }

  @Test
  void aDirectoryThatIsDamagedLeavesNothingToVerify() throws IOException {
    fillAndClose();
    int _ = flipBit(files, ExtentRecord.KIND_DIRECTORY);
    assertThat(verify(files)).singleElement().matches(Finding::isDamage).matches(f -> f.page() < 0);
  }

  @Test
  void aStoreThatWasNotClosedIsSoundWhichANoteSays() {
    try (WritableStore store = TextStore.open(files)) {
      TextStore.put(store, "a", "1");
      TextStore.put(store, "b", "2");
      assertThat(verify(TextStore.killed(files)))
          .containsExactly(
              Finding.note(-1, "the store was not closed; opening it replays 2 records"));
    }
  }
}
