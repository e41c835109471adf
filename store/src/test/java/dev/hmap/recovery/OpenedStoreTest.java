package dev.hmap.recovery;

import static dev.hmap.recovery.SmallStore.NAMES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.HmapFields;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Is all that recovery hands over of a store: its lock, its files, its map. */
class OpenedStoreTest {
  private final MemoryFiles files = new MemoryFiles();

  private OpenedStore open(boolean writable) {
    return Recovery.open(files, NAMES, writable, null);
  }

  @Test
  void givesTheLockBackWhenItIsReleased() throws IOException {
    Creation.create(files, NAMES, SmallStore.LONGS, 0, SmallStore.SEEDS);
    OpenedStore store = open(true);
    assertThat(store.isWritable()).isTrue();
    store.close();
    OpenedStore again = open(true); // would be refused
    again.close();
  }

  @Test
  void forgetsWhatIsInMemoryOnly() throws IOException {
    try (SmallStore store = SmallStore.create(files)) {
      store.put(1, 10);
    }
    assertThat(Recovery.readHeader(files, NAMES).hmap().count()).isZero();
    OpenedStore reader = open(false);
    assertThat(reader.isWritable()).isFalse();
    assertThat(SmallStore.content(reader)).isEqualTo(Map.of(1L, 10L)); // from the log
    reader.close();
    assertThat(Recovery.readHeader(files, NAMES).hmap().count()).isZero();
  }

  @Test
  void tellsWhatOpeningHadToDo() throws IOException {
    Creation.create(files, NAMES, SmallStore.LONGS, 0, SmallStore.SEEDS);
    OpenedStore clean = open(true);
    assertThat(clean.recovery()).isEqualTo(new OpenedStore.Report(true, false, 0, false));
    assertThat(clean.log()).isNull();
    assertThat(clean.left()).isNull();
    clean.close();
  }

  @Test
  void keepsACheckpointThatAReaderHoldsUpForLater() throws IOException {
    try (SmallStore store = SmallStore.create(files)) {
      store.put(1, 10);
      store.checkpointBesideReader(files);
    }
    OpenedStore adopting = open(true);
    assertThat(adopting.header().generation()).isEqualTo(3);
    assertThat(adopting.left().before().generation()).isEqualTo(2);
    assertThat(adopting.left().header().hmap().flags()).isEqualTo(HmapFields.FLAG_HASH_WRITING);
    assertThat(Recovery.readHeader(files, NAMES).generation()).isEqualTo(2);
    assertThat(SmallStore.content(adopting)).isEqualTo(Map.of(1L, 10L));
    adopting.close();
  }
}
