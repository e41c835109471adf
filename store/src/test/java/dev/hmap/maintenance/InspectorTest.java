package dev.hmap.maintenance;

import static dev.hmap.store.TextStore.NAMES;
import static dev.hmap.store.TextStore.bytes;
import static dev.hmap.store.TextStore.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogHead;
import dev.hmap.recovery.Creation;
import dev.hmap.report.Inspection;
import dev.hmap.report.Location;
import dev.hmap.store.TextStore;
import dev.hmap.store.WritableStore;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** An inspection tells the state of a store, as opening it would make it, and changes nothing. */
class InspectorTest {
  private final MemoryFiles files = TextStore.create();

  private void write() {
    try (WritableStore store = TextStore.open(files)) {
      put(store, "a", "1");
      put(store, "b", "2");
    }
  }

  private static Inspector inspector(MemoryFiles files) {
    return new Inspector(files, NAMES.data());
  }

  @Test
  void theBytesByKindAddUpToThoseOfTheFile() {
    write();
    Inspection found = inspector(files).inspect();
    assertThat(found.count()).isEqualTo(2);
    assertThat(found.clean()).isTrue();
    assertThat(found.entryBytes()).isEqualTo(2 * (8 + 1 + 1));
    assertThat(found.headerBytes()).isEqualTo(2 * 4096);
    assertThat(found.fileBytes())
        .isEqualTo(files.copy(NAMES.data()).length)
        .isEqualTo(
            found.headerBytes()
                + found.directoryBytes()
                + found.bucketBytes()
                + found.oldBucketBytes()
                + found.slabBytes()
                + found.largeBytes()
                + found.freeBytes());
  }

  @Test
  void ofAStoreThatWasKilledTheRecordsOfTheLogCount() {
    try (WritableStore store = TextStore.open(files)) {
      put(store, "a", "1");
      MemoryFiles killed = TextStore.killed(files);
      Inspection found = inspector(killed).inspect();
      assertThat(found.clean()).isFalse();
      assertThat(found.flagNames()).containsExactly("hashWriting");
      assertThat(found.replayedRecords()).isEqualTo(1);
      assertThat(found.count()).isEqualTo(1);
      assertThat(killed.copy(NAMES.data())).isEqualTo(files.copy(NAMES.data()));
    }
  }

  @Test
  void aGlanceCountsNoChains() {
    write();
    assertThat(inspector(files).inspect().census().current().entries()).isEqualTo(2);
    assertThat(inspector(files).glance().census().current().entries()).isZero();
    assertThat(inspector(files).glance().count()).isEqualTo(2);
  }

  @Test
  void aKeyIsWhereTheFileHasIt() {
    write();
    byte[] data = files.copy(NAMES.data());
    Location found = inspector(files).where(bytes("b"));
    assertThat(found.present()).isTrue();
    int entry = (int) found.entryAddress();
    assertThat(Arrays.copyOfRange(data, entry + 8, entry + 10)).isEqualTo(bytes("b2"));
    int tophash = data[(int) found.bucketAddress() + found.slot()] & 0xFF;
    assertThat(tophash).isEqualTo(found.tophash());
    Location absent = inspector(files).where(bytes("c"));
    assertThat(absent.present()).isFalse();
    assertThat(absent.slot()).isEqualTo(-1);
  }

  @Test
  void aKeyOfAnotherWidthThanTheStoresIsRefused() {
    MemoryFiles longs = new MemoryFiles();
    Creation.create(
        longs,
        NAMES,
        new Geometry(8, 8, "long", "long"),
        0,
        new Creation.Seeds(1, 2, 3, LogHead.NONE));
    assertThatThrownBy(() -> inspector(longs).where(bytes("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("key of 1 bytes: the store's have 8");
  }
}
