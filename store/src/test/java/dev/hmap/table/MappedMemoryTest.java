package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

/** Bytes of a mapping: numbers are little-endian, and no access leaves the run. */
class MappedMemoryTest {
  private final Memory memory = new MappedMemory(Arena.ofAuto().allocate(256, 8));

  @Test
  void numbersAreLittleEndianAndNeedNotBeAligned() {
    memory.putLong(3, 0x0807_0605_0403_0201L);
    assertThat(memory.getByte(3)).isEqualTo((byte) 1);
    assertThat(memory.getByte(10)).isEqualTo((byte) 8);
    assertThat(memory.getInt(4)).isEqualTo(0x0504_0302);
    memory.putIntRelease(8, 0x0102_0304);
    assertThat(memory.getByte(8)).isEqualTo((byte) 4);
    assertThat(memory.getIntAcquire(8)).isEqualTo(0x0102_0304);
  }

  @Test
  void bytesMatchIfAllDoWhetherTheyAreFewOrMany() {
    for (int length : new int[] {1, 7, 8, 9, 64, 65, 200}) {
      byte[] bytes = new byte[1 + length];
      for (int i = 0; i < length; i++) {
        bytes[1 + i] = (byte) (i + 1);
      }
      memory.put(5, bytes, 1, length);
      assertThat(memory.matches(5, bytes, 1, length)).isTrue();
      for (int i = 0; i < length; i++) {
        bytes[1 + i] ^= 0x40;
        assertThat(memory.matches(5, bytes, 1, length)).as("byte %d of %d", i, length).isFalse();
        bytes[1 + i] ^= 0x40;
      }
    }
    assertThat(memory.matches(5, new byte[0], 0, 0)).isTrue();
  }

  @Test
  void anAccessOutsideIsRefused() {
    assertThat(memory.size()).isEqualTo(256);
    assertThat(memory.getLong(248)).isZero();
    assertThatThrownBy(() -> memory.getLong(249)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> memory.putByte(-1, (byte) 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aRunIsCopiedToOtherMemoryOrSetToZeros() {
    memory.putLong(8, 77);
    Memory other = new MappedMemory(Arena.ofAuto().allocate(16, 8));
    memory.copy(8, other, 4, 8);
    assertThat(other.getLong(4)).isEqualTo(77);
    memory.zero(8, 8);
    assertThat(memory.getLong(8)).isZero();
  }
}
