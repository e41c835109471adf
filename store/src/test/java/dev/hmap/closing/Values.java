package dev.hmap.closing;

import dev.hmap.Codec;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Keys and values of one type; of a value can be told whether it is its key's, and whole. */
abstract class Values<K, V> {
  private static final int MAX_WORDS = 25;

  final Codec<K> keys;
  final Codec<V> values;

  private Values(Codec<K> keys, Codec<V> values) {
    this.keys = keys;
    this.values = values;
  }

  /** The types there are. */
  enum Type {
    BYTES,
    STRINGS,
    RECORDS,
    LONGS
  }

  static Values<?, ?> of(Type type) {
    return switch (type) {
      case BYTES -> new Bytes();
      case STRINGS -> new Strings();
      case RECORDS -> new Records();
      case LONGS -> new Longs();
    };
  }

  /** The key of a number. */
  abstract K key(int i);

  /** One of the values that a key may have. */
  abstract V value(K key, int n);

  abstract boolean isOf(K key, V value);

  private static final class Bytes extends Values<Long, byte[]> {
    Bytes() {
      super(Codec.LONG, Codec.BYTES);
    }

    @Override
    Long key(int i) {
      return (long) i;
    }

    @Override
    byte[] value(Long key, int n) {
      ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * (2 + n % MAX_WORDS));
      bytes.putInt(n).putInt(0);
      while (bytes.hasRemaining()) {
        bytes.putLong(key ^ n);
      }
      return bytes.array();
    }

    @Override
    boolean isOf(Long key, byte[] value) {
      return value.length > Long.BYTES
          && Arrays.equals(value, value(key, ByteBuffer.wrap(value).getInt()));
    }
  }

  private static final class Strings extends Values<String, String> {
    Strings() {
      super(Codec.STRING, Codec.STRING);
    }

    @Override
    String key(int i) {
      return "key" + i;
    }

    @Override
    String value(String key, int n) {
      return n + ":" + key + Character.toString('a' + n % 26).repeat(8 * (n % MAX_WORDS));
    }

    @Override
    boolean isOf(String key, String value) {
      int end = value.indexOf(':');
      return end > 0 && value.equals(value(key, Integer.parseInt(value.substring(0, end))));
    }
  }

  /** A value that lies in its bucket. */
  record Triple(long n, long xor, long not) {}

  private static final class Records extends Values<Long, Triple> {
    Records() {
      super(Codec.LONG, Codec.record(Triple.class));
    }

    @Override
    Long key(int i) {
      return (long) i;
    }

    @Override
    Triple value(Long key, int n) {
      return new Triple(n, key ^ n, ~n);
    }

    @Override
    boolean isOf(Long key, Triple value) {
      return value.equals(value(key, (int) value.n));
    }
  }

  /** Keys and values that are read without an object. */
  private static final class Longs extends Values<Long, Long> {
    private static final int KEY_BITS = 20;

    Longs() {
      super(Codec.LONG, Codec.LONG);
    }

    @Override
    Long key(int i) {
      return (long) i;
    }

    @Override
    Long value(Long key, int n) {
      return (long) n << KEY_BITS | key;
    }

    @Override
    boolean isOf(Long key, Long value) {
      return (value & (1L << KEY_BITS) - 1) == key;
    }
  }
}
