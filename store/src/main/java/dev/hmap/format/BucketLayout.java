package dev.hmap.format;

/**
 * A bucket, Go's {@code bmap}.
 *
 * <pre>
 *  0            8                 8+8k               8+8k+8v       +4          +8
 *  +------------+-----------------+------------------+-------------+-----------+
 *  | tophash[8] | keys, k bytes   | values, v bytes  | overflow    | version   |
 *  |  u8 each   |  each, 8 of them|  each, 8 of them | u32         | u32       |
 *  +------------+-----------------+------------------+-------------+-----------+
 * </pre>
 *
 * <p>{@code overflow} is the number of the next bucket of the chain in the same array, 0 for none.
 * {@code version} counts the changes of a root bucket's chain: odd while one is under way, always
 * even on disk. A key or value of fixed width stands in its slot. Otherwise the slot holds an
 * 8-byte {@linkplain EntryLayout reference} to an entry: in the key's slot if keys are entries
 * (then a value that is one too shares the key's and has no slot), else in the value's slot.
 *
 * <p>Source of the algorithm and of the names: {@code runtime/map.go} of Go 1.23.
 */
public final class BucketLayout {
  /** Slots of a bucket. */
  public static final int SLOTS = 8;

  /** The widest key or value that stands in a bucket, in bytes. */
  public static final int MAX_INLINE_BYTES = 128;

  /** This slot is empty, and so are all after it in the chain. */
  public static final int EMPTY_REST = 0;

  /** This slot is empty. */
  public static final int EMPTY_ONE = 1;

  /** The smallest tophash of a slot in use. Go marks evacuated slots with 2 to 4. */
  public static final int MIN_TOP_HASH = 5;

  /** Where {@code tophash} starts. */
  public static final int TOPHASH = 0;

  /** Where the keys start. */
  public static final int KEYS = TOPHASH + SLOTS;

  private static final int REFERENCE_BYTES = 8;

  private final int keyWidth;
  private final int valueWidth;
  private final int keySlot;
  private final int valueSlot;
  private final int values;
  private final int overflow;
  private final int version;
  private final int bytes;

  /**
   * The layout for a store's geometry.
   *
   * @param geometry widths of key and value
   */
  public BucketLayout(Geometry geometry) {
    keyWidth = geometry.keyWidth();
    valueWidth = geometry.valueWidth();
    keySlot = keyWidth == 0 ? REFERENCE_BYTES : keyWidth;
    if (valueWidth > 0) {
      valueSlot = valueWidth;
    } else {
      valueSlot = keyWidth == 0 ? 0 : REFERENCE_BYTES;
    }
    values = KEYS + SLOTS * keySlot;
    overflow = values + SLOTS * valueSlot;
    version = overflow + Integer.BYTES;
    bytes = version + Integer.BYTES;
    if (bytes % Long.BYTES != 0 || bytes > ExtentLayout.payloadBytes(0)) {
      throw new IllegalStateException("a bucket of %d bytes".formatted(bytes));
    }
  }

  /** Bytes of a bucket, a multiple of 8. */
  public int bytes() {
    return bytes;
  }

  /** Whether keys stand in the bucket. */
  public boolean keysInline() {
    return keyWidth > 0;
  }

  /** Whether values stand in the bucket. */
  public boolean valuesInline() {
    return valueWidth > 0;
  }

  /** Whether a slot refers to an entry. */
  public boolean hasEntries() {
    return keyWidth == 0 || valueWidth == 0;
  }

  /** Bytes of a key's slot. */
  public int keySlotBytes() {
    return keySlot;
  }

  /** Bytes of a value's slot; 0 if the value is found through the key's reference. */
  public int valueSlotBytes() {
    return valueSlot;
  }

  /** Where slot {@code i}'s key lies, from the bucket's start. */
  public int key(int i) {
    return KEYS + i * keySlot;
  }

  /** Where slot {@code i}'s value lies, from the bucket's start. */
  public int value(int i) {
    return values + i * valueSlot;
  }

  /**
   * Where slot {@code i}'s reference lies, from the bucket's start; only with {@link #hasEntries}.
   */
  public int reference(int i) {
    return keyWidth == 0 ? key(i) : value(i);
  }

  /** Where {@code overflow} lies. */
  public int overflow() {
    return overflow;
  }

  /** Where {@code version} lies. */
  public int version() {
    return version;
  }

  /**
   * The tophash of a hash: its top eight bits, kept clear of the marks below {@link #MIN_TOP_HASH}.
   *
   * @param hash a key's hash
   */
  public static int tophash(long hash) {
    int top = (int) (hash >>> 56);
    return top < MIN_TOP_HASH ? top + MIN_TOP_HASH : top;
  }

  /**
   * Whether a slot is empty.
   *
   * @param tophash the slot's
   */
  public static boolean isEmpty(int tophash) {
    return tophash <= EMPTY_ONE;
  }
}
