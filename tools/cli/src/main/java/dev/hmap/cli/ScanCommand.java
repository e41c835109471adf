package dev.hmap.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "9223372036854775807",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "Print no more than this many.")
  private long limit;

  private long printed;
  private long ambiguous;

  @Override
  public Integer call() {
    if (limit < 0) {
      throw new UsageException("--limit is %d: it must not be negative".formatted(limit));
    }
    try (OpenStore<?, ?> open = store.openForReading()) {
      if (limit > 0) {
        open.forEachWhile(this::print);
      }
    }
    if (ambiguous > 0) {
      spec.commandLine()
          .getErr()
          .printf(
              "hmap: %,d of these entries cannot be imported again as they stand:"
                  + " a tab in the key, or a line break%n",
              ambiguous);
    }
    return ExitCode.DONE;
  }

  private boolean print(String key, String value) {
    Output out = Output.of(spec);
    out.check();
    out.write(key);
    out.write('\t');
    out.write(value);
    out.write('\n');
    if (key.indexOf('\t') >= 0 || key.indexOf('\n') >= 0 || hasLineBreak(value)) {
      ambiguous++;
    }
    return ++printed < limit;
  }

  /** A carriage return counts only at the end, where import takes it for half of a line break. */
  private static boolean hasLineBreak(String text) {
    return text.indexOf('\n') >= 0 || text.endsWith("\r");
  }
}
