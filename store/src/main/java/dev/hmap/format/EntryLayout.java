package dev.hmap.format;

/**
 * An entry: a key or a value, or both, that does not stand in a bucket; and the reference to it.
 *
 * <pre>
 *  entry       0            2          4            8      8+keyLength
 *              +------------+----------+------------+------+--------+
 *              | keyLength  | 0        | valueLength| key  | value  |
 *              | u16        | u16      | u32        |      |        |
 *              +------------+----------+------------+------+--------+
 *  reference   bits 0-39: address / 8        bits 40-63: bits 8-31 of the key's hash
 * </pre>
 *
 * <p>The hash bits let an evacuation split a chain, and a look-up pass by a wrong key, without
 * touching the entry. An entry starts at a multiple of 8.
 */
public final class EntryLayout {
  /** Where the key's length lies. */
  public static final int KEY_LENGTH = 0;

  /** Where the value's length lies. */
  public static final int VALUE_LENGTH = KEY_LENGTH + Integer.BYTES;

  /** Bytes before the key. */
  public static final int HEADER_BYTES = VALUE_LENGTH + Integer.BYTES;

  /** The first bit of the hash that a reference holds. */
  public static final int HASH_SHIFT = 8;

  private static final int ADDRESS_BITS = 40;
  private static final long ADDRESS_MASK = (1L << ADDRESS_BITS) - 1;
  private static final int ALIGNMENT_SHIFT = 3;

  private EntryLayout() {}

  /**
   * A reference.
   *
   * @param address of the entry, a multiple of 8
   * @param hash of the key
   */
  public static long reference(long address, long hash) {
    return address >>> ALIGNMENT_SHIFT | hash >>> HASH_SHIFT << ADDRESS_BITS;
  }

  /** The same reference to another address. */
  public static long moved(long reference, long address) {
    return address >>> ALIGNMENT_SHIFT | reference & ~ADDRESS_MASK;
  }

  /**
   * The address in a reference.
   *
   * @param reference to an entry
   */
  public static long address(long reference) {
    return (reference & ADDRESS_MASK) << ALIGNMENT_SHIFT;
  }

  /**
   * Whether a reference may belong to a key of this hash.
   *
   * @param reference to an entry
   * @param hash of the key that is looked for
   */
  public static boolean mayMatch(long reference, long hash) {
    return ((reference >>> ADDRESS_BITS) ^ (hash >>> HASH_SHIFT & 0xFF_FFFF)) == 0;
  }

  /**
   * Bits 8 to 31 of the hash, in their places.
   *
   * @param reference to an entry
   */
  public static long hashBits(long reference) {
    return reference >>> ADDRESS_BITS << HASH_SHIFT;
  }
}
