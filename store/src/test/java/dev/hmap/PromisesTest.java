package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The promises that page 08 says a test proves are those that the test bears as tags. */
class PromisesTest {
  private static final Path PAGE = Path.of("../format-spec/08-guarantees.md");
  private static final List<Path> TESTS = List.of(Path.of("src/test"), Path.of("../tools"));

  private static final Pattern ROW = Pattern.compile("^\\| (.+?) \\| (.+?) \\| .*\\|$");
  private static final Pattern NAME = Pattern.compile("^`([a-z-]+)`:|\\b(\\d+)\\b");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)`");
  private static final Pattern PACKAGE = Pattern.compile("the tests of `([a-z.]+)`");
  private static final Pattern TAG = Pattern.compile("@Tag\\(\"promise:([\\w-]+)\"\\)");

  @Test
  void theTestsOfAPromiseAreNotThoseThatThePageNames() throws IOException {
    Map<String, List<Path>> tests = tests();
    Map<String, Set<String>> told = told(tests);
    assertThat(told.keySet()).isSubsetOf(tests.keySet()).hasSizeGreaterThan(50);
    assertThat(told).isEqualTo(borne(tests));
  }

  @Test
  void aPromiseHasNoTest() throws IOException {
    List<String> promises =
        Files.readAllLines(PAGE).stream()
            .takeWhile(line -> !line.startsWith("## When entries expire"))
            .filter(line -> line.matches(" \\d+\\. .*"))
            .map(line -> line.strip().replaceFirst("\\..*", ""))
            .toList();
    Set<String> proved = new TreeSet<>();
    told(tests()).values().forEach(proved::addAll);
    assertThat(promises).hasSize(8);
    assertThat(proved).containsAll(promises);
  }

  /** The classes whose names end in Test; the small one of a class may share its name. */
  private static Map<String, List<Path>> tests() throws IOException {
    Map<String, List<Path>> tests = new TreeMap<>();
    for (Path root : TESTS) {
      try (Stream<Path> all = Files.walk(root)) {
        all.filter(file -> file.toString().endsWith("Test.java"))
            .forEach(file ->
                tests
                    .computeIfAbsent(
                        file.getFileName().toString().replace(".java", ""), _ -> new ArrayList<>())
                    .add(file));
      }
    }
    return tests;
  }

  /** The promises of each test, as the page has them. */
  private static Map<String, Set<String>> told(Map<String, List<Path>> tests) throws IOException {
    Map<String, Set<String>> told = new TreeMap<>();
    List<String> section =
        Files.readAllLines(PAGE).stream()
            .dropWhile(line -> !line.startsWith("## How it is tested"))
            .takeWhile(line -> !line.startsWith("## The environment"))
            .toList();
    for (String line : section) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Set<String> promises = new TreeSet<>();
        for (Matcher name = NAME.matcher(row.group(1)); name.find(); ) {
          promises.add(name.group(1) == null ? name.group(2) : name.group(1));
        }
        named(row.group(2), tests)
            .forEach(test -> told.computeIfAbsent(test, _ -> new TreeSet<>()).addAll(promises));
      }
    }
    return told;
  }

  private static Set<String> named(String text, Map<String, List<Path>> tests) {
    Set<String> named = new TreeSet<>();
    TEST.matcher(text).results().forEach(test -> named.add(test.group(1)));
    for (Matcher of = PACKAGE.matcher(text); of.find(); ) {
      Path folder = Path.of("src/test/java", of.group(1).replace('.', '/'));
      tests.forEach((name, files) -> {
        if (files.stream().anyMatch(file -> file.startsWith(folder))) {
          named.add(name);
        }
      });
    }
    return named;
  }

  /** The promises of each test that has any, as its tags have them. */
  private static Map<String, Set<String>> borne(Map<String, List<Path>> tests) throws IOException {
    Map<String, Set<String>> borne = new TreeMap<>();
    for (Map.Entry<String, List<Path>> test : tests.entrySet()) {
      for (Path file : test.getValue()) {
        TAG.matcher(Files.readString(file))
            .results()
            .map(tag -> tag.group(1))
            .forEach(tag -> borne.computeIfAbsent(test.getKey(), _ -> new TreeSet<>()).add(tag));
      }
    }
    return borne;
  }
}
