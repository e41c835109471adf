package dev.hmap.cli;

import dev.hmap.HMapAdmin;
import dev.hmap.HMapAdmin.Salvage;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Saves what is intact of a damaged store. */
@Command(
    name = "salvage",
    description = {
      "Writes what is provably intact of a damaged store into a new one, and lists what was lost.",
      "The damaged store is not changed. Ends with 3 if anything is damaged."
    },
    footer = {"", "Example:", "  hmap salvage orders.hmap saved.hmap"})
final class SalvageCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreArguments store;

  @Parameters(index = "1", paramLabel = "NEW", description = "the new store, which must not exist")
  private Path fresh;

  @Override
  public Integer call() {
    Salvage done;
    try (Progress progress = Progress.of("salvage", -1, " entries", 1)) {
      done = HMapAdmin.salvage(store.path(), fresh, progress::at);
    }
    StringBuilder report = new StringBuilder();
    done.findings().forEach(finding -> report.append(VerifyCommand.line(finding)));
    report.append(
        "%s: %,d entries saved, %,d lost\n"
            .formatted(done.isWhole() ? "whole" : "damaged", done.entries(), done.lost()));
    spec.commandLine().getOut().print(report);
    return done.isWhole() ? ExitCode.DONE : ExitCode.REFUSED;
  }
}
