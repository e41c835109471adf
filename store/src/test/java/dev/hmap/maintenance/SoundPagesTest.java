package dev.hmap.maintenance;

import static dev.hmap.store.TextStore.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.PageLayout;
import dev.hmap.report.Finding;
import dev.hmap.store.TextStore;
import dev.hmap.store.WritableStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Only bytes on pages that are in use and as they were written can be read. */
class SoundPagesTest {
  private final MemoryFiles files = TextStore.create();
  private final List<Finding> findings = new ArrayList<>();
  private ExtentRecord slab;
  private StoreReading reading;

  @BeforeEach
  void write() throws IOException {
    try (WritableStore store = TextStore.open(files)) {
      TextStore.put(store, "a", "1");
    }
    slab = StoreDamage.firstExtent(files, ExtentRecord.KIND_SLAB);
  }

  @AfterEach
  void close() throws IOException {
    reading.close();
  }

  private SoundPages pages() throws IOException {
    reading = StoreReading.open(files, TextStore.NAMES);
    return new SoundPages(
        reading.pages(), reading.header(), reading.directory().extents(), findings);
  }

  private long slabAddress() {
    return PageLayout.addressOf(slab.page());
  }

  @Test
  void anEntryIsReadWithItsHead() throws IOException {
    ByteBuffer entry = pages().entry(slabAddress());
    assertThat(entry.getShort(0)).isEqualTo((short) 1);
    assertThat(entry.getInt(4)).isEqualTo(1);
    assertThat(entry.remaining()).isEqualTo(8 + 1 + 1);
    byte[] keyAndValue = new byte[2];
    entry.get(8, keyAndValue);
    assertThat(keyAndValue).isEqualTo(bytes("a1"));
    assertThat(findings).isEmpty();
  }

  @Test
  void whatLiesOnADamagedPageIsNotReadAndFoundOnce() throws IOException {
    int page = StoreDamage.flipBit(files, ExtentRecord.KIND_SLAB);
    SoundPages sound = pages();
    assertThat(sound.read(slabAddress(), 16)).isNull();
    assertThat(sound.entry(slabAddress())).isNull();
    assertThat(findings)
        .containsExactly(Finding.damage(page, "it has a wrong checksum: entries of size class 0"));
  }

  @Test
  void whatNoExtentHoldsIsNotReadWhichIsNoDamage() throws IOException {
    SoundPages sound = pages();
    assertThat(sound.read(0, 16)).isNull(); // a header slot
    assertThat(sound.read(PageLayout.addressOf(reading.header().filePages()), 16)).isNull();
    assertThat(findings).isEmpty();
  }
}
