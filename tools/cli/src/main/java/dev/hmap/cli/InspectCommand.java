package dev.hmap.cli;

import dev.hmap.HMapAdmin;
import dev.hmap.Inspection;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows how a store stands. */
@Command(
    name = "inspect",
    description = {
      "Shows how a store stands: the fields of Go's hmap, chains, growth, space and log.",
      "Never changes the store. One that was killed is shown as opening it would make it."
    },
    footer = {"", "Example:", "  hmap inspect orders.hmap --json"})
final class InspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreArguments store;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Inspection inspection = HMapAdmin.inspect(store.path());
    spec.commandLine()
        .getOut()
        .print(json ? InspectionJson.of(inspection) : InspectionText.of(inspection));
    return ExitCode.DONE;
  }
}
