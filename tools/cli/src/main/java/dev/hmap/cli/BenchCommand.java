package dev.hmap.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hmap.HMapAdmin;
import dev.hmap.cli.bench.Bench;
import dev.hmap.cli.bench.Measured;
import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.console.JsonText;
import dev.hmap.cli.console.Output;
import dev.hmap.cli.console.TemporaryFolder;
import dev.hmap.cli.console.UsageException;
import dev.hmap.cli.text.Text;
import dev.hmap.report.Census;
import dev.hmap.report.Inspection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures this machine with stores like a given one. */
@Command(
    name = "bench",
    description = {
      "Measures this machine with a new store like the given one.",
      "Its codecs are the same, its keys and values as long on average. Measured are growth, gets,",
      "and puts of either durability.",
      "The new store stands in a folder beside the given one, which is not changed, and is",
      "removed. Bars are logarithmic; each time has what reading the clock takes in it."
    },
    footer = {"", "Example:", "  hmap bench orders.hmap --entries 1000000"})
final class BenchCommand implements Callable<Integer> {
  private static final int MOST_ENTRIES = 100_000_000;
  private static final double MOST_SECONDS = 3600;
  private static final int DEFAULT_KEY_BYTES = 16; // of an empty store
  private static final int DEFAULT_VALUE_BYTES = 100;

  @Spec private CommandSpec spec;
  @Mixin private StoreArguments store;

  @Option(
      names = "--entries",
      paramLabel = "N",
      defaultValue = "200000",
      description = "Let the new store grow to this many; default ${DEFAULT-VALUE}.")
  private int entries;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "2",
      description = "Measure each for so long; default ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    check("--entries", entries, MOST_ENTRIES, entries >= 1);
    check("--seconds", seconds, MOST_SECONDS, seconds > 0);
    Inspection like = HMapAdmin.inspect(store.path());
    Output out = Output.of(spec);
    List<Measured> measured = new ArrayList<>();
    Path folder = store.path().toAbsolutePath().getParent();
    try (TemporaryFolder beside =
        new TemporaryFolder(folder == null ? Path.of("/") : folder, "hmap-bench-")) {
      Path path = beside.path().resolve("bench.hmap");
      Consumer<Measured> result =
          json
              ? measured::add
              : m -> {
                out.print(m.text());
                out.flush();
                out.check();
              };
      run(path, Text.of(like.keyShape()), Text.of(like.valueShape()), like, result);
    }
    if (json) {
      out.print(JsonText.of(to -> write(like, measured, to)));
    }
    return ExitCode.DONE;
  }

  private static void check(String option, double given, double most, boolean isEnough) {
    if (!isEnough || given > most) {
      throw new UsageException(
          "%s is %s: it must be more than 0, and at most %,.0f".formatted(option, given, most));
    }
  }

  private <K, V> void run(
      Path path, Text<K> keys, Text<V> values, Inspection like, Consumer<Measured> result) {
    Census census = like.census();
    long count = census.old().entries() + census.current().entries();
    int keyBytes = count == 0 ? DEFAULT_KEY_BYTES : (int) (census.keyBytes() / count);
    int valueBytes = count == 0 ? DEFAULT_VALUE_BYTES : (int) (census.valueBytes() / count);
    long made =
        new Bench<>(path, keys, values, keyBytes, valueBytes, entries, seconds, result).run();
    if (made < entries) {
      spec.commandLine()
          .getErr()
          .println("hmap: %s has only %,d of %,d keys".formatted(like.keyShape(), made, entries));
    }
  }

  private void write(Inspection like, List<Measured> measured, JsonGenerator out)
      throws IOException {
    out.writeStringField("keyCodec", like.keyShape());
    out.writeStringField("valueCodec", like.valueShape());
    out.writeNumberField("entries", entries);
    out.writeNumberField("seconds", seconds);
    out.writeArrayFieldStart("measured");
    for (Measured m : measured) {
      m.writeTo(out);
    }
    out.writeEndArray();
  }
}
