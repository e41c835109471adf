package dev.hmap.format;

/**
 * What a store holds, fixed when it is created.
 *
 * @param keyWidth bytes of every key if all have the same number of at most {@link
 *     BucketLayout#MAX_INLINE_BYTES}, so that keys stand in the bucket; 0 if keys are entries
 * @param valueWidth the same for values
 * @param keyShape the name and shape of the key codec, at most {@link #MAX_SHAPE_BYTES} of UTF-8
 * @param valueShape the same for values
 */
public record Geometry(int keyWidth, int valueWidth, String keyShape, String valueShape) {
  /** Bytes of UTF-8 that a codec's shape may have. */
  public static final int MAX_SHAPE_BYTES = 1000;

  /** The longest key, in bytes. */
  public static final int MAX_KEY_BYTES = 65_535;

  /** The longest value, in bytes: 16 MiB. */
  public static final int MAX_VALUE_BYTES = 16 << 20;

  /** Checks the widths. */
  public Geometry {
    checkWidth("key", keyWidth);
    checkWidth("value", valueWidth);
  }

  private static void checkWidth(String what, int width) {
    if (width < 0 || width > BucketLayout.MAX_INLINE_BYTES) {
      throw new IllegalArgumentException(
          "%s width of %d: the limit is %d".formatted(what, width, BucketLayout.MAX_INLINE_BYTES));
    }
  }

  /** Whether a slot refers to an entry outside the bucket. */
  public boolean hasEntries() {
    return keyWidth == 0 || valueWidth == 0;
  }
}
