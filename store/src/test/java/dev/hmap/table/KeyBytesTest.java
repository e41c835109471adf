package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.format.KeyHasher;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** A key of one look-up; one of eight bytes is held as a long, which makes no difference. */
class KeyBytesTest {
  private static final byte[] SOME = {0, 1, 2, 3, 4, 5, 6, 7, 8};

  private final KeyHasher hasher = new KeyHasher(0);
  private final KeyBytes key = new KeyBytes();

  @Test
  void aLongIsItsEightBytesInLittleEndianOrder() {
    key.set(SOME, 0, 8);
    assertThat(key.hash(hasher)).isEqualTo(0x3a1c_2d7c_85af_88f8L);
    KeyBytes word = KeyBytes.ofLong(0x0706_0504_0302_0100L);
    assertThat(word.hash(hasher)).isEqualTo(0x3a1c_2d7c_85af_88f8L);
    assertThat(word.length()).isEqualTo(8);
  }

  @Test
  void theHashOfOtherLengthsIsOfTheBytesThatWereSet() {
    key.set(SOME, 0, 4);
    assertThat(key.hash(hasher)).isEqualTo(0x60da_b036_a582_11f2L);
    key.set(SOME, 0, 9);
    assertThat(key.hash(hasher)).isEqualTo(0xe961_2598_145b_b9dcL);
  }

  @Test
  void aKeyMatchesItsBytesInMemoryAndIsWrittenAsThem() {
    Memory memory = new MappedMemory(MemorySegment.ofArray(new byte[16]));
    for (int length : new int[] {3, 8}) {
      key.set(SOME, 1, length);
      assertThat(key.matches(memory, 0)).isFalse();
      key.writeTo(memory, 0);
      assertThat(key.matches(memory, 0)).isTrue();
      assertThat(memory.getByte(length - 1)).isEqualTo((byte) length);
      assertThat(memory.getByte(length)).isZero();
      memory.putByte(length - 1, (byte) 99);
      assertThat(key.matches(memory, 0)).isFalse();
      memory.zero(0, 16);
    }
  }
}
