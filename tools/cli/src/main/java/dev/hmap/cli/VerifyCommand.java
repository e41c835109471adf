package dev.hmap.cli;

import dev.hmap.HMapAdmin;
import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.console.JsonText;
import dev.hmap.cli.console.Progress;
import dev.hmap.cli.report.FindingsReport;
import dev.hmap.report.Verification;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks a store. */
@Command(
    name = "verify",
    description = {
      "Checks every checksum and the whole structure of a store, and changes nothing.",
      "Names each finding by page and meaning. Ends with 3 if anything is damaged."
    },
    footer = {"", "Example:", "  hmap verify orders.hmap"})
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreArguments store;
  @Mixin private ProgressOption progress;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Verification found;
    try (Progress shown = progress.begin("verify", -1, " pages", 1)) {
      found = HMapAdmin.verify(store.path(), shown::at);
    }
    spec.commandLine().getOut().print(json ? json(found) : text(found));
    return found.isSound() ? ExitCode.DONE : ExitCode.REFUSED;
  }

  private static String text(Verification found) {
    long damages = FindingsReport.damages(found.findings());
    return FindingsReport.lines(found.findings())
        + "%s: %d damages, %d notes\n"
            .formatted(
                found.isSound() ? "sound" : "damaged", damages, found.findings().size() - damages);
  }

  private static String json(Verification found) throws IOException {
    return JsonText.of(out -> {
      out.writeBooleanField("sound", found.isSound());
      out.writeNumberField("damages", FindingsReport.damages(found.findings()));
      FindingsReport.write(found.findings(), out);
    });
  }
}
