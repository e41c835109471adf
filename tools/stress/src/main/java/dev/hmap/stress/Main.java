package dev.hmap.stress;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/**
 * Runs jcstress and judges its results by itself: jcstress is content when it found no test or no
 * JVM to run, and it cannot be told that a test with a planted bug must fail.
 *
 * <p>Everything is written to the current directory.
 */
public final class Main {
  private static final Path LOG = Path.of("jcstress.log");
  private static final Path REPORT = Path.of("report", "index.html");

  /** Few states at a time: reader and writer stay close together, and the memory is small. */
  private static final String COMMON = "-strideSize 16 -strideCount 16 -r report";

  private static final String NOT_PLANTED = " -t ^(?!.*\\.Planted)";

  /** What to run. */
  private enum Run {
    /** A short look at every test, for each build. */
    QUICK(false, "-sc false -fsm 1 -iters 1 -time 150 -pth false" + NOT_PLANTED),
    /** Every mix of interpreter and compilers for reader and writer, with compiler stress. */
    CAMPAIGN(false, "-m default" + NOT_PLANTED),
    /** The tests with a planted bug, each of which must fail. */
    PLANTED(true, "-sc false -fsm 1 -iters 5 -time 200 -pth false -t \\.Planted");

    final boolean mustFail;
    final String options;

    Run(boolean mustFail, String options) {
      this.mustFail = mustFail;
      this.options = options;
    }
  }

  /** What became of a test in all its forks. */
  private static final class Verdict {
    int forks;
    int errors;
    long samples;
    long meetings;
    long forbidden;

    void add(TestResult result) {
      forks++;
      if (result.status() != Status.NORMAL) {
        errors++;
        return;
      }
      samples += result.getTotalCount();
      meetings += result.getCount("CHANGE");
      result.grading().gradingResults.values().stream()
          .filter(g -> g.expect == Expect.FORBIDDEN)
          .forEach(g -> forbidden += g.count);
    }

    boolean isAsItShould(boolean mustFail) {
      return samples > 0 && errors == 0 && forbidden > 0 == mustFail;
    }

    @Override
    public String toString() {
      return "%,4d forks %,14d samples %,12d meetings %,8d forbidden %,3d errors"
          .formatted(forks, samples, meetings, forbidden, errors);
    }
  }

  private Main() {}

  /**
   * Exits with 0 if every test ended as it should, else with 1.
   *
   * @param args {@code quick}, {@code campaign} or {@code planted}; then options for jcstress, each
   *     with its value
   */
  public static void main(String[] args) throws Exception {
    Run run = Run.valueOf(args[0].toUpperCase(Locale.ROOT));
    Map<String, String> options = new TreeMap<>();
    set(options, COMMON.split(" "));
    set(options, run.options.split(" "));
    Long seconds = Long.getLong("stress.seconds");
    if (seconds != null) {
      set(options, "-tb", seconds + "s");
    }
    set(options, Arrays.copyOfRange(args, 1, args.length));
    System.out.println("jcstress, " + args[0] + ": see " + LOG.toAbsolutePath());

    long start = System.nanoTime();
    Map<String, Verdict> verdicts = run(options);
    boolean good = !verdicts.isEmpty();
    for (var e : verdicts.entrySet()) {
      boolean isAsItShould = e.getValue().isAsItShould(run.mustFail);
      good &= isAsItShould;
      System.out.printf("%-3s %-52s %s%n", isAsItShould ? "ok" : "BAD", e.getKey(), e.getValue());
    }
    System.out.printf(
        "jcstress, %s: %s after %d s; see %s%n",
        args[0],
        good ? "all as it should be" : "FAILED",
        Duration.ofNanos(System.nanoTime() - start).toSeconds(),
        REPORT.toAbsolutePath());
    System.exit(good ? 0 : 1);
  }

  private static void set(Map<String, String> options, String... pairs) {
    for (int i = 0; i < pairs.length; i += 2) {
      options.put(pairs[i], pairs[i + 1]);
    }
  }

  /** Runs jcstress, with all it says going to the log; an empty map if it refused. */
  private static Map<String, Verdict> run(Map<String, String> named) throws Exception {
    PrintStream console = System.out;
    Map<String, Verdict> verdicts = new TreeMap<>();
    try (PrintStream log =
        new PrintStream(Files.newOutputStream(LOG), true, StandardCharsets.UTF_8)) {
      System.setOut(log);
      String[] line =
          named.entrySet().stream()
              .flatMap(e -> Stream.of(e.getKey(), e.getValue()))
              .toArray(String[]::new);
      Options options = new Options(line);
      if (!options.parse()) {
        return verdicts;
      }
      JCStress jcstress = new JCStress(options);
      jcstress.getTests().forEach(t -> verdicts.put(shortName(t), new Verdict()));
      try {
        jcstress.run();
      } catch (AssertionError e) {
        log.println(e.getMessage()); // some test failed, which may be as it should
      }
      for (TestResult r : results(options.getResultFile())) {
        verdicts.computeIfAbsent(shortName(r.getName()), n -> new Verdict()).add(r);
      }
    } finally {
      System.setOut(console);
    }
    return verdicts;
  }

  private static String shortName(String test) {
    return test.substring("dev.hmap.table.".length());
  }

  private static Collection<TestResult> results(String file)
      throws IOException, ClassNotFoundException {
    InProcessCollector collector = new InProcessCollector();
    if (Files.exists(Path.of(file))) {
      DiskReadCollector reader = new DiskReadCollector(file, collector);
      reader.dump();
      reader.close();
    }
    return collector.getTestResults();
  }
}
