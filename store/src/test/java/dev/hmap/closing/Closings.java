package dev.hmap.closing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Runs {@link ClosedReaders} for one way to start a JVM and one type of values. A JVM that crashes
 * is followed by another for the rounds that are left, a few times.
 */
final class Closings {
  private static final int ROUNDS_BETWEEN_LINES = 1_000;
  private static final int MAX_CRASHES = 10;
  private static final int MAX_WRONG = 100;

  private final Path folder;
  private final Values.Type type;
  private final List<String> options;
  private final List<String> said = new ArrayList<>();
  private int rounds;
  private int crashes;
  private int wrong;

  Closings(Path folder, Values.Type type, List<String> options) {
    this.folder = folder;
    this.type = type;
    this.options = options;
  }

  /** This many rounds, fewer if too much went wrong. */
  Closings run(int wanted, long seed) throws IOException, InterruptedException {
    while (rounds < wanted && crashes < MAX_CRASHES && wrong < MAX_WRONG) {
      process(wanted - rounds, seed + rounds);
    }
    return this;
  }

  boolean isGood() {
    return crashes == 0 && wrong == 0;
  }

  /** What went wrong, and where the JVM crashed. */
  List<String> said() {
    return said;
  }

  /** The line of a table. */
  @Override
  public String toString() {
    return "%-50s %-8s %,7d rounds %3d crashes %3d wrong"
        .formatted(
            String.join(" ", options),
            type.toString().toLowerCase(Locale.ROOT),
            rounds,
            crashes,
            wrong);
  }

  private void process(int wanted, long seed) throws IOException, InterruptedException {
    Path own = Files.createTempDirectory(folder, "closing");
    try {
      process(own.resolve("s.hmap"), own.resolve("crash.txt"), wanted, seed);
    } finally {
      deleteTree(own);
    }
  }

  private static void deleteTree(Path own) throws IOException {
    try (Stream<Path> all = Files.walk(own)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private void process(Path store, Path crash, int wanted, long seed)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(options);
    command.addAll(
        List.of(
            "-Xmx128m",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + crash,
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ClosedReaders.class.getName(),
            store.toString(),
            type.name(),
            Integer.toString(wanted),
            Long.toString(seed)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader out = process.inputReader()) {
      out.lines().forEach(this::take);
    } finally {
      process.destroyForcibly();
    }
    if (process.waitFor() != 0) {
      crashes++;
      said.add("round %,d: the JVM ended with %d".formatted(rounds, process.exitValue()));
      if (Files.exists(crash)) {
        said.add(frame(crash));
      }
    }
  }

  private void take(String line) {
    if (!line.isEmpty() && line.chars().allMatch(Character::isDigit)) {
      rounds++;
      tellProgress();
      return;
    }
    if (line.startsWith("wrong")) {
      wrong++;
    }
    said.add(line);
  }

  private void tellProgress() {
    if (rounds % ROUNDS_BETWEEN_LINES == 0) {
      System.out.println("closing: " + this);
    }
  }

  private static String frame(Path crash) throws IOException {
    try (Stream<String> lines = Files.lines(crash)) {
      return String.join(
          "\n",
          lines.dropWhile(l -> !l.startsWith("# Problematic frame")).skip(1).limit(1).toList());
    }
  }
}
