package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** Where a segment lies, and that what lies there is the segment's. */
class AddressSpaceTest {
  @Test
  void whatIsInASegmentIsAtItsAddressLittleEndian() {
    MemorySegment segment = Arena.ofAuto().allocate(64, 8);
    long address = AddressSpace.of(segment);
    assumeTrue(address != 0, "no native access");
    for (int i = 0; i < 16; i++) {
      segment.set(ValueLayout.JAVA_BYTE, i, (byte) i);
    }
    assertThat(AddressSpace.getInt(address + 1)).isEqualTo(0x0403_0201);
    assertThat(AddressSpace.getLong(address + 1)).isEqualTo(0x0807_0605_0403_0201L);
    assertThat(AddressSpace.getIntAcquire(address + 4)).isEqualTo(0x0706_0504);
  }

  @Test
  void anArrayHasNoAddressForTheCollectorMovesIt() {
    assertThat(AddressSpace.of(MemorySegment.ofArray(new byte[8]))).isZero();
  }

  @Test
  void noMemoryHasNoAddress() {
    assertThat(AddressSpace.of(MemorySegment.NULL)).isZero();
  }
}
