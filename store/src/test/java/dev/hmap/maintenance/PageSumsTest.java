package dev.hmap.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.DataPages;
import dev.hmap.recovery.Recovery;
import dev.hmap.store.TextStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each page is compared with the sum that its extent holds, of the page in its generation. */
class PageSumsTest {
  private static final Path FILE = Path.of("/pages");
  private static final int PAGE = 2;
  private static final int PAGE_BYTES = 4096;

  /** An extent of one page, which holds its own sum. */
  private static final ExtentRecord EXTENT =
      new ExtentRecord(PAGE, ExtentRecord.KIND_SLAB, 0, 5, 0, 1, 0, 1);

  /** Of a page of zeros that is page 2, in generation 1: the example of the format. */
  private static final long SUM = 1L << 32 | 0x1282_20C1;

  private final MemoryFiles files = new MemoryFiles();
  private final ByteBuffer bytes =
      ByteBuffer.allocate((PAGE + 1) * PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private PageSums sums;

  @BeforeEach
  void write() throws IOException {
    bytes.putLong(PAGE * PAGE_BYTES + 4088, SUM);
    read();
  }

  private void read() throws IOException {
    files.put(FILE, bytes.array().clone());
    sums = new PageSums(new DataPages(files.open(FILE, FileSystem.Mode.READ), TextStore.NAMES));
  }

  @Test
  void aPageThatIsAsItWasWrittenHasNoFlaw() throws IOException {
    assertThat(sums.sum(EXTENT, 0)).isEqualTo(SUM);
    assertThat(sums.flaw(EXTENT, 0, SUM)).isNull();
  }

  @Test
  void aFlippedBitIsAFlaw() throws IOException {
    bytes.put(PAGE * PAGE_BYTES + 100, (byte) 1);
    read();
    assertThat(sums.flaw(EXTENT, 0, SUM))
        .isEqualTo("it has a wrong checksum: entries of size class 5");
  }

  @Test
  void aPageThatWasNeverWrittenMustBeZeroAndOneThatNothingUsesNeedNot() throws IOException {
    assertThat(sums.flaw(EXTENT, 0, ExtentLayout.SUM_ZERO_PAGE))
        .isEqualTo("it was never written, and is not zero: entries of size class 5");
    assertThat(sums.flaw(EXTENT, 0, ExtentLayout.SUM_UNDEFINED)).isNull();
    bytes.putLong(PAGE * PAGE_BYTES + 4088, 0);
    read();
    assertThat(sums.flaw(EXTENT, 0, ExtentLayout.SUM_ZERO_PAGE)).isNull();
  }

  @Test
  void aSumOfALaterGenerationThanTheHeadersIsNewer() {
    StoreHeader header = Recovery.readHeader(TextStore.create(), TextStore.NAMES);
    assertThat(header.generation()).isEqualTo(1);
    assertThat(PageSums.isNewer(1L << 32, header)).isFalse();
    assertThat(PageSums.isNewer(2L << 32, header)).isTrue();
    assertThat(PageSums.isNewer(ExtentLayout.SUM_ZERO_PAGE, header)).isFalse();
    assertThat(PageSums.isNewer(ExtentLayout.SUM_UNDEFINED, header)).isFalse();
  }
}
