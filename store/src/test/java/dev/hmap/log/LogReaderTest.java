package dev.hmap.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.LogHead;
import dev.hmap.format.LogPosition;
import dev.hmap.format.SegmentHeader;
import dev.hmap.io.FileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A reader hands out records in their order, and ends before the first that is not valid. */
class LogReaderTest {
  private static final int SHORT = 8; // the shortest operation, in a record of 24 bytes

  private LogFile log;
  private LogWriter writer;
  private final StringBuilder read = new StringBuilder();

  @BeforeEach
  void createLog() throws IOException {
    log =
        LogFile.create(
            new MemoryFiles().open(Path.of("log"), FileSystem.Mode.CREATE), new LogHead(2, 1), 0);
    writer = new LogWriter(log, LogPosition.START, log.scan(), 11, true);
  }

  /** Logs an operation that begins with this letter, and returns where its record ends. */
  private static LogPosition write(LogWriter to, char letter, int bytes) throws IOException {
    byte[] operation = new byte[bytes];
    operation[0] = (byte) letter;
    to.add(operation, 0, bytes);
    to.reserve();
    to.commit();
    return to.end();
  }

  /** Changes the byte before a position. */
  private void damage(LogPosition position) throws IOException {
    int offset = SegmentHeader.BYTES + (int) position.lsn() - 1;
    log.write(0, offset, ByteBuffer.wrap(new byte[] {-1}));
  }

  private LogReader reader() throws IOException {
    return new LogReader(log, log.scan());
  }

  private void take(byte[] bytes, int at, int length) {
    read.append((char) bytes[at]);
  }

  @Test
  void readsOnFromWhereverACheckpointWas() throws IOException {
    LogPosition checkpoint = write(writer, 'a', SHORT);
    LogPosition end = write(writer, 'b', SHORT);
    assertThat(reader().read(checkpoint, this::take)).isEqualTo(end);
    assertThat(read).hasToString("b");
  }

  @Test
  void aDamagedRecordEndsTheLogForThoseAfterItAreChainedToIt() throws IOException {
    LogPosition sound = write(writer, 'a', SHORT);
    LogPosition damaged = write(writer, 'b', SHORT);
    write(writer, 'c', SHORT);
    damage(damaged);
    assertThat(reader().read(LogPosition.START, this::take)).isEqualTo(sound);
    assertThat(read).hasToString("a");
  }

  @Test
  void afterACrashTheLogGoesOnInANewSegmentAndTheTornRestIsDead() throws IOException {
    LogPosition sound = write(writer, 'a', SHORT);
    damage(write(writer, 'x', SHORT));
    LogPosition end = write(new LogWriter(log, sound, log.scan(), 22, true), 'b', SHORT);
    LogReader reader = reader();
    assertThat(reader.read(LogPosition.START, this::take)).isEqualTo(end);
    assertThat(read).hasToString("ab");
    assertThat(reader.alive()).extracting(s -> s.header().number()).containsExactly(1L, 2L);
  }

  @Test
  void aRecordWhoseNextSegmentIsMissingEndsTheLog() throws IOException {
    LogPosition sound = write(writer, 'a', SHORT);
    LogPosition end = write(writer, 'b', SegmentHeader.CAPACITY);
    LogReader ofTheFirst = new LogReader(log, log.scan().subList(0, 1));
    assertThat(ofTheFirst.read(LogPosition.START, this::take)).isEqualTo(sound);
    assertThat(read).hasToString("a");
    assertThat(reader().read(sound, this::take)).isEqualTo(end);
    assertThat(read).hasToString("ab");
  }

  @Test
  void aFollowerLooksAgainAndReadsOnInPortions() throws IOException {
    write(writer, 'a', SHORT);
    LogReader reader = reader();
    LogPosition at = reader.read(LogPosition.START, this::take);
    write(writer, 'b', SHORT);
    write(writer, 'c', SHORT);
    reader.lookAgain(log.scan());
    at = reader.read(at, this::take, 24);
    assertThat(read).as("the record that reaches the limit is the last").hasToString("ab");
    assertThat(reader.read(at, this::take)).isEqualTo(writer.end());
    assertThat(read).hasToString("abc");
  }
}
