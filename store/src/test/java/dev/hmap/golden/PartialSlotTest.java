package dev.hmap.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Codec;
import dev.hmap.HMap;
import dev.hmap.TestMaps;
import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.LogHead;
import dev.hmap.format.SegmentHeader;
import dev.hmap.store.Environment;
import dev.hmap.store.WritableStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/**
 * A power cut while the log file grew left it ending within a slot, with a committed checkpoint in
 * that part. Recovery passes it by; so a later checkpoint of the same number may write other pages
 * in place. If the file then grew over that part, and a second power cut lost the zeros of the new
 * slot, the old checkpoint would be found again, on pages that are not its own.
 */
class PartialSlotTest {
  private static final Path DATA = GoldenFiles.NAMES.data();
  private static final Path LOG = GoldenFiles.NAMES.log();
  private static final InstantSource TIME = Listing.clock(0);
  private static final int ENTRIES = 200;
  private static final int HEAD = LogHead.BYTES;
  private static final int SLOT = SegmentHeader.SEGMENT_BYTES;

  @Test
  void committedImagesBehindTheLastWholeSlotDoNotComeBackWhenTheFileGrows() {
    MemoryFiles files = cutWithinImages(leftCommitted());
    byte[] opened;
    try (WritableStore store = StoreBytes.write(files, TIME)) {
      opened = files.copy(LOG);
      for (long key = 0; key < ENTRIES; key++) {
        assertThat(StoreBytes.get(store, bytes(key)))
            .as("the value of %d", key)
            .containsExactly(bytes(-key));
      }
    }
    assertThat(opened).hasSize(HEAD + 2 * SLOT);
  }

  /** A store whose log holds its records in one slot, then images that are committed. */
  private static MemoryFiles leftCommitted() {
    MemoryFiles files = new MemoryFiles();
    try (HMap<Long, Long> map =
        TestMaps.at(Environment.REAL.with(files).with(TIME), DATA, Codec.LONG, Codec.LONG).open()) {
      map.put(0L, 0L);
      map.checkpoint();
      for (long key = 1; key < ENTRIES; key++) {
        map.put(key, -key);
      }
      files.setReadersAbout();
    }
    return files;
  }

  /** Puts a free slot between the records and the images, and cuts off the end of the latter. */
  private static MemoryFiles cutWithinImages(MemoryFiles files) {
    byte[] log = files.copy(LOG);
    assertThat(log).hasSize(HEAD + 2 * SLOT);
    ByteBuffer second =
        ByteBuffer.wrap(log, HEAD + SLOT, SLOT).slice().order(ByteOrder.LITTLE_ENDIAN);
    assertThat(SegmentHeader.decode(second))
        .isNotNull()
        .satisfies(header -> assertThat(header.kind()).isEqualTo(SegmentHeader.KIND_IMAGES));
    int part = SLOT / 2;
    byte[] cut = new byte[HEAD + 2 * SLOT + part];
    System.arraycopy(log, 0, cut, 0, HEAD + SLOT);
    System.arraycopy(log, HEAD + SLOT, cut, HEAD + 2 * SLOT, part);
    return GoldenFiles.inMemory(files.copy(DATA), cut);
  }

  private static byte[] bytes(long key) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(key).array();
  }
}
