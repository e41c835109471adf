package dev.hmap;

import java.util.UUID;

/**
 * Turns keys or values into bytes and back.
 *
 * <p>Two keys are the same if their bytes are. So {@link #encode} must give the same bytes for keys
 * that are meant to be equal, and others for keys that are not.
 *
 * <p>A codec is immutable and thread-safe. It runs on the thread of the caller.
 *
 * @param <T> what it encodes
 */
public interface Codec<T> {
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

  /**
   * A Java record of {@code long}, {@code int}, {@link UUID}, {@link String}, {@code byte[]}, and
   * records of those. Its components are encoded one behind the other, those of variable width
   * after their length. Shape {@code record(name:string,score:int)}.
   *
   * @param type the record class; if it is in a named module, its package must be open to {@code
   *     dev.hmap}
   * @throws IllegalArgumentException if a component is of another type, naming it and the reason
   */
  static <R extends Record> Codec<R> record(Class<R> type) {
    return new RecordCodec<>(type);
  }

  /**
   * The name and shape under which the store remembers the codec, at most 1,000 bytes of UTF-8.
   * Opening a store with a codec of another shape is refused.
   */
  String shape();

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
