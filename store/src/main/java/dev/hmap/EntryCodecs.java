package dev.hmap;

import dev.hmap.error.EntryTooLargeException;
import dev.hmap.format.Geometry;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.KeyBytes;
import dev.hmap.table.ValueCopy;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The codecs of an open map: its keys and values on one side, a store's bytes on the other. */
final class EntryCodecs<K, V> {
  private final Codec<K> keys;
  private final Codec<V> values;
  private final Geometry geometry;
  private final boolean areBytes;

  // Each set if keys, or values, have eight bytes.
  private final @Nullable WordCodec<K> keyWords;
  private final @Nullable WordCodec<V> valueWords;

  EntryCodecs(Codec<K> keys, Codec<V> values, Geometry geometry) {
    this.keys = keys;
    this.values = values;
    this.geometry = geometry;
    this.keyWords = keys instanceof WordCodec<K> words ? words : null;
    this.valueWords = values instanceof WordCodec<V> words ? words : null;
    this.areBytes = Codec.BYTES.equals(values);
  }

  boolean isLongToLong() {
    return Codec.LONG.equals(keys) && Codec.LONG.equals(values);
  }

  /** Whether keys and values have eight bytes. */
  boolean areWords() {
    return keyWords != null && valueWords != null;
  }

  /** A key as a word. Only if keys have eight bytes. */
  long word(Object key) {
    return Objects.requireNonNull(keyWords).word(keyOf(key));
  }

  /** The value of a word. Only if values have eight bytes. */
  V ofWord(long word) {
    return Objects.requireNonNull(valueWords).ofWord(word);
  }

  /** Set if keys have eight bytes. */
  @Nullable WordCodec<K> keyWords() {
    return keyWords;
  }

  // ---------------------------------------------------------------- keys

  byte[] encodeKey(K key) {
    byte[] bytes = keys.encode(Objects.requireNonNull(key, "key"));
    return checked("key", bytes, geometry.keyWidth(), Geometry.MAX_KEY_BYTES);
  }

  /** The key that is looked for; null if it can be no key, and so is absent. */
  byte @Nullable [] encodeSought(Object key) {
    byte[] bytes;
    try {
      bytes = keys.encode(keyOf(key));
    } catch (IllegalArgumentException _) {
      return null;
    }
    return bytes.length > Geometry.MAX_KEY_BYTES
        ? null
        : checked("key", bytes, geometry.keyWidth(), Geometry.MAX_KEY_BYTES);
  }

  /** A key on its way through a look-up; null if it can be no key, and so is absent. */
  @Nullable KeyBytes sought(Object key) {
    if (keyWords != null) {
      return KeyBytes.ofLong(keyWords.word(keyOf(key)));
    }
    byte[] bytes = encodeSought(key);
    return bytes == null ? null : new KeyBytes(bytes);
  }

  /** The key that an untyped method was given; a {@link ClassCastException} tells a wrong type. */
  @SuppressWarnings("unchecked") // the codec casts it
  K keyOf(Object key) {
    return (K) Objects.requireNonNull(key, "key");
  }

  K decodeKey(EntryBytes entry) {
    return keyWords == null ? decode(keys, entry.key()) : keyWords.ofWord(entry.keyWord());
  }

  // ---------------------------------------------------------------- values

  byte[] encodeValue(V value) {
    byte[] bytes = values.encode(Objects.requireNonNull(value, "value"));
    int stamp = geometry.stampBytes();
    int width = geometry.valueWidth() == 0 ? 0 : geometry.valueWidth() - stamp;
    return checked("value", bytes, width, Geometry.MAX_VALUE_BYTES - stamp);
  }

  /** The bytes of a value, after room for the stamp that the writer sets if entries expire. */
  byte[] stamped(V value) {
    return afterStamp(encodeValue(value));
  }

  /** Bytes after room for a stamp, if entries expire. */
  byte[] afterStamp(byte[] bytes) {
    int room = geometry.stampBytes();
    if (room == 0) {
      return bytes;
    }
    byte[] both = new byte[room + bytes.length];
    System.arraycopy(bytes, 0, both, room, bytes.length);
    return both;
  }

  /**
   * A value that another is to be compared with, as bytes; null if no value can be equal to it.
   * Only if they are {@linkplain #isCanonical canonical}.
   */
  byte @Nullable [] encodeExpected(Object value) {
    V expected = valueOf(value);
    try {
      return encodeValue(expected);
    } catch (IllegalArgumentException | EntryTooLargeException _) {
      return null;
    }
  }

  /** Whether values are equal if their bytes are, and only then. */
  boolean isCanonical() {
    return values instanceof CanonicalCodec<V> && values.isKey();
  }

  /** Whether the value of some bytes equals another one: by {@code equals}, arrays by content. */
  boolean isEqual(byte[] bytes, Object other) {
    return isEqual(decodeValue(bytes), other);
  }

  /** The same of a value. */
  boolean isEqual(V value, Object other) {
    return value instanceof byte[] own && other instanceof byte[] array
        ? Arrays.equals(own, array)
        : value.equals(other);
  }

  /** The value that an untyped method was given. */
  @SuppressWarnings("unchecked") // the codec casts it
  V valueOf(Object value) {
    return (V) Objects.requireNonNull(value, "value");
  }

  /** A value that a write found, with its stamp; null if it found none. */
  @Nullable V decodePrevious(@Nullable ValueCopy copy) {
    if (copy == null) {
      return null;
    }
    byte[] bytes = copy.bytes();
    int stamp = geometry.stampBytes();
    return values.decode(bytes, stamp, bytes.length - stamp);
  }

  /** A value that a look-up found. */
  V decodeValue(ValueCopy copy) {
    if (copy.isWord() && valueWords != null) {
      return valueWords.ofWord(copy.word());
    }
    byte[] bytes = copy.bytes();
    if (areBytes) {
      @SuppressWarnings("unchecked") // V is byte[], and the copy is nobody else's
      V own = (V) bytes;
      return own;
    }
    return values.decode(bytes, 0, bytes.length);
  }

  V decodeValue(byte[] bytes) {
    return decode(values, bytes);
  }

  V decodeValue(EntryBytes entry) {
    return valueWords == null ? decodeValue(entry.value()) : valueWords.ofWord(entry.valueWord());
  }

  /** The bytes are needed afterwards, and a user's codec may work in the array that it is given. */
  private static <T> T decode(Codec<T> codec, byte[] bytes) {
    boolean isOurs = codec instanceof CanonicalCodec<T> || codec instanceof RecordCodec<?>;
    return codec.decode(isOurs ? bytes : bytes.clone(), 0, bytes.length);
  }

  private static byte[] checked(String what, byte[] bytes, int width, int limit) {
    if (width > 0 && bytes.length != width) {
      throw new IllegalArgumentException(
          "a codec of width %d made a %s of %,d bytes".formatted(width, what, bytes.length));
    }
    if (bytes.length > limit) {
      throw new EntryTooLargeException(
          "%s of %,d bytes: the limit is %,d".formatted(what, bytes.length, limit));
    }
    return bytes;
  }
}
