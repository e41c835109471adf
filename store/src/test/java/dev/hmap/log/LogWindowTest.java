package dev.hmap.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hmap.format.LogHead;
import dev.hmap.format.LogPosition;
import dev.hmap.format.SegmentHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log on a real file, written through a mapping or by calls: the bytes are the same. */
class LogWindowTest {
  private static final int LONGEST = 5000;
  private static final int BATCHES = 3000;
  private static final long SALT = 42;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shortAndLongBatchesInAnyOrderAreReadAsTheyWereWritten(long seed) throws IOException {
    byte[] stored = write(seed, false, folder.resolve("stored"));
    byte[] written = write(seed, true, folder.resolve("written"));
    assertThat(stored.length).isGreaterThan(4 * SegmentHeader.SEGMENT_BYTES);
    assertThat(Arrays.equals(stored, written)).as("the same bytes, seed %d", seed).isTrue();
  }

  @Test
  void aWindowTakesShortBatchesOnly() throws IOException {
    try (StoreFile file = FileSystem.REAL.open(folder.resolve("log"), FileSystem.Mode.CREATE);
        LogFile log = LogFile.create(file, new LogHead(2, 1), 0);
        Arena arena = Arena.ofConfined()) {
      int slot = log.acquire(1).getFirst();
      assumeThat(log.map(slot, arena)).as("a file system that overwrites").isNotNull();
      try (LogWindow window = new LogWindow(log, true);
          LogWindow unused = new LogWindow(log, false)) {
        assertThat(window.write(slot, 100, new byte[2048], 0, 2048)).isTrue();
        assertThat(window.write(slot, 100, new byte[2049], 0, 2049)).isFalse();
        assertThat(unused.write(slot, 100, new byte[8], 0, 8)).isFalse();
      }
    }
  }

  /** Writes batches, reads them back while and after they are, and returns the file. */
  private static byte[] write(long seed, boolean isForcedByBatch, Path path) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> records = new ArrayList<>();
    try (StoreFile file = FileSystem.REAL.open(path, FileSystem.Mode.CREATE);
        LogFile log = LogFile.create(file, new LogHead(2, 1), 0);
        LogWriter writer =
            new LogWriter(log, LogPosition.START, List.of(), SALT, isForcedByBatch)) {
      for (int i = 0; i < BATCHES; i++) {
        for (int n = random.nextInt(3); n >= 0; n--) {
          byte[] record = new byte[8 * random.nextInt(1, random.nextInt(2, LONGEST / 8))];
          random.nextBytes(record);
          records.add(record);
          writer.add(record, 0, record.length);
        }
        writer.reserve();
        writer.commit();
        if (i % 500 == 0) {
          checkRead(log, records);
        }
      }
      checkRead(log, records);
    }
    return Files.readAllBytes(path);
  }

  private static void checkRead(LogFile log, List<byte[]> records) throws IOException {
    List<byte[]> read = new ArrayList<>();
    var _ =
        new LogReader(log, log.scan())
            .read(
                LogPosition.START,
                (bytes, at, length) -> read.add(Arrays.copyOfRange(bytes, at, at + length)));
    assertThat(read).usingElementComparator(Arrays::compare).isEqualTo(records);
  }
}
