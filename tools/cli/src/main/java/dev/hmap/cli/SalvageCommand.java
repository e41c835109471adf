package dev.hmap.cli;

import dev.hmap.HMapAdmin;
import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.console.JsonText;
import dev.hmap.cli.console.Progress;
import dev.hmap.cli.report.FindingsReport;
import dev.hmap.report.Salvage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
  @Mixin private ProgressOption progress;

  @Parameters(index = "1", paramLabel = "NEW", description = "the new store, which must not exist")
  private Path fresh;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Salvage done;
    try (Progress shown = progress.begin("salvage", -1, " entries", 1)) {
      done = HMapAdmin.salvage(store.path(), fresh, shown::at);
    }
    spec.commandLine().getOut().print(json ? json(done) : text(done));
    return done.isWhole() ? ExitCode.DONE : ExitCode.REFUSED;
  }

  private static String text(Salvage done) {
    return FindingsReport.lines(done.findings())
        + "%s: %,d entries saved, %,d lost\n"
            .formatted(done.isWhole() ? "whole" : "damaged", done.entries(), done.lost());
  }

  private static String json(Salvage done) throws IOException {
    return JsonText.of(out -> {
      out.writeBooleanField("whole", done.isWhole());
      out.writeNumberField("saved", done.entries());
      out.writeNumberField("lost", done.lost());
      FindingsReport.write(done.findings(), out);
    });
  }
}
