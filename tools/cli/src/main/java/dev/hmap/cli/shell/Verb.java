package dev.hmap.cli.shell;

import dev.hmap.cli.console.UsageException;
import dev.hmap.cli.text.Text;
import java.util.Locale;

/** A command of the shell. */
enum Verb {
  GET("KEY", "prints the value of a key", 1, 1),
  PUT("KEY VALUE", "writes an entry", 2, 2),
  DEL("KEY", "removes a key", 1, 1),
  SCAN("[N]", "prints N entries, in no order; 20 by default", 0, 1),
  COUNT("", "prints how many entries there are", 0, 0),
  STAT("", "prints the key figures", 0, 0),
  HELP("", "prints this", 0, 0),
  EXIT("", "ends the shell, as the end of its input does", 0, 0);

  private final String arguments;
  private final String description;
  private final int least;
  private final int most;

  Verb(String arguments, String description, int least, int most) {
    this.arguments = arguments;
    this.description = description;
    this.least = least;
    this.most = most;
  }

  /**
   * The verb of a word.
   *
   * @throws UsageException if there is none
   */
  static Verb of(String word) {
    for (Verb verb : values()) {
      if (verb.word().equals(word)) {
        return verb;
      }
    }
    throw new UsageException("there is no command %s: see help".formatted(Text.quoted(word)));
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether its first argument is a key. */
  boolean takesKey() {
    return arguments.startsWith("KEY");
  }

  /** Checks the number of its arguments. */
  void check(int given) {
    if (given < least || given > most) {
      throw new UsageException(
          "%s takes %s, not %d words; write quotes about a word with spaces"
              .formatted(word(), arguments.isEmpty() ? "nothing" : arguments, given));
    }
  }

  /** Its line of help. */
  String help() {
    return "%-14s %s".formatted(word() + " " + arguments, description);
  }
}
