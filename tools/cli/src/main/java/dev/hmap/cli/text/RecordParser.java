package dev.hmap.cli.text;

import dev.hmap.cli.console.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads the text form of a record: {@code name=value}, with commas between, in parentheses. A value
 * that could be taken for something else, or begins or ends with a space, stands in double quotes
 * with {@linkplain Escapes escapes}.
 */
final class RecordParser {
  private static final Pattern NEEDS_QUOTES = Pattern.compile("[,()\"\\\\\\p{Cntrl}]|^ | \\z");

  private final String shape;
  private final String text;
  private int at;

  /**
   * For one record.
   *
   * @param shape of it, for messages
   */
  RecordParser(String shape, String text) {
    this.shape = shape;
    this.text = text;
  }

  /** A component's value as it must be written. */
  static String quote(String value) {
    return NEEDS_QUOTES.matcher(value).find()
        ? '"' + Escapes.escape(value).replace("\"", "\\\"") + '"'
        : value;
  }

  /** The whole text as a record. */
  List<Object> parse(RecordText record) {
    List<Object> components = components(record);
    if (at < text.length()) {
      throw expected("nothing");
    }
    return components;
  }

  private List<Object> components(RecordText record) {
    List<Object> components = new ArrayList<>();
    String before = "(";
    for (RecordText.Part part : record.parts()) {
      take(before);
      take(part.name());
      take("=");
      RecordText nested = part.nested();
      components.add(nested == null ? part.text().parse(part.name(), value()) : components(nested));
      before = ",";
    }
    take(")");
    return components;
  }

  private void take(String token) {
    skipSpaces();
    if (!text.startsWith(token, at)) {
      throw expected(token);
    }
    at += token.length();
    skipSpaces();
  }

  private void skipSpaces() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private String value() {
    int start = at;
    if (!text.startsWith("\"", at)) {
      while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != ')') {
        at++;
      }
      int end = at;
      while (end > start && text.charAt(end - 1) == ' ') {
        end--;
      }
      return text.substring(start, end);
    }
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    if (at >= text.length()) {
      throw expected("\"");
    }
    return Escapes.unescape(text.substring(start + 1, at++), "\"");
  }

  private UsageException expected(String what) {
    int place = Math.min(at, text.length()) + 1;
    return new UsageException(
        "%s is not of the store's type %s: at character %,d %s is expected"
            .formatted(Text.quoted(text), shape, place, what));
  }
}
