package dev.hmap.cli.text;

import dev.hmap.cli.console.UsageException;

/**
 * Writes the characters that would end a field or a line, or be skipped at the beginning of a file,
 * as a backslash and a letter.
 */
public final class Escapes {
  private static final String CHARACTERS = "\t\n\r\\\0\uFEFF";
  private static final String LETTERS = "tnr\\0b";

  private Escapes() {}

  /** With {@code \t \n \r \\ \0}, and {@code \b} for a byte order mark, U+FEFF. */
  public static String escape(String text) {
    int plain = 0;
    while (plain < text.length() && CHARACTERS.indexOf(text.charAt(plain)) < 0) {
      plain++;
    }
    if (plain == text.length()) {
      return text;
    }
    StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, plain);
    for (int i = plain; i < text.length(); i++) {
      char c = text.charAt(i);
      int which = CHARACTERS.indexOf(c);
      if (which < 0) {
        escaped.append(c);
      } else {
        escaped.append('\\').append(LETTERS.charAt(which));
      }
    }
    return escaped.toString();
  }

  /**
   * What {@link #escape} made a text of.
   *
   * @param more characters that stand for themselves after a backslash
   * @throws UsageException if a backslash stands before anything else
   */
  public static String unescape(String text, String more) {
    int backslash = text.indexOf('\\');
    if (backslash < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    int from = 0;
    while (backslash >= 0) {
      plain.append(text, from, backslash);
      char letter = backslash + 1 < text.length() ? text.charAt(backslash + 1) : ' ';
      int which = LETTERS.indexOf(letter);
      if (which < 0 && more.indexOf(letter) < 0) {
        throw new UsageException(
            "%s has a backslash that is not of \\t \\n \\r \\\\ \\0 \\b"
                .formatted(Text.quoted(text)));
      }
      plain.append(which < 0 ? letter : CHARACTERS.charAt(which));
      from = backslash + 2;
      backslash = text.indexOf('\\', from);
    }
    return plain.append(text, from, text.length()).toString();
  }
}
