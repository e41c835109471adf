package dev.hmap;

import dev.hmap.table.Words;

/** A codec of eight bytes, little-endian, which need no array on their way. */
abstract class WordCodec<T> implements CanonicalCodec<T> {
  /** The bytes as a number. */
  abstract long word(T value);

  /** The value of such a number. */
  abstract T ofWord(long word);

  @Override
  public int width() {
    return Long.BYTES;
  }

  @Override
  public byte[] encode(T value) {
    return Words.bytes(word(value));
  }

  @Override
  public T decode(byte[] bytes, int offset, int length) {
    return ofWord(Words.get(bytes, offset));
  }
}
