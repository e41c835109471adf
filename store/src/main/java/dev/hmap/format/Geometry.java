package dev.hmap.format;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * What a store holds, fixed when it is created.
 *
 * <p>With a time to live, what the map keeps as the value is the {@code stamp}, the time of the
 * last write in milliseconds since 1970 as u64, and after it the user's value. Such an entry has
 * expired when it is as old as the time to live.
 *
 * @param keyWidth bytes of every key if all have the same number of at most {@link
 *     BucketLayout#MAX_INLINE_BYTES}, so that keys stand in the bucket; 0 if keys are entries
 * @param valueWidth the same for values, with their stamps
 * @param keyShape the name and shape of the key codec, at most {@link #MAX_SHAPE_BYTES} of UTF-8
 * @param valueShape the same for values
 * @param timeToLiveMillis how long entries live, 0 for ever
 */
public record Geometry(
    int keyWidth, int valueWidth, String keyShape, String valueShape, long timeToLiveMillis) {
  /** Bytes of UTF-8 that a codec's shape may have. */
  public static final int MAX_SHAPE_BYTES = 1000;

  /** The longest key, in bytes. */
  public static final int MAX_KEY_BYTES = 65_535;

  /** The longest value, in bytes, with its stamp: 16 MiB. */
  public static final int MAX_VALUE_BYTES = 16 << 20;

  /** The longest time to live, in milliseconds: about 1,000 years. */
  public static final long MAX_TIME_TO_LIVE_MILLIS = 1L << 45;

  /** The latest time that a store knows, in milliseconds since 1970: some 285,000 years after. */
  public static final long MAX_TIME_MILLIS = 1L << 53;

  /** Checks the widths. */
  public Geometry {
    checkWidth("key", keyWidth);
    checkWidth("value", valueWidth);
    if (timeToLiveMillis < 0 || timeToLiveMillis > MAX_TIME_TO_LIVE_MILLIS) {
      throw new IllegalArgumentException(
          "a time to live of %,d ms: the limit is %,d"
              .formatted(timeToLiveMillis, MAX_TIME_TO_LIVE_MILLIS));
    }
    if (timeToLiveMillis > 0 && valueWidth > 0 && valueWidth < Long.BYTES) {
      throw new IllegalArgumentException(
          "value width of %d: a stamp has %d".formatted(valueWidth, Long.BYTES));
    }
  }

  /**
   * Whether a width is that of a shape, if it is one of {@link Shapes}.
   *
   * @param width as in the header
   * @param hidden bytes before each value that its codec did not make
   */
  public static boolean isWidthOf(int width, String shape, int hidden) {
    OptionalInt known = Shapes.width(shape);
    return known.isEmpty() || width == inlineWidth(known.getAsInt(), hidden);
  }

  /** The width in the header of a codec with some width: 0 for entries. */
  public static int inlineWidth(int width, int hidden) {
    return width > 0 && width + hidden <= BucketLayout.MAX_INLINE_BYTES ? width + hidden : 0;
  }

  /** A geometry of entries that live for ever. */
  public Geometry(int keyWidth, int valueWidth, String keyShape, String valueShape) {
    this(keyWidth, valueWidth, keyShape, valueShape, 0);
  }

  /**
   * Checks that a shape fits where it is stored.
   *
   * @return the shape
   * @throws IllegalArgumentException if it has more than {@link #MAX_SHAPE_BYTES}
   */
  public static String checkedShape(String shape) {
    int bytes = shape.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_SHAPE_BYTES) {
      throw new IllegalArgumentException(
          "the shape %.60s... of a codec has %,d bytes of UTF-8: the limit is %,d"
              .formatted(shape, bytes, MAX_SHAPE_BYTES));
    }
    if (!new String(shape.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(shape)) {
      throw new IllegalArgumentException("the shape of a codec has an unpaired surrogate");
    }
    return shape;
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

  /** Whether entries expire. */
  public boolean expires() {
    return timeToLiveMillis > 0;
  }

  /** Bytes of the stamp before each value: 8 if entries expire, else 0. */
  public int stampBytes() {
    return expires() ? Long.BYTES : 0;
  }

  /** Whether a stamp is so old at some time, in milliseconds, that its entry has expired. */
  public boolean isExpired(long stamp, long nowMillis) {
    return stamp <= nowMillis - timeToLiveMillis;
  }
}
