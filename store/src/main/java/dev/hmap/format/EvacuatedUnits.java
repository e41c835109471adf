package dev.hmap.format;

import dev.hmap.error.StoreCorruptException;
import java.nio.ByteBuffer;

/**
 * Which units of the old array are evacuated, as a directory holds it: a bit for each from {@code
 * nevacuate}, rounded down to a multiple of 64, on. Go marks the slots of the chain instead.
 */
public final class EvacuatedUnits {
  /** Without an old array. */
  public static final EvacuatedUnits NONE = new EvacuatedUnits(0, new long[0]);

  private final long nevacuate;
  private final long[] words;

  /**
   * As a directory has it.
   *
   * @param nevacuate units below this are evacuated
   * @param words the bits, the lowest first; those that are missing are 0. Not copied
   */
  public EvacuatedUnits(long nevacuate, long[] words) {
    this.nevacuate = nevacuate;
    this.words = words;
  }

  /** Units below this are evacuated. */
  public long nevacuate() {
    return nevacuate;
  }

  /** The bits; not to be changed. */
  public long[] words() {
    return words;
  }

  /** Bytes at most for an array of 2^b roots. */
  public static long maxBytes(int b) {
    return (long) Math.ceilDiv(1 << b, Long.SIZE) * Long.BYTES;
  }

  /** The number of the word that has a unit's bit, among those of all units. */
  public static int word(int unit) {
    return unit / Long.SIZE;
  }

  /** The bit of a unit in its word. */
  public static long bit(int unit) {
    return 1L << unit;
  }

  /** Whether a unit is evacuated. */
  public boolean contains(int unit) {
    int at = word(unit) - word((int) nevacuate);
    return unit < nevacuate || at < words.length && (words[at] & bit(unit)) != 0;
  }

  /**
   * Checks that there are no others than those of an array.
   *
   * @param units how many it has, a power of two; 0 if there is no old array
   * @throws StoreCorruptException if there are
   */
  public void check(int units) {
    long beyond = units < Long.SIZE ? -1L << units : 0;
    boolean fits =
        word((int) nevacuate) + words.length <= Math.ceilDiv(units, Long.SIZE)
            && (words.length == 0 || (words[words.length - 1] & beyond) == 0);
    if (!fits) {
      throw new StoreCorruptException(
          "the directory has evacuated units beyond the %,d that there are".formatted(units));
    }
  }

  /** Bytes in a directory. */
  public int bytes() {
    return words.length * Long.BYTES;
  }

  void encode(ByteBuffer to) {
    to.asLongBuffer().put(words);
    to.position(to.position() + bytes());
  }

  static EvacuatedUnits decode(long nevacuate, ByteBuffer from, int bytes) {
    long[] words = new long[bytes / Long.BYTES];
    from.asLongBuffer().get(words);
    from.position(from.position() + bytes);
    return new EvacuatedUnits(nevacuate, words);
  }
}
