package dev.hmap.recovery;

import static dev.hmap.recovery.SmallStore.NAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.hmap.checkpoint.PageImageReader;
import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.LogHead;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem.Mode;
import dev.hmap.io.ForceFailedException;
import dev.hmap.log.LogFile;
import dev.hmap.log.LogFile.Segment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Leaves a mark beside a store of which a force failed, so that the next opening takes nothing that
 * it reads for durable.
 */
class FailedForceFileTest {
  private static final Path MARK = Path.of("/small.hmap-failed-0000000000000002");

  private final MemoryFiles files = new MemoryFiles();
  private final Journal journal = new Journal(files);

  private Throwable failedForce() throws IOException {
    journal.fail("force folder", "Input/output error");
    return catchThrowable(() -> ForceFailedException.forceFolder(journal, NAMES.folder()));
  }

  @Test
  void onlyAForceLeavesAMark() throws IOException {
    FailedForce.mark(files, NAMES, 2, new IOException("Input/output error"));
    assertThat(files.exists(MARK)).isFalse();
    FailedForce.mark(files, NAMES, 2, new IllegalStateException(failedForce()));
    assertThat(files.copy(MARK)).isEmpty();
    assertThat(FailedForce.isMarked(files, NAMES, 2)).isTrue();
    assertThat(FailedForce.isMarked(files, NAMES, 3)).isFalse(); // another store's
    FailedForce.unmark(files, NAMES, 2);
    assertThat(files.exists(MARK)).isFalse();
  }

  @Test
  void onlyAnEmptyFileIsAMark() throws IOException {
    files.put(MARK, new byte[] {1});
    assertThat(FailedForce.isMarked(files, NAMES, 2)).isFalse();
    FailedForce.unmark(files, NAMES, 2);
    assertThat(files.exists(MARK)).isTrue();
  }

  @Test
  void theNextOpeningDistrustsWhatItReads() throws IOException {
    try (SmallStore store = SmallStore.create(files)) {
      store.put(1, 10);
    }
    FailedForce.mark(files, NAMES, 2, failedForce());
    OpenedStore opened = Recovery.open(files, NAMES, true, null);
    assertThat(opened.recovery().isDistrusted()).isTrue();
    assertThat(files.exists(MARK)).isTrue(); // until all is in a checkpoint
    opened.close();
  }

  @Test
  void aCommittedSetIsWrittenAgainToOtherSlots() throws IOException {
    try (SmallStore store = SmallStore.create(files)) {
      store.put(1, 10);
      store.checkpointBesideReader(files); // generation 3
    }
    StoreHeader before = Recovery.readHeader(files, NAMES);
    LogFile log = LogFile.of(journal.open(NAMES.log(), Mode.READ_WRITE), LogHead.of(before), 0);
    List<Segment> found = log.scan();
    PageImageReader set = PageImageReader.find(log, found, 3).orElseThrow();
    StoreHeader committed = SmallStore.successor(before, 0);
    FailedForce.repeat(log, found, committed, set);

    assertThat(journal.takeCalls()).endsWith("write log", "force log");
    PageImageReader again = PageImageReader.find(log, log.scan(), 3).orElseThrow();
    assertThat(log.scan()).containsAll(found).containsAll(again.segments());
    assertThat(again.segments()).doesNotContainAnyElementsOf(set.segments());
    assertThat(again.content(0)).isEqualTo(set.content(0));
    assertThat(again.content(1)).isEqualTo(committed.encode());
  }
}
