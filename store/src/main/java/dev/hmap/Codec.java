package dev.hmap;

import java.time.Instant;
import java.util.UUID;

/**
 * Turns keys or values into bytes and back.
 *
 * <p>Two keys are the same if their bytes are. So {@link #encode} must give the same bytes for keys
 * that are meant to be equal, and others for keys that are not.
 *
 * <p>A codec is immutable and thread-safe. It runs on the thread of the caller, but for the
 * previous value that a future is completed with, which is decoded by the thread that completes it.
 *
 * <h2>Writing one's own</h2>
 *
 * What is needed is a name for the file, and bytes there and back:
 *
 * {@snippet class="dev.hmap.snippets.LocalDateCodec" region="codec"}
 *
 * <ul>
 *   <li>{@link #shape} stands in the file, and is all that tells one codec from another. Begin it
 *       with a name that is yours, and take another one when the bytes change.
 *   <li>{@link #width}, where all values have the same, puts them into the bucket if it is at most
 *       128: one look-up less. Variable width costs nothing more to write; leave it out.
 *   <li>{@link #encode} gives an array that is hmap's from then on: never a shared one.
 *   <li>{@link #decode} must make do with what stands there, and not keep the array.
 *   <li>{@link #isKey} is false where values that are equal may differ in their bytes: such a codec
 *       is good for values, which are compared by {@code equals}. It may encrypt, say.
 * </ul>
 *
 * @param <T> what it encodes
 */
public interface Codec<T> {
  /** {@code Boolean}, 1 byte, 0 or 1. Shape {@code boolean}. */
  Codec<Boolean> BOOLEAN = BasicCodecs.BOOLEAN;

  /** {@code Byte}, 1 byte. Shape {@code byte}. */
  Codec<Byte> BYTE = BasicCodecs.BYTE;

  /** {@code Short}, 2 bytes, little-endian. Shape {@code short}. */
  Codec<Short> SHORT = BasicCodecs.SHORT;

  /** {@code Long}, 8 bytes, little-endian. Shape {@code long}. */
  Codec<Long> LONG = BasicCodecs.LONG;

  /** {@code Integer}, 4 bytes, little-endian. Shape {@code int}. */
  Codec<Integer> INT = BasicCodecs.INT;

  /** {@code UUID}, 16 bytes, most significant first. Shape {@code uuid}. */
  Codec<UUID> UUID = BasicCodecs.UUID;

  /** {@code String}, UTF-8. Shape {@code string}. */
  Codec<String> STRING = BasicCodecs.STRING;

  /** {@code byte[]}, as they are. As keys they are compared by content. Shape {@code bytes}. */
  Codec<byte[]> BYTES = BasicCodecs.BYTES;

  /** {@code Instant}, 12 bytes: seconds since 1970, nanoseconds. Shape {@code instant}. */
  Codec<Instant> INSTANT = BasicCodecs.INSTANT;

  /** {@code Float}, 4 bytes, little-endian. Only for values: see {@link #isKey}. */
  Codec<Float> FLOAT = BasicCodecs.FLOAT;

  /** {@code Double}, 8 bytes, little-endian. Only for values: see {@link #isKey}. */
  Codec<Double> DOUBLE = BasicCodecs.DOUBLE;

  /**
   * The constants of an enum, 2 bytes: the place of its name in the shape, {@code enum(RED,GREEN)}.
   * A store that was made before a constant was added is of another shape.
   *
   * @throws IllegalArgumentException if the enum has no constants, or its shape is too long
   */
  static <E extends Enum<E>> Codec<E> enumOf(Class<E> type) {
    return BasicCodecs.enumOf(type);
  }

  /**
   * A Java record of types that have a codec here: primitives but {@code char}, their boxes, {@link
   * UUID}, {@link Instant}, {@link String}, {@code byte[]}, enums, and records of those. With a
   * {@code float} or {@code double} in it, it is only for values. Its components are encoded one
   * after the other, those of variable width after their length. Shape {@code
   * record(name:string,score:int)}.
   *
   * <p>The shape names every component, so a store opens with a record of the same components only,
   * and refuses one with another after them too. To grow a record: export, or read with the old
   * record and write with the new one to another store.
   *
   * @param type the record class; if it is in a named module, its package must be open to {@code
   *     dev.hmap}
   * @throws IllegalArgumentException if a component is of another type, or of the record itself, or
   *     the shape is too long; it names the component and the reason
   */
  static <R extends Record> Codec<R> record(Class<R> type) {
    return new RecordCodec<>(type);
  }

  /**
   * The name and shape under which the store remembers the codec, at most 1,000 bytes of UTF-8.
   * Opening a store with a codec of another shape is refused.
   */
  String shape();

  /**
   * Whether it may encode keys: whether equal values have equal bytes, and only those. Floating
   * point has not: {@code 0.0 == -0.0}, and {@code NaN != NaN}.
   */
  default boolean isKey() {
    return true;
  }

  /** Bytes of every encoded value if all have the same number, else 0. */
  default int width() {
    return 0;
  }

  /**
   * The bytes of a value; the array is hmap's from then on.
   *
   * @throws IllegalArgumentException if the value cannot be encoded
   */
  byte[] encode(T value);

  /**
   * The value of {@code length} bytes from {@code offset}, which {@link #encode} made.
   *
   * @param bytes not to be kept
   */
  T decode(byte[] bytes, int offset, int length);
}
