package dev.hmap.recovery;

import static dev.hmap.recovery.SmallStore.NAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.error.HMapException;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreLockedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Opens a store from whatever a crash left, in the steps of page 05 of the format, "Recovery". The
 * data file of each test holds the first put, and the log all three.
 */
class RecoveryTest {
  private static final Map<Long, Long> ALL = Map.of(1L, 10L, 2L, 20L, 3L, 30L);

  private final MemoryFiles files = new MemoryFiles();
  private SmallStore store;

  @BeforeEach
  void writeStore() throws IOException {
    store = SmallStore.create(files); // generation 1
    store.put(1, 10); // marks the store: generation 2
    store.checkpoint(); // generation 3, with its directory in page 4
    store.put(2, 20);
    store.put(3, 30);
  }

  @AfterEach
  void closeStore() throws IOException {
    store.close();
  }

  private static OpenedStore open(MemoryFiles files) {
    return Recovery.open(files, NAMES, true, null);
  }

  private static void flip(MemoryFiles files, Path path, int at) {
    byte[] bytes = files.copy(path);
    bytes[at] ^= 1;
    files.put(path, bytes);
  }

  @Test
  void stepOneTakesTheLock() throws IOException {
    assertThatThrownBy(() -> open(files)).isInstanceOf(StoreLockedException.class);
    open(SmallStore.crash(files)).close(); // a crash gives the lock up
  }

  @Test
  void stepTwoTakesTheHeaderWithTheGreaterGeneration() throws IOException {
    OpenedStore opened = open(SmallStore.crash(files));
    assertThat(opened.header().generation()).isEqualTo(3);
    assertThat(opened.recovery().wasClean()).isFalse();
    opened.close();
  }

  @Test
  void stepTwoMakesATornHeaderGoodFromTheImagesOfItsCheckpoint() throws IOException {
    MemoryFiles left = SmallStore.crash(files);
    flip(left, NAMES.data(), 0x1FFF); // in the sum of the header of generation 3, in page 1
    OpenedStore opened = open(SmallStore.crash(left));
    assertThat(opened.header().generation()).isEqualTo(3);
    assertThat(SmallStore.content(opened)).isEqualTo(ALL);
    opened.close();

    flip(left, NAMES.log(), 4096 + (1 << 20)); // in the head of the segment in slot 1, the images
    assertThatThrownBy(() -> open(left))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("generation 2 of the other may not be the newest");
  }

  @Test
  void stepThreeFinishesACheckpointThatWasCommitted() throws IOException {
    store.checkpointBesideReader(files);
    MemoryFiles left = SmallStore.crash(files);
    assertThat(Recovery.readHeader(left, NAMES).generation()).isEqualTo(3);

    Journal journal = new Journal(left);
    OpenedStore opened = Recovery.open(journal, NAMES, true, null);
    assertThat(journal.takeCalls())
        .containsExactly(
            "force log", // what it is read from must not be lost while it is put in place
            "write data page 2",
            "force data",
            "write data page 0", // the header of generation 4
            "force data", // all that was read is made durable, lest something be built on less
            "cut log",
            "force log",
            "force folder");
    assertThat(opened.recovery().completedCheckpoint()).isTrue();
    assertThat(opened.recovery().records()).isZero();
    assertThat(SmallStore.content(opened)).isEqualTo(ALL);
    assertThat(Recovery.readHeader(left, NAMES).generation()).isEqualTo(4);
    opened.close();
  }

  @Test
  void stepThreeOfAReaderWritesNothing() throws IOException {
    store.checkpointBesideReader(files);
    Journal journal = new Journal(SmallStore.crash(files));
    OpenedStore opened = Recovery.open(journal, NAMES, false, null);
    assertThat(opened.header().generation()).isEqualTo(4);
    assertThat(SmallStore.content(opened)).isEqualTo(ALL);
    assertThat(journal.takeCalls()).isEmpty();
    opened.close();
  }

  @Test
  void stepFourChecksTheDirectory() {
    MemoryFiles left = SmallStore.crash(files);
    flip(left, NAMES.data(), 0x4000);
    assertThatThrownBy(() -> open(left))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage("/small.hmap is damaged: the directory at page 4 has a wrong checksum");
  }

  @Test
  void stepFiveReplaysTheLogUpToItsFirstTornRecord() throws IOException {
    MemoryFiles left = SmallStore.crash(files);
    OpenedStore whole = open(left);
    assertThat(whole.recovery().records()).isEqualTo(2);
    assertThat(SmallStore.content(whole)).isEqualTo(ALL);
    whole.close();

    int thirdPut =
        4096 + 72 + 2 * 40; // after the log's head, the segment's, and two records of 40 bytes
    flip(left, NAMES.log(), thirdPut + 39);
    OpenedStore torn = open(left);
    assertThat(torn.recovery().records()).isEqualTo(1);
    assertThat(SmallStore.content(torn)).isEqualTo(Map.of(1L, 10L, 2L, 20L));
    torn.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"force log", "write data page 2", "force data", "write data page 0", "cut log"})
  void mayBeCutOffAtAnyCallAndBegunAgain(String call) throws IOException {
    store.checkpointBesideReader(files);
    Journal journal = new Journal(SmallStore.crash(files));
    journal.fail(call, "Input/output error");
    assertThatThrownBy(() -> Recovery.open(journal, NAMES, true, null))
        .isInstanceOf(HMapException.class);

    journal.failNoMore();
    OpenedStore opened = Recovery.open(journal, NAMES, true, null);
    assertThat(SmallStore.content(opened)).isEqualTo(ALL);
    opened.close();
  }

  @Test
  void refusesAStoreThatWasNotClosedAndHasNoLog() {
    MemoryFiles left = SmallStore.crash(files);
    left.delete(NAMES.log());
    assertThatThrownBy(() -> open(left))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("was not closed, and its log /small.hmap-log is missing");
  }
}
