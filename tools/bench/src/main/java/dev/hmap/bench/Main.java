package dev.hmap.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code bench} command. */
@Command(
    name = "bench",
    description = "Measures hmap beside other engines, in one run. See tools/bench/README.md.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    footer = {
      "",
      "Leaves bench.md, bench.json and charts. Ends with 1 if a measurement failed.",
      "",
      "Example: bench --entries 100000 --shapes long --workloads get-hit,get-miss --rounds 1"
    })
final class Main implements Callable<Integer> {
  private static final double BUSY = 0.5;

  @Spec private CommandSpec spec;

  @Option(
      names = "--entries",
      split = ",",
      defaultValue = "2000000",
      description = "Sizes of the maps.")
  private List<Long> entries;

  @Option(
      names = "--shapes",
      split = ",",
      showDefaultValue = Visibility.NEVER,
      description = "Kinds of keys and values; all by default: ${bench.shapes}.")
  private List<String> shapes = new ArrayList<>();

  @Option(
      names = "--engines",
      split = ",",
      showDefaultValue = Visibility.NEVER,
      description = "All by default: ${bench.engines}.")
  private List<String> engines = new ArrayList<>();

  @Option(
      names = "--workloads",
      split = ",",
      showDefaultValue = Visibility.NEVER,
      description = "All by default: ${bench.workloads}.")
  private List<String> workloads = new ArrayList<>();

  @Option(names = "--seconds", defaultValue = "2", description = "Of each measurement.")
  private double seconds;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "How often each is measured; medians are reported.")
  private int rounds;

  @Option(
      names = "--threads",
      defaultValue = "4",
      description = "For mixed workloads: 1, 2, 4 ... up to this.")
  private int threads;

  @Option(
      names = "--callers",
      split = ",",
      defaultValue = "1,64,1024",
      description = "Of durable puts, at the same time.")
  private List<Integer> callers;

  @Option(names = "--rate", defaultValue = "25000", description = "Puts per second in growth.")
  private long rate;

  @Option(
      names = "--busy",
      defaultValue = "0",
      description = "Processes beside it that each keep a processor busy.")
  private int busy;

  @Option(
      names = "--out",
      defaultValue = "bench-results",
      description = "Folder of the reports, and of the stores while it runs.")
  private Path out;

  private Main() {}

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs the command; returns its exit code. */
  static int run(String... args) {
    Locale.setDefault(Locale.ROOT); // figures look the same everywhere
    System.setProperty("bench.shapes", names(Shape.ALL, Shape::name));
    System.setProperty("bench.engines", names(List.of(Engine.values()), Engine::label));
    System.setProperty("bench.workloads", names(List.of(Workload.values()), Workload::label));
    return new CommandLine(new Main()).execute(args);
  }

  private static <T> String names(List<? extends T> all, Function<T, String> name) {
    return String.join(" ", all.stream().map(name).toList());
  }

  @Override
  public Integer call() throws Exception {
    List<Workload> chosen = named(workloads, Workload::named, List.of(Workload.values()));
    List<Shape<?, ?>> ofShapes = named(shapes, Shape::named, Shape.ALL);
    List<Engine> ofEngines = named(engines, Engine::named, List.of(Engine.values()));
    if (seconds <= 0
        || rounds < 1
        || threads < 1
        || rate < 1
        || callers.stream().anyMatch(c -> c < 1)) {
      throw new ParameterException(
          spec.commandLine(),
          "--seconds, --rounds, --threads, --callers and --rate must be above 0");
    }
    if (busy < 0) {
      throw new ParameterException(spec.commandLine(), "--busy must not be below 0");
    }
    if (entries.stream().anyMatch(n -> n < 1)) {
      throw new ParameterException(spec.commandLine(), "--entries must be above 0");
    }
    Settings settings = new Settings(chosen, seconds, threads, callers, rate);
    List<List<Trial>> plan = new ArrayList<>();
    for (int r = 0; r < rounds; r++) {
      plan.add(Plan.trials(entries, ofShapes, Plan.rotated(ofEngines, r), settings));
    }
    out = Files.createDirectories(out.toAbsolutePath());
    Map<String, String> facts = Machine.facts();
    facts.put("busy processes beside it", String.valueOf(busy));
    facts.putAll(Machine.versions(ofEngines));
    Progress progress = new Progress(System.err);
    if (Machine.load() > BUSY) {
      progress.say(
          "the machine is busy, its load is %.1f: figures will be off".formatted(Machine.load()));
    }
    Results results;
    try (BusyProcesses _ = BusyProcesses.start(busy, out)) {
      results = new Runner(out, settings, progress).run(plan);
    }
    Reports.write(out, results, settings, facts);
    System.out.print(Files.readString(out.resolve(Reports.MARKDOWN)));
    return results.hasFailed() ? 1 : 0;
  }

  private <T> List<T> named(List<String> names, Function<String, ? extends T> find, List<T> all) {
    try {
      return names.isEmpty() ? all : names.stream().<T>map(find).toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
