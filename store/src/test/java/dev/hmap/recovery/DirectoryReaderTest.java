package dev.hmap.recovery;

import static dev.hmap.recovery.SmallStore.NAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.Checksums;
import dev.hmap.format.Directory;
import dev.hmap.format.EvacuatedUnits;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.StoreHeader;
import dev.hmap.format.StoreHeader.DirectoryPointer;
import dev.hmap.io.FileSystem.Mode;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads the list of extents in use that a header names, and refuses one that cannot be right. */
class DirectoryReaderTest {
  private static final ExtentRecord BUCKETS =
      new ExtentRecord(2, ExtentRecord.KIND_BUCKETS, 0, 0, 1, 0, 0, 0);
  private static final ExtentRecord ITSELF =
      new ExtentRecord(3, ExtentRecord.KIND_DIRECTORY, 0, 0, 0, 0, 0, 0);

  private final MemoryFiles files = new MemoryFiles();
  private StoreFile data;
  private StoreHeader header;

  @BeforeEach
  void createStore() throws IOException {
    Creation.create(files, NAMES, SmallStore.LONGS, 0, SmallStore.SEEDS);
    data = files.open(NAMES.data(), Mode.READ_WRITE);
    header = Recovery.readHeader(files, NAMES);
  }

  /** Writes a directory to page 3, and makes the header name it. */
  private void write(int filePages, ExtentRecord... extents) throws IOException {
    ByteBuffer bytes = new Directory(List.of(extents), EvacuatedUnits.NONE, new byte[0]).encode(1);
    DirectoryPointer pointer =
        new DirectoryPointer(3, 0, bytes.remaining(), new Checksums().sum(bytes));
    data.write(bytes, 0x3000);
    name(filePages, pointer);
  }

  private void name(int filePages, DirectoryPointer pointer) {
    header =
        new StoreHeader(
            1,
            header.storeIdHigh(),
            header.storeIdLow(),
            header.former(),
            header.geometry(),
            filePages,
            pointer,
            header.log(),
            header.hmap(),
            0,
            0);
  }

  private Directory read() throws IOException {
    return DirectoryReader.read(new DataPages(data, NAMES), header);
  }

  private void assertRefused(String message) {
    assertThatThrownBy(this::read)
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageEndingWith(message);
  }

  @Test
  void readsTheExtentsOfAnEmptyStore() throws IOException {
    assertThat(read().extents()).containsExactly(BUCKETS, ITSELF);
    assertThat(read().mark()).isEmpty();
  }

  @Test
  void refusesAWrongSum() throws IOException {
    data.write(ByteBuffer.wrap(new byte[] {9}), 0x3020); // the owner of the first extent
    assertRefused("the directory at page 3 has a wrong checksum");
  }

  @Test
  void refusesAPlaceBeyondTheFile() {
    name(4, new DirectoryPointer(4, 0, 72, 0));
    assertRefused("its directory should have 72 bytes at page 4 of 4");
  }

  @Test
  void refusesExtentsThatDoNotEndWithTheFile() throws IOException {
    write(5, BUCKETS, ITSELF);
    assertRefused("its last extent ends at page 4 of 5");
  }

  @Test
  void refusesADirectoryThatDoesNotListItself() throws IOException {
    write(3, BUCKETS);
    assertRefused("its directory at page 3 lists itself 0 times");
  }
}
