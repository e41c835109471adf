package dev.hmap.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The memory of the process, by address: little-endian numbers, at the cost of the memory alone.
 * Nothing is checked. The caller sees to it that an address lies in a segment, and keeps the
 * segment reachable until the access is done. Thread-safe.
 */
public final class AddressSpace {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle ATOMIC_INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  /** Of no length where native access is denied or switched off, as for {@link NativeCalls}. */
  private static final MemorySegment ALL = all();

  private AddressSpace() {}

  @SuppressWarnings("restricted") // where it is denied, there is the portable way
  private static MemorySegment all() {
    if (!NativeCalls.isWanted()) {
      return MemorySegment.NULL;
    }
    try {
      return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    } catch (IllegalCallerException _) {
      return MemorySegment.NULL; // denied
    }
  }

  /**
   * The address of a segment; 0 if it cannot be accessed by address, because it is on the heap or
   * there is no native access.
   */
  public static long of(MemorySegment segment) {
    return segment.isNative() && ALL.byteSize() > 0 ? segment.address() : 0;
  }

  /** Four bytes. */
  public static int getInt(long address) {
    return ALL.get(INT, address);
  }

  /** Eight bytes. */
  public static long getLong(long address) {
    return ALL.get(LONG, address);
  }

  /**
   * Four bytes, before all loads that follow.
   *
   * @param address a multiple of 4
   */
  public static int getIntAcquire(long address) {
    return (int) ATOMIC_INT.getAcquire(ALL, address);
  }
}
