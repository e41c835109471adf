package dev.hmap.cli;

import dev.hmap.HMapAdmin;
import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.console.JsonText;
import dev.hmap.cli.report.Figures;
import dev.hmap.cli.report.InspectionText;
import dev.hmap.report.Inspection;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the key figures of a store. */
@Command(
    name = "stat",
    description = {
      "Shows the key figures of a store in one line, at once at any size; inspect shows all.",
      "Never changes the store. One that was killed is shown as opening it would make it."
    },
    footer = {"", "Example:", "  hmap stat orders.hmap"})
final class StatCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreArguments store;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Inspection found = HMapAdmin.glance(store.path());
    spec.commandLine().getOut().print(json ? json(found) : text(found));
    return ExitCode.DONE;
  }

  private static String text(Inspection found) {
    return "%s: %s, %s\n"
        .formatted(
            found.path().getFileName(), Figures.of(found).line(), InspectionText.stop(found));
  }

  private static String json(Inspection found) throws IOException {
    return JsonText.of(out -> {
      out.writeStringField("path", found.path().toString());
      out.writeBooleanField("clean", found.clean());
      Figures.of(found).writeTo(out);
    });
  }
}
