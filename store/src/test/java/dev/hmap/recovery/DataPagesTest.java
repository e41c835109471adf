package dev.hmap.recovery;

import static dev.hmap.recovery.SmallStore.NAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.checkpoint.PageImageReader;
import dev.hmap.damage.MemoryFiles;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.LogHead;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem.Mode;
import dev.hmap.io.StoreFile;
import dev.hmap.log.LogFile;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Shows the pages of a data file with the images of a committed checkpoint in their place. Here the
 * checkpoint has put the value 10 into the bucket in page 2.
 */
class DataPagesTest {
  private static final int LAST_BYTE_OF_VALUE = 0x4F;

  private Journal journal;
  private StoreFile data;
  private DataPages pages;
  private StoreHeader before;
  private PageImageReader images;

  @BeforeEach
  void leaveCheckpointCommitted() throws IOException {
    MemoryFiles files = new MemoryFiles();
    try (SmallStore store = SmallStore.create(files)) {
      store.put(1, 10);
      store.checkpointBesideReader(files); // generation 3
    }
    journal = new Journal(files);
    data = journal.open(NAMES.data(), Mode.READ_WRITE);
    pages = new DataPages(data, NAMES);
    before = Recovery.readHeader(files, NAMES);
    LogFile log = LogFile.of(files.open(NAMES.log(), Mode.READ), LogHead.of(before), 0);
    images = PageImageReader.find(log, log.scan(), 3).orElseThrow();
  }

  @Test
  void withoutImagesThePagesAreThoseOfTheFile() throws IOException {
    assertThat(pages.page(2).get(LAST_BYTE_OF_VALUE)).isZero();
  }

  @Test
  void imagesCanHideThePagesWithoutAWrite() throws IOException {
    StoreHeader committed = pages.overlay(before, images);
    assertThat(committed.generation()).isEqualTo(3);
    assertThat(pages.page(2).get(LAST_BYTE_OF_VALUE)).isEqualTo((byte) 10);
    assertThat(journal.takeCalls()).isEmpty();
  }

  @Test
  void imagesCanBePutInPlaceWithTheirHeaderLast() throws IOException {
    StoreHeader committed = pages.putInPlace(before, images);
    assertThat(journal.takeCalls())
        .containsExactly("write data page 2", "force data", "write data page 1");
    assertThat(HeaderSlots.read(data, NAMES).newest()).isEqualTo(committed);
    assertThat(pages.page(2).get(LAST_BYTE_OF_VALUE)).isEqualTo((byte) 10);
  }

  @Test
  void refusesImagesThatDoNotFollowTheHeader() {
    StoreHeader later = SmallStore.successor(before, 0);
    assertThatThrownBy(() -> pages.committedHeader(later, images))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage("the images of /small.hmap-log end with no valid header for page 2");
  }

  @Test
  void refusesAFileThatIsShorterThanItsHeader() throws IOException {
    pages.checkSize(before);
    data.resize(3 * 4096);
    assertThatThrownBy(() -> pages.checkSize(before))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage("/small.hmap is truncated: it has 12,288 bytes of 16,384");
  }
}
