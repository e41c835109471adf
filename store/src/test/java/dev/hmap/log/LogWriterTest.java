package dev.hmap.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.Checksums;
import dev.hmap.format.LogHead;
import dev.hmap.format.LogPosition;
import dev.hmap.format.SegmentHeader;
import dev.hmap.io.FileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A writer appends records, a batch at a time, each chained by its sum to the one before. */
class LogWriterTest {
  // the example of the format page, and the operation in it: PUT of k and vw
  private static final long SALT = 0x1122_3344_5566_7788L;
  private static final byte[] PUT = HexFormat.of().parseHex("01000100020000006b7677");
  private static final String RECORD =
      "ad155a85200000000100000000000000" + "01000100020000006b76770000000000";
  private static final int BYTES = 32;
  private static final int SUM = 0x855A_15AD;

  private LogFile log;
  private LogWriter writer;

  @BeforeEach
  void createLog() throws IOException {
    log =
        LogFile.create(
            new MemoryFiles().open(Path.of("log"), FileSystem.Mode.CREATE), new LogHead(2, 1), 0);
    writer = new LogWriter(log, LogPosition.START, List.of(), SALT, true);
  }

  private static void commit(LogWriter writer, byte[] operation) throws IOException {
    writer.add(operation, 0, operation.length);
    writer.reserve();
    writer.commit();
  }

  private byte[] recordAt(int lsn) throws IOException {
    ByteBuffer found = ByteBuffer.allocate(BYTES);
    log.read(0, SegmentHeader.BYTES + lsn, found);
    return found.array();
  }

  @Test
  void theFirstRecordIsTheOneOfTheFormatPageAndTheNextIsChainedToIt() throws IOException {
    commit(writer, PUT);
    assertThat(HexFormat.of().formatHex(recordAt(0))).isEqualTo(RECORD);
    assertThat(writer.end()).isEqualTo(new LogPosition(1, BYTES, 2, SUM));
    commit(writer, PUT);
    int next = new Checksums().chained(SUM, SALT, recordAt(BYTES), 4, BYTES - 4);
    assertThat(writer.end()).isEqualTo(new LogPosition(1, 2 * BYTES, 3, next));
  }

  @Test
  void aForgottenBatchLeavesNoGap() throws IOException {
    writer.add(new byte[100], 0, 100);
    writer.forget();
    assertThat(writer.batchBytes()).isZero();
    commit(writer, PUT);
    assertThat(writer.end()).isEqualTo(new LogPosition(1, BYTES, 2, SUM));
  }

  @Test
  void anotherWriterGoesOnInASegmentOfItsOwnThatIsChainedToTheEnd() throws IOException {
    commit(writer, PUT);
    commit(new LogWriter(log, writer.end(), log.scan(), 99, true), PUT);
    assertThat(log.scan())
        .extracting(LogFile.Segment::header)
        .containsExactly(
            new SegmentHeader(SegmentHeader.KIND_RECORDS, 1, 1, SALT, 0, 0, 0, 0),
            new SegmentHeader(SegmentHeader.KIND_RECORDS, 1, 2, 99, BYTES, SUM, 0, 0));
  }

  @Test
  void aRecordThatDoesNotFitGoesOnInTheNextSegmentOfTheSameSalt() throws IOException {
    int capacity = SegmentHeader.CAPACITY;
    commit(writer, new byte[capacity]);
    assertThat(log.scan().getLast().header())
        .isEqualTo(new SegmentHeader(SegmentHeader.KIND_RECORDS, 1, 2, SALT, capacity, 0, 0, 0));
    assertThat(writer.end().segment()).isEqualTo(2);
  }

  @Test
  void aSegmentIsFreeOnceACheckpointCoversIt() throws IOException {
    commit(writer, new byte[SegmentHeader.CAPACITY]); // in slots 0 and 1
    writer.retire(writer.end());
    assertThat(log.acquire(1)).containsExactly(0);
    assertThat(log.acquire(1)).as("slot 1 holds the end").containsExactly(2);
  }
}
