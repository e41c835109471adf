package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** The map calls its barrier before it changes a byte: whoever copies then can restore all. */
class WriteBarrierTest {
  private static final int FILE_BYTES = 64 << 10;

  private final byte[] copies = new byte[FILE_BYTES];
  private final BitSet copied = new BitSet();
  private final SmallMap texts = new SmallMap(SmallMap.TEXTS, 8, this::copy);
  private final SmallMap longs = new SmallMap(SmallMap.LONGS, 13, this::copy); // two roots

  /** The map whose bytes are copied. */
  private SmallMap map = texts;

  private void copy(long address, long bytes) {
    for (int at = (int) address; at < address + bytes; at++) {
      if (!copied.get(at)) {
        copied.set(at);
        copies[at] = map.space.memoryAt(at).getByte(at);
      }
    }
  }

  private byte[] content() {
    byte[] content = new byte[FILE_BYTES];
    map.space.memoryAt(0).get(0, content, 0, FILE_BYTES);
    return content;
  }

  private void assertRestorable(Runnable operation) {
    byte[] before = content();
    copied.clear();
    operation.run();
    byte[] restored = content();
    assertThat(restored).as("changed at all").isNotEqualTo(before);
    copied.stream().forEach(at -> restored[at] = copies[at]);
    assertThat(restored).isEqualTo(before);
    assertThat(map.space.pages() * 4096).isEqualTo(FILE_BYTES);
  }

  @Test
  void entriesAndBucketsAreAnnouncedBeforeTheyChange() {
    assertRestorable(() -> texts.put("key", "value"));
    assertRestorable(() -> texts.put("key", "other"));
    assertRestorable(() -> texts.put("key", "a longer value"));
    assertRestorable(() -> texts.put("second", "value"));
    assertRestorable(() -> texts.remove("key"));
  }

  @Test
  void chainsAreAnnouncedBeforeTheyAreEvacuated() {
    map = longs;
    assertRestorable(() -> longs.putAll(SmallMap.keysOf(0, 1, 10))); // with an overflow bucket
    longs.beginDoubling();
    assertRestorable(longs.map::evacuateNext);
    assertThat(longs.map.counters().evacuatedChains).hasValue(2);
    assertRestorable(() -> longs.map.clear(5));
  }
}
