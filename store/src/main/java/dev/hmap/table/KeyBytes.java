package dev.hmap.table;

import dev.hmap.format.KeyHasher;

/** A key as bytes, on its way through one look-up. Not thread-safe. */
public final class KeyBytes {
  private static final byte[] NONE = {};

  private byte[] bytes = NONE;
  private int offset;
  private int length;
  private long word;

  /** A key that is yet to be set. */
  public KeyBytes() {}

  /** The key in all of {@code bytes}. */
  public KeyBytes(byte[] bytes) {
    set(bytes, 0, bytes.length);
  }

  /** The key of the eight bytes of {@code word}, little-endian. */
  public static KeyBytes ofLong(long word) {
    KeyBytes key = new KeyBytes();
    key.length = Long.BYTES;
    key.word = word;
    return key;
  }

  void setWord(long value) {
    bytes = NONE;
    length = Long.BYTES;
    word = value;
  }

  /** Sets the key. */
  public void set(byte[] from, int at, int size) {
    bytes = from;
    offset = at;
    length = size;
    if (Words.isWord(size)) {
      word = Words.get(from, at);
    }
  }

  int length() {
    return length;
  }

  /** A key of eight bytes is its word alone. */
  private boolean isWord() {
    return Words.isWord(length);
  }

  long hash(KeyHasher hasher) {
    return isWord() ? hasher.hash(word) : hasher.hash(bytes, offset, length);
  }

  boolean matches(Memory memory, long at) {
    return isWord() ? memory.getLong(at) == word : memory.matches(at, bytes, offset, length);
  }

  void writeTo(Memory memory, long at) {
    if (isWord()) {
      memory.putLong(at, word);
    } else {
      memory.put(at, bytes, offset, length);
    }
  }
}
