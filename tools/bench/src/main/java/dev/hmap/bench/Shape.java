package dev.hmap.bench;

import dev.hmap.Codec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * What kind of keys and values a map holds. Keys and values are functions of an index: nothing is
 * kept, and every engine gets the same.
 *
 * @param name on the command line and in reports
 * @param keyBytes of each key
 * @param valueBytes of each value
 * @param keys also how engines that know bytes only are given keys
 * @param values the same for values
 * @param key of an index; another for each index
 * @param value of an index, a new object
 * @param check eight bytes of a value, for which it must be read
 */
record Shape<K, V>(
    String name,
    int keyBytes,
    int valueBytes,
    Codec<K> keys,
    Codec<V> values,
    LongFunction<K> key,
    LongFunction<V> value,
    ToLongFunction<V> check) {

  static final Shape<Long, Long> LONG =
      new Shape<>(
          "long",
          Long.BYTES,
          Long.BYTES,
          Codec.LONG,
          Codec.LONG,
          Mix::of,
          i -> Mix.of(~i),
          Long::longValue);

  static final Shape<String, byte[]> STRING =
      new Shape<>(
          "string", 20, 100, Codec.STRING, Codec.BYTES, Shape::name, bytes(100), Shape::first);

  static final Shape<UUID, byte[]> UUID16 =
      new Shape<>(
          "uuid", 16, 2048, Codec.UUID, Codec.BYTES, Shape::uuid, bytes(2048), Shape::first);

  static final List<Shape<?, ?>> ALL = List.of(LONG, STRING, UUID16);

  private static final HexFormat HEX = HexFormat.of();

  /** Indexes from here on are of keys that no map holds. */
  static final long ABSENT = 1L << 40;

  static Shape<?, ?> named(String name) {
    return ALL.stream()
        .filter(s -> s.name.equals(name))
        .findAny()
        .orElseThrow(() -> new IllegalArgumentException("no shape '%s'".formatted(name)));
  }

  /** Bytes of an entry, without what an engine adds. */
  long entryBytes() {
    return (long) keyBytes + valueBytes;
  }

  K keyOf(long index) {
    return key.apply(index);
  }

  V valueOf(long index) {
    return value.apply(index);
  }

  private static String name(long index) {
    byte[] text = new byte[20];
    text[0] = 'k';
    text[1] = 'e';
    text[2] = 'y';
    text[3] = '-';
    long bits = Mix.of(index);
    for (int at = text.length - 1; at > 3; at--, bits >>>= 4) {
      text[at] = (byte) HEX.toLowHexDigit((int) bits & 15);
    }
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static UUID uuid(long index) {
    return new UUID(Mix.of(index), Mix.of(~index));
  }

  private static LongFunction<byte[]> bytes(int length) {
    byte[] template = new byte[length];
    new Random(length).nextBytes(template);
    return index -> {
      byte[] value = template.clone();
      ByteBuffer.wrap(value).putLong(Mix.of(index));
      return value;
    };
  }

  private static long first(byte[] value) {
    return ByteBuffer.wrap(value).getLong();
  }
}
