package dev.hmap.cli.shell;

import dev.hmap.cli.console.UsageException;
import dev.hmap.cli.text.Escapes;
import dev.hmap.cli.text.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line into words at its spaces, as shells do. In single quotes everything stands for
 * itself; in double quotes there are {@link Escapes}; elsewhere a backslash takes the meaning from
 * the next character.
 */
final class Words {
  private final String line;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;
  private int at;

  private Words(String line) {
    this.line = line;
  }

  /**
   * The words of a line.
   *
   * @throws UsageException if a quote has no end
   */
  static List<String> of(String line) {
    Words words = new Words(line);
    words.split();
    return words.words;
  }

  private void split() {
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == ' ' || c == '\t') {
        endWord();
        continue;
      }
      inWord = true;
      switch (c) {
        case '\'' -> word.append(quoted(c));
        case '"' -> word.append(Escapes.unescape(quoted(c), "\""));
        case '\\' -> word.append(at < line.length() ? line.charAt(at++) : c);
        default -> word.append(c);
      }
    }
    endWord();
  }

  private void endWord() {
    if (inWord) {
      words.add(word.toString());
      word.setLength(0);
      inWord = false;
    }
  }

  /** What stands up to the closing quote, and goes after that. */
  private String quoted(char quote) {
    int start = at;
    while (at < line.length() && line.charAt(at) != quote) {
      at += quote == '"' && line.charAt(at) == '\\' ? 2 : 1;
    }
    if (at >= line.length()) {
      throw new UsageException("a quote without an end: " + Text.quoted(line.substring(start - 1)));
    }
    return line.substring(start, at++);
  }
}
