package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Reads the parts of an entry: a head of eight bytes, then the key, then the value. */
class EntryTest {
  private static final Memory MEMORY =
      new MappedMemory(
          MemorySegment.ofArray(
              new byte[] {9, 9, 9, 9, 9, 9, 9, 9, 3, 0, 0, 0, 4, 0, 0, 0, 'k', 'e', 'y', 'v'}));

  private static final long ENTRY = 8;

  @Test
  void aKeyComesAfterTheHeadAndTheValueAfterTheKey() {
    assertThat(Entry.keyLength(MEMORY, ENTRY)).isEqualTo(3);
    assertThat(Entry.valueLength(MEMORY, ENTRY)).isEqualTo(4);
    assertThat((char) MEMORY.getByte(Entry.keyAt(ENTRY))).isEqualTo('k');
    assertThat((char) MEMORY.getByte(Entry.valueAt(MEMORY, ENTRY))).isEqualTo('v');
    assertThat(Entry.bytes(MEMORY, ENTRY)).isEqualTo(8 + 3 + 4);
  }

  @Test
  void aKeyMayHave65535Bytes() {
    byte[] head = {-1, -1, 0, 0, 0, 0, 0, 1};
    Memory longest = new MappedMemory(MemorySegment.ofArray(head));
    assertThat(Entry.keyLength(longest, 0)).isEqualTo(65_535);
    assertThat(Entry.valueLength(longest, 0)).isEqualTo(16_777_216);
  }
}
