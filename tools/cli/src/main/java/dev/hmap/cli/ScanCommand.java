package dev.hmap.cli;

import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.console.Output;
import dev.hmap.cli.console.UsageException;
import dev.hmap.cli.rows.Exported;
import dev.hmap.cli.rows.OpenStore;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints all entries. */
@Command(
    name = "scan",
    description = "Prints entries, one a line, key and value with a tab between; in no order.",
    footer = {"", "Example:", "  hmap scan orders.hmap --limit 10"})
final class ScanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreArguments store;
  @Mixin private FormatOption format;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "9223372036854775807",
      showDefaultValue = Visibility.NEVER,
      description = "Print no more than this many.")
  private long limit;

  @Override
  public Integer call() throws IOException {
    if (limit < 0) {
      throw new UsageException("--limit is %d: it must not be negative".formatted(limit));
    }
    Exported done;
    try (OpenStore<?, ?> open = store.openForReading()) {
      done = Exported.run(open, format.of(""), Output.of(spec), limit, _ -> {});
    }
    if (done.warning() != null) {
      spec.commandLine().getErr().println("hmap: " + done.warning());
    }
    return ExitCode.DONE;
  }
}
