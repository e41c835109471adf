package dev.hmap.table;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The twin of {@link MappedMemory} for model checking, which sees accesses to arrays but not to
 * segments. Whatever is longer than eight bytes is read and written a word at a time, so that it
 * can be interrupted between any two; only what is aligned is allowed.
 */
final class ArrayMemory extends Memory {
  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int WORD_SHIFT = 3;
  private static final long BYTE = 0xFF;
  private static final long INT = 0xFFFF_FFFFL;

  private final long[] words;

  private ArrayMemory(long[] words) {
    this.words = words;
  }

  /** Memory in a {@code long[]} that was made a segment. */
  static ArrayMemory of(MemorySegment segment) {
    return new ArrayMemory((long[]) segment.heapBase().orElseThrow());
  }

  @Override
  public long size() {
    return (long) words.length << WORD_SHIFT;
  }

  /** The word that holds the value of this many bytes at an offset. */
  private static int word(long offset, int bytes) {
    if ((offset & bytes - 1) != 0) {
      throw new IllegalArgumentException(
          "offset %,d is not a multiple of %d".formatted(offset, bytes));
    }
    return Math.toIntExact(offset >>> WORD_SHIFT);
  }

  /** How far up in its word a value lies. */
  private static int shift(long offset) {
    return (int) (offset & Long.BYTES - 1) * Byte.SIZE;
  }

  /** A word with a part of it replaced. */
  private static long with(long word, long value, long mask, int shift) {
    return word & ~(mask << shift) | (value & mask) << shift;
  }

  @Override
  byte getByte(long offset) {
    return (byte) (words[word(offset, Byte.BYTES)] >>> shift(offset));
  }

  @Override
  int getInt(long offset) {
    return (int) (words[word(offset, Integer.BYTES)] >>> shift(offset));
  }

  @Override
  long getLong(long offset) {
    return words[word(offset, Long.BYTES)];
  }

  @Override
  void putByte(long offset, byte value) {
    int i = word(offset, Byte.BYTES);
    words[i] = with(words[i], value, BYTE, shift(offset));
  }

  @Override
  void putInt(long offset, int value) {
    int i = word(offset, Integer.BYTES);
    words[i] = with(words[i], value, INT, shift(offset));
  }

  @Override
  void putLong(long offset, long value) {
    words[word(offset, Long.BYTES)] = value;
  }

  @Override
  int getIntAcquire(long offset) {
    long word = (long) WORD.getAcquire(words, word(offset, Integer.BYTES));
    return (int) (word >>> shift(offset));
  }

  @Override
  void putIntRelease(long offset, int value) {
    int i = word(offset, Integer.BYTES);
    WORD.setRelease(words, i, with(words[i], value, INT, shift(offset)));
  }

  @Override
  void get(long offset, byte[] to, int at, int length) {
    for (int i = 0; i < length; i += Long.BYTES) {
      toBytes(words[word(offset + i, Long.BYTES)], to, at + i, length - i);
    }
  }

  @Override
  void put(long offset, byte[] from, int at, int length) {
    for (int i = 0; i < length; i += Long.BYTES) {
      words[word(offset + i, Long.BYTES)] = fromBytes(from, at + i, length - i);
    }
  }

  @Override
  void copy(long offset, Memory to, long toOffset, int length) {
    for (int i = 0; i < length; i += Long.BYTES) {
      to.putLong(toOffset + i, getLong(offset + i));
    }
  }

  @Override
  void zero(long offset, long length) {
    for (long i = 0; i < length; i += Long.BYTES) {
      putLong(offset + i, 0);
    }
  }

  @Override
  boolean matches(long offset, byte[] other, int at, int length) {
    for (int i = 0; i < length; i += Long.BYTES) {
      if (words[word(offset + i, Long.BYTES)] != fromBytes(other, at + i, length - i)) {
        return false;
      }
    }
    return true;
  }

  private static void toBytes(long word, byte[] bytes, int at, int room) {
    checkWhole(room);
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[at + i] = (byte) (word >>> i * Byte.SIZE);
    }
  }

  private static long fromBytes(byte[] bytes, int at, int available) {
    checkWhole(available);
    long word = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      word |= Byte.toUnsignedLong(bytes[at + i]) << i * Byte.SIZE;
    }
    return word;
  }

  private static void checkWhole(int bytes) {
    if (bytes < Long.BYTES) {
      throw new IllegalArgumentException("%d bytes of a word".formatted(bytes));
    }
  }
}
