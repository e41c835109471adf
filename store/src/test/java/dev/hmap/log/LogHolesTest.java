package dev.hmap.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.format.LogHead;
import dev.hmap.format.SegmentHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that was copied with holes, as archivers do where they read zeros. */
@Tag("promise:machines")
class LogHolesTest {
  private static final LogHead HEAD = new LogHead(1, 2);
  private static final int SLOTS = 3;
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  @Test
  void aSlotIsTakenWithoutItsBlocks() throws IOException, InterruptedException {
    Path path = folder.resolve("log");
    try (StoreFile file = FileSystem.REAL.open(path, FileSystem.Mode.CREATE);
        LogFile log = LogFile.create(file, HEAD, 0)) {
      assertThat(log.bytes()).isEqualTo(LogHead.BYTES);
    }
    long bytes = LogHead.BYTES + (long) SLOTS * SegmentHeader.SEGMENT_BYTES;
    long second = LogHead.BYTES + SegmentHeader.SEGMENT_BYTES;
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(bytes);
      file.seek(second + 100_000);
      file.write(CONTENT);
    }
    assertThat(allocated(path)).isLessThan(SegmentHeader.SEGMENT_BYTES);
    try (StoreFile file = FileSystem.REAL.open(path, FileSystem.Mode.READ_WRITE)) {
      LogFile log = LogFile.of(file, HEAD, 0);
      assertThat(log).isNotNull();
      assertThat(log.acquire(2)).isEqualTo(List.of(0, 1));
      file.force();
      assertThat(allocated(path)).isGreaterThanOrEqualTo(2 * SegmentHeader.SEGMENT_BYTES);
      ByteBuffer found = ByteBuffer.allocate(CONTENT.length);
      log.read(1, 100_000, found);
      assertThat(found.array()).as("what was there is there").isEqualTo(CONTENT);
      log.release(List.of(0, 1));
      assertThat(log.acquire(3)).isEqualTo(List.of(0, 1, 2));
      assertThat(log.bytes()).isEqualTo(bytes);
    }
  }

  private static long allocated(Path path) throws IOException, InterruptedException {
    Process stat = new ProcessBuilder("stat", "-c", "%b", path.toString()).start();
    String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(stat.waitFor()).isZero();
    return Long.parseLong(blocks.strip()) * 512;
  }
}
