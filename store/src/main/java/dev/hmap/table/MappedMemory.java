package dev.hmap.table;

import dev.hmap.io.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Memory in a segment: a private mapping of the data file. */
public final class MappedMemory extends Memory {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle ATOMIC_INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  /** Shorter runs are compared sooner without the preparations of a bulk comparison. */
  private static final int MAX_BY_WORDS = 64;

  private final MemorySegment segment;

  /** Memory in {@code segment}, which starts at a multiple of 8. */
  public MappedMemory(MemorySegment segment) {
    this.segment = segment;
  }

  /** The segment. */
  public MemorySegment segment() {
    return segment;
  }

  @Override
  public long size() {
    return segment.byteSize();
  }

  @Override
  long address() {
    return AddressSpace.of(segment);
  }

  @Override
  byte getByte(long offset) {
    return segment.get(ValueLayout.JAVA_BYTE, offset);
  }

  @Override
  int getInt(long offset) {
    return segment.get(INT, offset);
  }

  @Override
  long getLong(long offset) {
    return segment.get(LONG, offset);
  }

  @Override
  void putByte(long offset, byte value) {
    segment.set(ValueLayout.JAVA_BYTE, offset, value);
  }

  @Override
  void putInt(long offset, int value) {
    segment.set(INT, offset, value);
  }

  @Override
  void putLong(long offset, long value) {
    segment.set(LONG, offset, value);
  }

  @Override
  int getIntAcquire(long offset) {
    return (int) ATOMIC_INT.getAcquire(segment, offset);
  }

  @Override
  void putIntRelease(long offset, int value) {
    ATOMIC_INT.setRelease(segment, offset, value);
  }

  @Override
  void get(long offset, byte[] to, int at, int length) {
    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, to, at, length);
  }

  @Override
  void put(long offset, byte[] from, int at, int length) {
    MemorySegment.copy(from, at, segment, ValueLayout.JAVA_BYTE, offset, length);
  }

  @Override
  void copy(long offset, Memory to, long toOffset, int length) {
    MemorySegment.copy(segment, offset, ((MappedMemory) to).segment, toOffset, length);
  }

  @Override
  void zero(long offset, long length) {
    segment.asSlice(offset, length).fill((byte) 0);
  }

  @Override
  boolean matches(long offset, byte[] other, int at, int length) {
    if (length > MAX_BY_WORDS) {
      return MemorySegment.mismatch(
              segment,
              offset,
              offset + length,
              MemorySegment.ofArray(other),
              at,
              (long) at + length)
          < 0;
    }
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      if (segment.get(LONG, offset + i) != Words.get(other, at + i)) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (segment.get(ValueLayout.JAVA_BYTE, offset + i) != other[at + i]) {
        return false;
      }
    }
    return true;
  }
}
