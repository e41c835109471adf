package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guide to the source names what is there. */
class SourceGuideTest {
  private static final List<Path> ROOTS =
      List.of(Path.of("src/main/java"), Path.of("src/test/java"), Path.of("../tools/stress/src"));

  private static final Pattern TYPE = Pattern.compile("`([A-Z]\\w+)`");
  private static final Pattern METHOD = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`");

  @Test
  void theGuideNamesATypeOrMethodThatIsGone() throws IOException {
    String guide = Files.readString(Path.of("README.md"));
    Map<String, String> sources = sources();
    List<String> gone = new ArrayList<>();
    int named = 0;
    for (Matcher type = TYPE.matcher(guide); type.find(); named++) {
      String name = type.group(1);
      if (!sources.containsKey(name) && !name.equals("HashMap") && !name.equals("SYNC")) {
        gone.add(name);
      }
    }
    for (Matcher method = METHOD.matcher(guide); method.find(); named++) {
      String source = sources.getOrDefault(method.group(1), "");
      if (!Pattern.compile("\\b" + method.group(2) + "\\(").matcher(source).find()) {
        gone.add(method.group());
      }
    }
    assertThat(gone).isEmpty();
    assertThat(named).isGreaterThan(60);
  }

  /** By the name of the type that each file holds. */
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (Path root : ROOTS) {
      try (Stream<Path> all = Files.walk(root)) {
        for (Path file : all.filter(path -> path.toString().endsWith(".java")).toList()) {
          String name = file.getFileName().toString().replace(".java", "");
          sources.put(name, Files.readString(file));
        }
      }
    }
    return sources;
  }
}
