package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps habits out of what users read that are foreign to English. */
class WordsTest {
  private static final Path ROOT = Path.of("..");

  private static final List<Path> FOLDERS =
      List.of(
          ROOT.resolve("store/src/main"),
          ROOT.resolve("store/README.md"),
          ROOT.resolve("tools"),
          ROOT.resolve("format-spec"),
          ROOT.resolve("README.md"));

  private static final Pattern FILES = Pattern.compile(".*/src/main/.*\\.java|.*\\.md");
  private static final Pattern OTHERS = Pattern.compile(".*/(node_modules|target)/.*");

  /** A line's end within a comment. */
  private static final Pattern BREAK = Pattern.compile("\\s*\\n\\s*(\\*(?!/)|//)?\\s*");

  private static final Pattern HABITS =
      Pattern.compile(
          "(?i)\\b("
              + String.join(
                  "|",
                  "has \\w+ \\w+ done", // "logs and applies"
                  "says that",
                  "(is|are) told",
                  "comes by",
                  "anew",
                  "so many",
                  "for one,",
                  "if not said",
                  "unless told",
                  "(?<!there )is no (?=(hmap|store|file|folder|regular|record|entry|operation)\\b)",
                  "(?<!far )behind (it|its|the (last|commit|head|end|rename))")
              + ")\\b");

  @Test
  void whatUsersReadHasAHabit() throws IOException {
    List<String> found = new ArrayList<>();
    int read = 0;
    for (Path folder : FOLDERS) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path file : all.filter(WordsTest::isRead).toList()) {
          read++;
          String text = BREAK.matcher(Files.readString(file)).replaceAll(" ");
          HABITS.matcher(text).results().map(habit -> shown(file, text, habit)).forEach(found::add);
        }
      }
    }
    assertThat(found).isEmpty();
    assertThat(read).isGreaterThan(250);
  }

  private static boolean isRead(Path file) {
    String name = file.toString();
    return FILES.matcher(name).matches() && !OTHERS.matcher(name).matches();
  }

  private static String shown(Path file, String text, MatchResult habit) {
    int from = Math.max(0, habit.start() - 40);
    int to = Math.min(text.length(), habit.end() + 40);
    return ROOT.relativize(file) + ": " + text.substring(from, to);
  }
}
