package dev.hmap.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.LogHead;
import dev.hmap.io.FileSystem.Mode;
import dev.hmap.log.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Finds the images of a checkpoint that was committed, as {@link PageImageWriter} wrote them to the
 * log; a set without its commit is as if it were not there.
 */
class PageImageReaderTest {
  private static final Path PATH = Path.of("/small.hmap-log");
  private static final int HEAD_AND_SEGMENT_HEAD = 4096 + 72;
  private static final int IMAGE = 24 + 4096;

  private final MemoryFiles files = new MemoryFiles();
  private LogFile log;

  @BeforeEach
  void createLog() throws IOException {
    log = LogFile.create(files.open(PATH, Mode.CREATE), new LogHead(1, 2), 0);
  }

  private static ByteBuffer page(int content) {
    return ByteBuffer.allocate(4096).putInt(0, content);
  }

  /** A set of generation 7 with the images of two pages, and its commit. */
  private void writeSet(int content) throws IOException {
    PageImageWriter writer = new PageImageWriter(log, 7, content);
    writer.add(5, page(content));
    writer.add(3, page(content + 1));
    writer.commit(1, page(content + 2));
  }

  private Optional<PageImageReader> find(long generation) throws IOException {
    return PageImageReader.find(log, log.scan(), generation);
  }

  @Test
  void handsThePagesOverAsTheyWereWrittenAndTheHeaderLast() throws IOException {
    writeSet(10);
    List<String> found = new ArrayList<>();
    PageImageReader set = find(7).orElseThrow();
    set.forEach((page, bytes) -> found.add("page %d: %08x".formatted(page, bytes.getInt())));
    assertThat(found).containsExactly("page 5: 0a000000", "page 3: 0b000000", "page 1: 0c000000");
    assertThat(set.content(1)).isEqualTo(page(11));
  }

  @Test
  void aSetWithoutACommitIsAsIfItWereNotThere() throws IOException {
    PageImageWriter writer = new PageImageWriter(log, 7, 10);
    for (int page = 2; page < 42; page++) {
      writer.add(page, page(page));
    }
    assertThat(log.scan()).hasSize(1); // some of them are in the file
    assertThat(find(7)).isEmpty();
    writer.commit(1, page(0));
    assertThat(find(7)).isPresent();
  }

  @Test
  void aTornImageMakesTheWholeSetWorthless() throws IOException {
    writeSet(10);
    byte[] bytes = files.copy(PATH);
    bytes[HEAD_AND_SEGMENT_HEAD + 2 * IMAGE - 1] ^= 1; // the last byte of the second image
    files.open(PATH, Mode.READ_WRITE).write(ByteBuffer.wrap(bytes), 0);
    assertThat(find(7)).isEmpty();
  }

  @Test
  void ofSeveralSetsOfAGenerationTheLastCounts() throws IOException {
    writeSet(10);
    writeSet(20);
    assertThat(find(7).orElseThrow().content(0)).isEqualTo(page(20));
    assertThat(find(8)).isEmpty();
  }

  @Test
  void aSegmentHolds254Images() throws IOException {
    PageImageWriter writer = new PageImageWriter(log, 7, 10);
    for (int page = 2; page < 2 + 254; page++) {
      writer.add(page, page(page));
    }
    writer.commit(1, page(0));
    PageImageReader set = find(7).orElseThrow();
    assertThat(set.segments()).hasSize(2);
    assertThat(set.content(253)).isEqualTo(page(255));
    assertThat(set.content(254)).isEqualTo(page(0));
  }
}
