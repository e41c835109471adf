package dev.hmap.cli;

import dev.hmap.HMapAdmin;
import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.console.Progress;
import dev.hmap.report.Compaction;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Rewrites a store into a file of the right size. */
@Command(
    name = "compact",
    description = {
      "Rewrites a store into a new file of the right size, and replaces the old one in one step.",
      "A crash at any moment leaves the old one or the new one."
    },
    footer = {"", "Example:", "  hmap compact orders.hmap"})
final class CompactCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreArguments store;
  @Mixin private ProgressOption progress;

  @Override
  public Integer call() {
    Compaction done;
    try (Progress shown = progress.begin("compact", -1, " entries", 1)) {
      done = HMapAdmin.compact(store.path(), shown::at);
    }
    spec.commandLine()
        .getOut()
        .print(
            "%,d entries: %,d -> %,d bytes, load factor %.2f -> %.2f\n"
                .formatted(
                    done.entries(),
                    done.bytesBefore(),
                    done.bytesAfter(),
                    done.loadFactorBefore(),
                    done.loadFactorAfter()));
    return ExitCode.DONE;
  }
}
