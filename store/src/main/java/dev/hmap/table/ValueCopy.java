package dev.hmap.table;

/** A value copied out of the map. Not thread-safe. */
public final class ValueCopy extends ValueSink {
  private static final byte[] NONE = {};

  private byte[] bytes = NONE;
  private long word;
  private boolean isWord;

  @Override
  void take(Memory memory, long at, int length) {
    isWord = Words.isWord(length);
    if (isWord) {
      word = memory.getLong(at);
    } else {
      bytes = new byte[length];
      memory.get(at, bytes, 0, length);
    }
  }

  /** Whether the value has eight bytes and is in {@link #word}. */
  public boolean isWord() {
    return isWord;
  }

  /** A value of eight bytes, little-endian. */
  public long word() {
    return word;
  }

  /** The value's bytes. */
  public byte[] bytes() {
    return isWord ? Words.bytes(word) : bytes;
  }
}
