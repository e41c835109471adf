package dev.hmap.cli.text;

import dev.hmap.Codec;
import dev.hmap.cli.text.ScalarText.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The codecs of single values as text: numbers in decimal, {@code instant} in ISO 8601, {@code
 * uuid} in its canonical form, {@code string} as it is, {@code bytes} in hexadecimal, which may
 * begin with {@code 0x}.
 */
final class Scalars {
  /** What they are called. */
  static final List<String> NAMES =
      List.of(
          "boolean", "byte", "short", "int", "long", "float", "double", "instant", "uuid", "string",
          "bytes");

  private static final Pattern CANONICAL_UUID =
      Pattern.compile("\\p{XDigit}{8}-(\\p{XDigit}{4}-){3}\\p{XDigit}{12}");

  private static final Text<Boolean> BOOLEAN =
      new ScalarText<>(Codec.BOOLEAN, Scalars::parseBoolean, String::valueOf, Json.BOOLEAN);
  private static final Text<Byte> BYTE =
      number(Codec.BYTE, "a decimal number from -128 to 127", Byte::valueOf);
  private static final Text<Short> SHORT =
      number(Codec.SHORT, "a decimal number from -32768 to 32767", Short::valueOf);
  private static final Text<Integer> INT =
      number(Codec.INT, "a decimal number from -2^31 to 2^31-1", Integer::valueOf);
  private static final Text<Long> LONG =
      number(Codec.LONG, "a decimal number from -2^63 to 2^63-1", Long::valueOf);
  private static final Text<Float> FLOAT = number(Codec.FLOAT, "a number like 1.5", Float::valueOf);
  private static final Text<Double> DOUBLE =
      number(Codec.DOUBLE, "a number like 1.5", Double::valueOf);
  private static final Text<Instant> INSTANT = string(Codec.INSTANT, Scalars::parseInstant);
  private static final Text<UUID> UUID_TEXT = string(Codec.UUID, Scalars::parseUuid);
  private static final Text<String> STRING = string(Codec.STRING, Function.identity());
  private static final Text<byte[]> BYTES =
      new ScalarText<>(Codec.BYTES, Scalars::parseHex, HexFormat.of()::formatHex, Json.STRING);

  private Scalars() {}

  /** The text form for a name, null if there is none of that name. */
  static @Nullable Text<?> of(String name) {
    return switch (name) {
      case "boolean" -> BOOLEAN;
      case "byte" -> BYTE;
      case "short" -> SHORT;
      case "int" -> INT;
      case "long" -> LONG;
      case "float" -> FLOAT;
      case "double" -> DOUBLE;
      case "instant" -> INSTANT;
      case "uuid" -> UUID_TEXT;
      case "string" -> STRING;
      case "bytes" -> BYTES;
      default -> null;
    };
  }

  private static <T> Text<T> string(Codec<T> codec, Function<String, T> parser) {
    return new ScalarText<>(codec, parser, String::valueOf, Json.STRING);
  }

  private static <T> Text<T> number(Codec<T> codec, String form, Function<String, T> parser) {
    return new ScalarText<>(
        codec,
        text -> {
          try {
            return parser.apply(text);
          } catch (NumberFormatException _) {
            throw Text.expected(text, codec.shape(), form);
          }
        },
        String::valueOf,
        Json.NUMBER);
  }

  private static boolean parseBoolean(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw Text.expected(text, "boolean", "true or false");
    };
  }

  private static Instant parseInstant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException _) {
      throw Text.expected(text, "instant", "like 2001-02-03T04:05:06Z");
    }
  }

  private static UUID parseUuid(String text) {
    if (!CANONICAL_UUID.matcher(text).matches()) { // UUID.fromString takes shorter groups too
      throw Text.expected(text, "uuid", "like 123e4567-e89b-12d3-a456-426614174000");
    }
    return UUID.fromString(text);
  }

  private static byte[] parseHex(String text) {
    String digits = text.startsWith("0x") ? text.substring(2) : text;
    try {
      return HexFormat.of().parseHex(digits);
    } catch (IllegalArgumentException _) {
      throw Text.expected(text, "bytes", "an even number of hexadecimal digits");
    }
  }
}
