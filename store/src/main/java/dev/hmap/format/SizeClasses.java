package dev.hmap.format;

import java.util.Arrays;

/**
 * The sizes in which entries are allocated: 16, then steps of 8 up to 64, then four steps to each
 * doubling, up to 128 KiB. What is longer takes an extent of its own.
 */
public final class SizeClasses {
  /** The longest entry, in bytes with its header, that shares an extent with others. */
  public static final int MAX_BYTES = 128 << 10;

  private static final int STEPS = 4;
  private static final int LINEAR_LIMIT = 64;
  private static final int[] SIZES = sizes();

  /** How many there are. */
  public static final int COUNT = SIZES.length;

  private SizeClasses() {}

  private static int[] sizes() {
    int[] sizes = new int[64];
    int n = 0;
    for (int size = 16; size <= LINEAR_LIMIT; size += 8) {
      sizes[n++] = size;
    }
    for (int base = LINEAR_LIMIT; base < MAX_BYTES; base *= 2) {
      for (int step = 1; step <= STEPS; step++) {
        sizes[n++] = base + base / STEPS * step;
      }
    }
    return Arrays.copyOf(sizes, n);
  }

  /**
   * The class of an entry.
   *
   * @param bytes of the entry with its header, at most {@link #MAX_BYTES}
   */
  public static int of(int bytes) {
    int at = Arrays.binarySearch(SIZES, bytes);
    return at >= 0 ? at : -at - 1;
  }

  /**
   * Bytes of a class.
   *
   * @param sizeClass below {@link #COUNT}
   */
  public static int bytes(int sizeClass) {
    return SIZES[sizeClass];
  }
}
