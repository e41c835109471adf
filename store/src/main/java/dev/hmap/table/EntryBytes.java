package dev.hmap.table;

import dev.hmap.format.KeyHasher;
import org.jspecify.annotations.Nullable;

/** An entry copied out of the map. A key or a value of eight bytes is kept as a word. Immutable. */
public final class EntryBytes {
  /** Null if the key is a word. */
  private final byte @Nullable [] key;

  private final long keyWord;

  /** Null if the value is a word. */
  private final byte @Nullable [] value;

  private final long valueWord;

  /** When it was written, in milliseconds since 1970, if entries expire. */
  final long stamp;

  private EntryBytes(
      byte @Nullable [] key, long keyWord, byte @Nullable [] value, long valueWord, long stamp) {
    this.key = key;
    this.keyWord = keyWord;
    this.value = value;
    this.valueWord = valueWord;
    this.stamp = stamp;
  }

  /** Copies an entry whose key and value lie somewhere. */
  static EntryBytes copy(
      Memory keys,
      long keyAt,
      int keyLength,
      Memory values,
      long valueAt,
      int valueLength,
      long stamp) {
    boolean hasKeyWord = Words.isWord(keyLength);
    boolean hasValueWord = Words.isWord(valueLength);
    return new EntryBytes(
        hasKeyWord ? null : bytes(keys, keyAt, keyLength),
        hasKeyWord ? keys.getLong(keyAt) : 0,
        hasValueWord ? null : bytes(values, valueAt, valueLength),
        hasValueWord ? values.getLong(valueAt) : 0,
        stamp);
  }

  private static byte[] bytes(Memory memory, long at, int length) {
    byte[] bytes = new byte[length];
    memory.get(at, bytes, 0, length);
    return bytes;
  }

  /** The same key with another value. */
  EntryBytes with(ValueCopy other) {
    return other.isWord()
        ? new EntryBytes(key, keyWord, null, other.word(), 0)
        : new EntryBytes(key, keyWord, other.bytes(), 0, 0);
  }

  /** The key's bytes; not to be changed. */
  public byte[] key() {
    byte[] bytes = key;
    return bytes == null ? Words.bytes(keyWord) : bytes;
  }

  /** The key, if it has eight bytes. */
  public long keyWord() {
    return keyWord;
  }

  /** The value's bytes; not to be changed. */
  public byte[] value() {
    byte[] bytes = value;
    return bytes == null ? Words.bytes(valueWord) : bytes;
  }

  /** The value, if it has eight bytes. */
  public long valueWord() {
    return valueWord;
  }

  long hash(KeyHasher hasher) {
    byte[] bytes = key;
    return bytes == null ? hasher.hash(keyWord) : hasher.hash(bytes, 0, bytes.length);
  }

  /** The key on its way through a look-up. */
  KeyBytes sought() {
    byte[] bytes = key;
    return bytes == null ? KeyBytes.ofLong(keyWord) : new KeyBytes(bytes);
  }
}
