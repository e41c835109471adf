package dev.hmap.crash;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.hmap.Codec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A kind of store: what its keys and values are, made from small numbers. */
abstract sealed class Shape<K, V> {
  private static final Hasher64 HASHER = Hashing.xxh3_64(7);

  /** A power of two. */
  private static final int HASHES = 1 << 14;

  /** Both in the bucket. */
  static final Shape<Long, Long> LONGS = new Longs();

  /** Both in entries. */
  static final Shape<String, String> STRINGS = new Strings();

  /** Keys in the bucket, values in entries. */
  static final Shape<Long, String> MIXED = new Mixed(0);

  /** The same with entries that expire. */
  static final Shape<Long, String> EXPIRING = new Mixed(10_000);

  final Codec<K> keys;
  final Codec<V> values;

  /** How long entries live, 0 for ever. */
  final long lifeMillis;

  private final Hashed[] hashes = new Hashed[HASHES];

  private Shape(Codec<K> keys, Codec<V> values) {
    this(keys, values, 0);
  }

  private Shape(Codec<K> keys, Codec<V> values, long lifeMillis) {
    this.keys = keys;
    this.values = values;
    this.lifeMillis = lifeMillis;
  }

  boolean expires() {
    return lifeMillis > 0;
  }

  abstract K key(int number);

  /** A value of which every part depends on {@code tag}. */
  abstract V value(long tag, int length);

  /** The hash of an entry; the sum of all is that of a map. */
  static long hash(byte[] key, byte[] value) {
    long h = HASHER.hashBytesToLong(key) * 31 + HASHER.hashBytesToLong(value);
    h = (h ^ h >>> 32) * 0x9E3779B97F4A7C15L;
    return h ^ h >>> 29;
  }

  /**
   * The same of the entry that is made from these; remembered, since models ask again and again.
   */
  long hash(int key, long tag, int length) {
    int at = (int) ((tag * 31 + key) * 31 + length) & hashes.length - 1;
    Hashed hashed = hashes[at];
    if (hashed == null || hashed.key != key || hashed.tag != tag || hashed.length != length) {
      long hash = hash(keys.encode(key(key)), values.encode(value(tag, length)));
      hashed = new Hashed(key, tag, length, hash);
      hashes[at] = hashed;
    }
    return hashed.hash;
  }

  private record Hashed(int key, long tag, int length, long hash) {}

  /** A mark of which every part depends on {@code tag}. */
  static byte[] mark(long tag, int length) {
    return text(tag, length).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(long tag, int length) {
    byte[] bytes = new byte[length];
    ByteBuffer to = ByteBuffer.wrap(bytes);
    long x = tag;
    while (to.hasRemaining()) {
      x = (x + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
      x ^= x >>> 31;
      long letters = (x & 0x0F0F_0F0F_0F0F_0F0FL) + 0x6161_6161_6161_6161L; // of 'a' to 'p'
      if (to.remaining() >= Long.BYTES) {
        to.putLong(letters);
      } else {
        for (; to.hasRemaining(); letters >>>= Byte.SIZE) {
          to.put((byte) letters);
        }
      }
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static final class Longs extends Shape<Long, Long> {
    Longs() {
      super(Codec.LONG, Codec.LONG);
    }

    @Override
    Long key(int number) {
      return (long) number;
    }

    @Override
    Long value(long tag, int length) {
      return tag;
    }
  }

  private static final class Strings extends Shape<String, String> {
    Strings() {
      super(Codec.STRING, Codec.STRING);
    }

    @Override
    String key(int number) {
      return "key-" + number;
    }

    @Override
    String value(long tag, int length) {
      return text(tag, length);
    }
  }

  private static final class Mixed extends Shape<Long, String> {
    Mixed(long lifeMillis) {
      super(Codec.LONG, Codec.STRING, lifeMillis);
    }

    @Override
    Long key(int number) {
      return (long) number;
    }

    @Override
    String value(long tag, int length) {
      return text(tag, length);
    }
  }
}
