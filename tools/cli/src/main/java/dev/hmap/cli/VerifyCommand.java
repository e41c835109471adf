package dev.hmap.cli;

import dev.hmap.HMapAdmin;
import dev.hmap.HMapAdmin.Verification;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

  @Override
  public Integer call() {
    Verification found;
    try (Progress progress = Progress.of("verify", -1, " pages", 1)) {
      found = HMapAdmin.verify(store.path(), progress::at);
    }
    StringBuilder report = new StringBuilder();
    long damages = 0;
    for (Verification.Finding finding : found.findings()) {
      damages += finding.isDamage() ? 1 : 0;
      report.append(line(finding));
    }
    report.append(
        "%s: %d damages, %d notes\n"
            .formatted(
                found.isSound() ? "sound" : "damaged", damages, found.findings().size() - damages));
    spec.commandLine().getOut().print(report);
    return found.isSound() ? ExitCode.DONE : ExitCode.REFUSED;
  }

  /** A finding as a line. */
  static String line(Verification.Finding finding) {
    return "%s%s  %s\n"
        .formatted(
            finding.isDamage() ? "damage" : "note",
            finding.page() < 0 ? "" : "  page %,d".formatted(finding.page()),
            finding.what());
  }
}
