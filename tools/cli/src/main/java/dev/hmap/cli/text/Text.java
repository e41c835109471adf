package dev.hmap.cli.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.hmap.Codec;
import dev.hmap.cli.console.UsageException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Keys or values of one codec as text, as cells of a table, and as JSON. Whatever one of these
 * forms gives, it takes back as an equal value; where it cannot, a {@link UsageException} says what
 * the text should be.
 */
public interface Text<T> {
  Codec<T> codec();

  T parse(String text);

  String print(T typed);

  /** Adds the names of the columns that values take in a table; {@code name} is the whole's. */
  void columns(String name, List<String> to);

  /** Adds a value's cells, one for each column. */
  void toCells(T typed, List<String> to);

  /** Takes a value from its cells. */
  T fromCells(Cells from);

  void toJson(T typed, JsonGenerator to) throws IOException;

  /** Takes the value whose first token is the current one, and leaves its last the current one. */
  T fromJson(JsonParser from) throws IOException;

  /**
   * The text form for the codec of a shape, as a store remembers it.
   *
   * @throws UsageException if the shape is of no codec the command knows
   */
  static Text<?> of(String shape) {
    Text<?> scalar = Scalars.of(shape);
    if (scalar != null) {
      return scalar;
    }
    return EnumText.is(shape) ? EnumText.of(shape) : RecordText.of(shape);
  }

  /** The text form for a codec that a user names, with spaces where they like. */
  static Text<?> named(String codec) {
    int longest = 1000; // characters; the codec says so, and so no nesting is deep
    if (codec.length() > longest) {
      throw new UsageException(
          "a codec of %,d characters: the limit is %,d".formatted(codec.length(), longest));
    }
    String shape = codec.replace(" ", "");
    Text<?> scalar = Scalars.of(shape.toLowerCase(Locale.ROOT));
    if (scalar != null) {
      return scalar;
    }
    if (EnumText.is(shape) || RecordShape.is(shape)) {
      return of(shape);
    }
    throw new UsageException(
        ("%s is not a codec that can be created here: %s, enum(RED,GREEN)"
                + " and record(name:string,at:int) are")
            .formatted(quoted(codec), String.join(", ", Scalars.NAMES)));
  }

  /**
   * The typed form of a text from a file.
   *
   * @param what it is, for messages
   */
  default T parse(String what, String text) {
    try {
      return parse(text);
    } catch (UsageException e) {
      throw new UsageException("%s %s".formatted(what, e.getMessage()));
    }
  }

  /**
   * The typed form of an argument of the command line. The JVM has put the replacement character
   * where an argument was no UTF-8, so two different keys could become one.
   *
   * @param what it is, for messages
   */
  default T fromArgument(String what, String text) {
    if (text.indexOf('\uFFFD') >= 0) {
      throw new UsageException(
          "the %s is not valid UTF-8, or holds U+FFFD, which only import can take".formatted(what));
    }
    return parse(what, text);
  }

  /** For a text that is of another type. */
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
