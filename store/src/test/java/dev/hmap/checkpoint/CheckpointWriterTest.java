package dev.hmap.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.checkpoint.CheckpointWriter.Outcome;
import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.Directory;
import dev.hmap.format.EvacuatedUnits;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.StoreHeader;
import dev.hmap.recovery.Journal;
import dev.hmap.recovery.Recovery;
import dev.hmap.recovery.SmallStore;
import dev.hmap.table.Space;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Writes the pages of a checkpoint where they may be written before its commit: in place if the
 * state before does not use them, else to the log. A reader holds up what follows the commit.
 */
class CheckpointWriterTest {
  private static final ExtentRecord BUCKETS =
      new ExtentRecord(2, ExtentRecord.KIND_BUCKETS, 0, 0, 1, 0, 0, 0);
  private static final ExtentRecord DIRECTORY =
      new ExtentRecord(3, ExtentRecord.KIND_DIRECTORY, 0, 0, 0, 0, 0, 0);

  private final MemoryFiles files = new MemoryFiles();
  private final Journal journal = new Journal(files);
  private final PageBuffers buffers = new PageBuffers(() -> {});
  private SmallStore store;

  @BeforeEach
  void createStore() throws IOException {
    store = SmallStore.create(journal);
    files.setReadersAbout();
    journal.takeCalls();
  }

  @AfterEach
  void closeStore() throws IOException {
    buffers.free();
    store.close();
  }

  /** A checkpoint of generation 1 that has changed page 2, of which all is zeros. */
  private CheckpointWriter writer(List<ExtentRecord> usedBefore) {
    StoreHeader header = Recovery.readHeader(files, SmallStore.NAMES);
    List<ExtentRecord> extents = List.of(BUCKETS, DIRECTORY);
    BitSet frozen = new BitSet();
    frozen.set(2);
    CheckpointPlan plan =
        new CheckpointPlan(
            header,
            header,
            extents,
            new Directory(extents, EvacuatedUnits.NONE, new byte[0]).encode(1),
            Space.used(usedBefore),
            Space.used(extents),
            usedBefore.contains(BUCKETS) ? Map.of(3, 0) : Map.of(2, 0, 3, 0),
            frozen);
    InPlacePhase inPlace =
        new InPlacePhase(
            store.opened().data(), store.log(), store.opened().lock(), () -> true, () -> {});
    PageBuffers.Buffer buffer = buffers.take();
    buffer.page(0).put(new byte[4096]);
    buffer.pages[buffer.count++] = 2;
    buffers.send(buffer);
    buffers.send(buffers.take());
    return new CheckpointWriter(store.opened().data(), store.log(), plan, 5, inPlace);
  }

  @Test
  void writesAFreshPageInPlaceWithItsSum() throws Exception {
    CheckpointWriter writer = writer(List.of());
    assertThat(writer.run(buffers)).isEqualTo(Outcome.LEFT_COMMITTED);
    assertThat(journal.takeCalls())
        .containsExactly(
            "write data page 2", "write data page 3", "force data", "write log", "force log");
    assertThat(writer.imagePages()).isZero();

    ByteBuffer data = ByteBuffer.wrap(files.copy(SmallStore.NAMES.data()));
    data.order(ByteOrder.LITTLE_ENDIAN);
    assertThat(data.getInt(0x2FF8)).isEqualTo(0x128220C1); // the example of page 01 of the format
    assertThat(data.getInt(0x2FFC)).isEqualTo(1); // its generation
  }

  @Test
  void writesAPageThatTheStateBeforeUsesAsAnImage() throws Exception {
    CheckpointWriter writer = writer(List.of(BUCKETS));
    assertThat(writer.run(buffers)).isEqualTo(Outcome.LEFT_COMMITTED);
    assertThat(journal.takeCalls())
        .containsExactly("write data page 3", "force data", "write log", "force log");
    assertThat(writer.pages()).isEqualTo(2);
    assertThat(writer.imagePages()).isEqualTo(1);
    PageImageReader set = PageImageReader.find(store.log(), store.log().scan(), 1).orElseThrow();
    assertThat(set.content(0).getInt(4088)).isEqualTo(0x128220C1);
  }

  @Test
  void endsWithoutACommitIfTheDiskIsFull() throws Exception {
    journal.fail("write data page 2", "No space left on device");
    assertThat(writer(List.of()).run(buffers)).isEqualTo(Outcome.FULL);
    assertThat(journal.takeCalls()).containsExactly("write data page 2");
  }

  @Test
  void commitsNothingThatCouldNotBeForced() {
    journal.fail("force data", "Input/output error");
    assertThatThrownBy(() -> writer(List.of()).run(buffers))
        .isInstanceOf(IOException.class)
        .hasMessage("a force failed: Input/output error");
    assertThat(journal.takeCalls()).doesNotContain("write log");
  }
}
