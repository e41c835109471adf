package dev.hmap.damage;

import dev.hmap.Codec;
import dev.hmap.format.Geometry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * What a sample's keys and values are, made from small numbers.
 *
 * @param keys their codec
 * @param values their codec
 * @param key the key of a number
 * @param value the value of a number, other for each
 */
record Kind<K, V>(Codec<K> keys, Codec<V> values, IntFunction<K> key, IntFunction<V> value) {
  /** Keys and values stand in the bucket. */
  static final Kind<Long, Long> LONGS =
      new Kind<>(Codec.LONG, Codec.LONG, n -> (long) n, n -> ~(long) n);

  /** Keys stand in the bucket, values are entries. */
  static final Kind<Long, String> MIXED =
      new Kind<>(Codec.LONG, Codec.STRING, n -> (long) n, Kind::text);

  /** Both are entries of many sizes. */
  static final Kind<String, String> STRINGS =
      new Kind<>(Codec.STRING, Codec.STRING, n -> "key-" + n, Kind::text);

  /** A number of this size and more makes a value with an extent of its own. */
  static final int LARGE = 1_000_000;

  private static String text(int n) {
    byte[] bytes = new byte[n >= LARGE ? 140_000 : n % 7 == 0 ? n % 900 : n % 40];
    Arrays.fill(bytes, (byte) ('a' + n % 26));
    return n + new String(bytes, StandardCharsets.US_ASCII);
  }

  Geometry geometry() {
    return new Geometry(keys.width(), values.width(), keys.shape(), values.shape());
  }

  /** The hash of an entry; the sum of all is that of a map. */
  long hash(K k, V v) {
    long h = Arrays.hashCode(keys.encode(k)) * 0x9E3779B97F4A7C15L;
    h = (h ^ h >>> 29 ^ Arrays.hashCode(values.encode(v))) * 0xBF58476D1CE4E5B9L;
    return h ^ h >>> 32;
  }
}
