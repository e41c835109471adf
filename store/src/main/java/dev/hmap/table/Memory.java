package dev.hmap.table;

import dev.hmap.io.AddressSpace;

/**
 * A run of bytes: the seam between the map's algorithm and the memory it works on. The store uses
 * {@link MappedMemory}; model checking puts a {@code long[]} twin in its place. Offsets and lengths
 * are in bytes; an access outside throws {@link IndexOutOfBoundsException}.
 *
 * <p>Plain accesses are ordered by the fences of {@link java.lang.invoke.VarHandle} and by {@link
 * #getIntAcquire} and {@link #putIntRelease}, and by nothing else.
 */
public abstract class Memory {
  /** Bytes in the run. */
  public abstract long size();

  /** Where it begins in the process, as for {@link AddressSpace}; 0 if it has no address. */
  long address() {
    return 0;
  }

  abstract byte getByte(long offset);

  abstract int getInt(long offset);

  abstract long getLong(long offset);

  abstract void putByte(long offset, byte value);

  abstract void putInt(long offset, int value);

  abstract void putLong(long offset, long value);

  /** Pairs with {@link #putIntRelease}. */
  abstract int getIntAcquire(long offset);

  /** Pairs with {@link #getIntAcquire}. */
  abstract void putIntRelease(long offset, int value);

  abstract void get(long offset, byte[] to, int at, int length);

  abstract void put(long offset, byte[] from, int at, int length);

  abstract void copy(long offset, Memory to, long toOffset, int length);

  abstract void zero(long offset, long length);

  abstract boolean matches(long offset, byte[] other, int at, int length);
}
