package dev.hmap.cli;

import dev.hmap.Codec;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Keys or values of one codec as text: numbers in decimal, {@code instant} in ISO 8601, {@code
 * uuid} in its canonical form, {@code string} as it is, {@code bytes} in hexadecimal, which may
 * begin with {@code 0x}, enums by name. Records can be printed, not written.
 */
final class Text<T> {
  private static final char REPLACEMENT = '\uFFFD';
  private static final Pattern CANONICAL_UUID =
      Pattern.compile("\\p{XDigit}{8}-(\\p{XDigit}{4}-){3}\\p{XDigit}{12}");

  private static final Text<Long> LONG = new Text<>(Codec.LONG, Text::parseLong, String::valueOf);
  private static final Text<Integer> INT = new Text<>(Codec.INT, Text::parseInt, String::valueOf);
  private static final Text<UUID> UUID_TEXT =
      new Text<>(Codec.UUID, Text::parseUuid, UUID::toString);
  private static final Text<String> STRING =
      new Text<>(Codec.STRING, Function.identity(), Function.identity());
  private static final Text<byte[]> BYTES =
      new Text<>(Codec.BYTES, Text::parseHex, HexFormat.of()::formatHex);

  private static final Text<Boolean> BOOLEAN =
      new Text<>(Codec.BOOLEAN, Text::parseBoolean, String::valueOf);
  private static final Text<Byte> BYTE =
      new Text<>(
          Codec.BYTE,
          number("byte", "a decimal number from -128 to 127", Byte::valueOf),
          String::valueOf);
  private static final Text<Short> SHORT =
      new Text<>(
          Codec.SHORT,
          number("short", "a decimal number from -32768 to 32767", Short::valueOf),
          String::valueOf);
  private static final Text<Float> FLOAT =
      new Text<>(
          Codec.FLOAT, number("float", "a number like 1.5", Float::valueOf), String::valueOf);
  private static final Text<Double> DOUBLE =
      new Text<>(
          Codec.DOUBLE, number("double", "a number like 1.5", Double::valueOf), String::valueOf);
  private static final Text<Instant> INSTANT =
      new Text<>(Codec.INSTANT, Text::parseInstant, Instant::toString);

  private final Codec<T> codec;
  private final Function<String, T> parser;
  private final Function<T, String> printer;

  Text(Codec<T> codec, Function<String, T> parser, Function<T, String> printer) {
    this.codec = codec;
    this.parser = parser;
    this.printer = printer;
  }

  /**
   * The text form for the codec of a shape, as a store remembers it.
   *
   * @throws UsageException if the shape is of no codec the command knows
   */
  static Text<?> of(String shape) {
    return switch (shape) {
      case "long" -> LONG;
      case "int" -> INT;
      case "uuid" -> UUID_TEXT;
      case "string" -> STRING;
      case "bytes" -> BYTES;
      case "boolean" -> BOOLEAN;
      case "byte" -> BYTE;
      case "short" -> SHORT;
      case "float" -> FLOAT;
      case "double" -> DOUBLE;
      case "instant" -> INSTANT;
      default -> {
        if (EnumText.is(shape)) {
          yield EnumText.of(shape);
        }
        RecordText codec = RecordText.of(shape);
        yield new Text<>(
            codec,
            text -> {
              throw codec.refusal(text);
            },
            Function.identity());
      }
    };
  }

  /** The text form for a codec that a user names. */
  static Text<?> named(String codec) {
    return switch (codec.toLowerCase(Locale.ROOT)) {
      case "long",
          "int",
          "uuid",
          "string",
          "bytes",
          "boolean",
          "byte",
          "short",
          "float",
          "double",
          "instant" ->
          of(codec.toLowerCase(Locale.ROOT));
      default ->
          throw new UsageException(
              ("%s is no codec that can be created here: boolean, byte, short, int, long, float,"
                      + " double, instant, uuid, string and bytes are")
                  .formatted(codec));
    };
  }

  Codec<T> codec() {
    return codec;
  }

  /**
   * The typed form.
   *
   * @throws UsageException that says what the text should be
   */
  T parse(String text) {
    return parser.apply(text);
  }

  /**
   * The typed form of an argument of the command line. The JVM has put the replacement character
   * where an argument was no UTF-8, so two different keys could become one.
   *
   * @param what it is, for messages
   */
  T fromArgument(String what, String text) {
    if (text.indexOf(REPLACEMENT) >= 0) {
      throw new UsageException(
          "the %s is not valid UTF-8, or holds U+FFFD, which only import can take".formatted(what));
    }
    try {
      return parse(text);
    } catch (UsageException e) {
      throw new UsageException("%s %s".formatted(what, e.getMessage()));
    }
  }

  String print(T typed) {
    return printer.apply(typed);
  }

  private static long parseLong(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw expected(text, "long", "a decimal number from -2^63 to 2^63-1");
    }
  }

  private static int parseInt(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException _) {
      throw expected(text, "int", "a decimal number from -2^31 to 2^31-1");
    }
  }

  private static <T> Function<String, T> number(
      String shape, String form, Function<String, T> parser) {
    return text -> {
      try {
        return parser.apply(text);
      } catch (NumberFormatException _) {
        throw expected(text, shape, form);
      }
    };
  }

  private static boolean parseBoolean(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw expected(text, "boolean", "true or false");
    };
  }

  private static Instant parseInstant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException _) {
      throw expected(text, "instant", "like 2001-02-03T04:05:06Z");
    }
  }

  private static UUID parseUuid(String text) {
    if (!CANONICAL_UUID.matcher(text).matches()) { // UUID.fromString takes shorter groups too
      throw expected(text, "uuid", "like 123e4567-e89b-12d3-a456-426614174000");
    }
    return UUID.fromString(text);
  }

  private static byte[] parseHex(String text) {
    String digits = text.startsWith("0x") ? text.substring(2) : text;
    try {
      return HexFormat.of().parseHex(digits);
    } catch (IllegalArgumentException _) {
      throw expected(text, "bytes", "an even number of hexadecimal digits");
    }
  }

  static UsageException expected(String text, String shape, String form) {
    return new UsageException(
        "%s is not of the store's type %s: %s".formatted(quoted(text), shape, form));
  }

  /** A text for a message, which is one line and not a long one. */
  static String quoted(String text) {
    int most = 40;
    String shown = text.length() <= most ? text : text.substring(0, most) + "...";
    return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
  }
}
