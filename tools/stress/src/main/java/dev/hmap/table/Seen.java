package dev.hmap.table;

import java.util.Arrays;

/** What a reader saw of a key in several looks, while the writer was at work. */
enum Seen {
  /** Only what was there at first. */
  OLD,
  /** Only what the writer left. */
  NEW,
  /** A change: reader and writer met. */
  CHANGE,
  /** No value, where there always was one. */
  MISSING,
  /** A value that nobody wrote for the key. */
  MIXED,
  /** An older value after a newer one. */
  BACKWARDS;

  /** Values of one byte each, repeated: no two have a byte in common. */
  static byte[][] values(int... lengths) {
    byte[][] values = new byte[lengths.length][];
    for (int i = 0; i < lengths.length; i++) {
      values[i] = new byte[lengths[i]];
      Arrays.fill(values[i], (byte) (0x11 * (i + 1)));
    }
    return values;
  }

  /**
   * Looks a key up again and again.
   *
   * @param values that the key has, one after the other
   */
  static Seen of(Lookup lookup, byte[] key, byte[][] values, int looks) {
    KeyBytes k = new KeyBytes(key);
    ValueCopy copy = new ValueCopy();
    int first = -1;
    int last = -1;
    for (int i = 0; i < looks; i++) {
      if (!lookup.get(k, copy)) {
        return MISSING;
      }
      int at = indexOf(values, copy.bytes());
      if (at < 0) {
        return MIXED;
      }
      if (at < last) {
        return BACKWARDS;
      }
      if (i == 0) {
        first = at;
      }
      last = at;
    }
    if (first != last) {
      return CHANGE;
    }
    return first == values.length - 1 ? NEW : OLD;
  }

  private static int indexOf(byte[][] values, byte[] value) {
    for (int i = 0; i < values.length; i++) {
      if (Arrays.equals(values[i], value)) {
        return i;
      }
    }
    return -1;
  }
}
