package dev.hmap.recovery;

import static dev.hmap.format.HmapFields.FLAG_HASH_WRITING;
import static dev.hmap.recovery.SmallStore.NAMES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.Checksums;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem.Mode;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Says which of the two header slots counts: page 01 of the format, "Which slot counts". */
class HeaderSlotsTest {
  private static final int PAGE = 4096;

  private final MemoryFiles files = new MemoryFiles();
  private final byte[] slots = new byte[2 * PAGE];
  private StoreHeader first;
  private StoreHeader second;

  @BeforeEach
  void makeHeaders() {
    Creation.create(files, NAMES, SmallStore.LONGS, 0, SmallStore.SEEDS);
    first = Recovery.readHeader(files, NAMES);
    second = SmallStore.successor(first, FLAG_HASH_WRITING);
  }

  private void put(int page, StoreHeader header) {
    header.encode().get(slots, page * PAGE, PAGE);
  }

  /** Changes a byte of a slot; that at 4095 is in its sum. */
  private void flip(int page, int at) {
    slots[page * PAGE + at] ^= 1;
  }

  private HeaderSlots read() throws IOException {
    files.put(NAMES.data(), slots);
    return HeaderSlots.read(files.open(NAMES.data(), Mode.READ), NAMES);
  }

  @Test
  void theGreaterGenerationCounts() throws IOException {
    put(1, first);
    put(0, second);
    HeaderSlots read = read();
    assertThat(read.newest()).isEqualTo(second);
    assertThat(read.sound()).containsExactly(second, first);
    assertThat(read.hasBefore()).isTrue();
    assertThat(read.isNewestInDoubt()).isFalse();
  }

  @Test
  void aTornSlotMayHaveBeenNewerThanAHeaderInUse() throws IOException {
    StoreHeader third = SmallStore.successor(second, FLAG_HASH_WRITING);
    put(0, second);
    put(1, third);
    flip(1, 4095);
    HeaderSlots read = read();
    assertThat(read.newest()).isEqualTo(second);
    assertThat(read.isNewestInDoubt()).isTrue();
    read.checkIsNewest(NAMES, true, third); // the images of a newer one are in the log
    assertThatThrownBy(() -> read.checkIsNewest(NAMES, false, second))
        .isInstanceOf(StoreCorruptException.class);
  }

  @Test
  void aTornSlotIsNoDoubtIfItWasTheOlderOneOrTheMarking() throws IOException {
    put(1, first);
    put(0, second);
    flip(1, 4095);
    assertThat(read().isNewestInDoubt()).isFalse(); // it still shows generation 1

    put(1, first);
    flip(0, 4095); // a store that was closed was about to be marked
    assertThat(read().newest()).isEqualTo(first);
    assertThat(read().isNewestInDoubt()).isFalse();
  }

  @Test
  void refusesSlotsThatNoWriterLeaves() {
    put(0, first);
    assertRefused("page 0 holds the header of generation 1, which belongs to the other slot");
    StoreHeader fourth = SmallStore.successor(SmallStore.successor(second, 0), 0);
    put(0, fourth);
    put(1, first);
    assertRefused("its headers, of generations 4 and 1, are not of one store in a row");
  }

  @Test
  void refusesWhatItCannotRead() {
    assertRefused("/small.hmap is not an hmap store (8,192 bytes)");
    put(1, first);
    flip(1, 100);
    assertRefused("/small.hmap is damaged: neither header has a right checksum");

    ByteBuffer page = first.encode().putInt(8, 2); // the version
    page.putInt(4092, new Checksums().sum(page.duplicate().limit(4092)));
    page.get(slots, PAGE, PAGE);
    assertRefused("/small.hmap is of format version 2: this library knows version 1");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(this::read)
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageEndingWith(message);
  }
}
