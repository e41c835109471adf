package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Holds the value that it took last; one of eight bytes as a long, without an array. */
class ValueCopyTest {
  private final byte[] bytes = {9, 1, 2, 3, 4, 5, 6, 7, 8};
  private final Memory memory = new MappedMemory(MemorySegment.ofArray(bytes));
  private final ValueCopy copy = new ValueCopy();

  @Test
  void aValueOfEightBytesIsAWord() {
    copy.take(memory, 1, 8);
    assertThat(copy.isWord()).isTrue();
    assertThat(copy.word()).isEqualTo(0x0807_0605_0403_0201L);
    assertThat(copy.bytes()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void anyOtherIsAnArrayOfItsOwn() {
    copy.take(memory, 1, 8);
    copy.take(memory, 0, 2);
    bytes[0] = 77;
    assertThat(copy.isWord()).isFalse();
    assertThat(copy.bytes()).containsExactly(9, 1);
  }
}
