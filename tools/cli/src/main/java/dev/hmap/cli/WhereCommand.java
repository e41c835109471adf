package dev.hmap.cli;

import dev.hmap.HMapAdmin;
import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.report.LocationReport;
import dev.hmap.cli.rows.OpenStore;
import dev.hmap.cli.text.Text;
import dev.hmap.report.Location;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows where a key is in the data file. */
@Command(
    name = "where",
    description = {
      "Shows where a key is: its hash, root bucket, place in the chain, slot, page and address.",
      "Ends with 1 if the key is absent, and shows where it was looked for. Never changes the",
      "store. One that was killed is shown as opening it would make it."
    },
    footer = {"", "Example:", "  hmap where orders.hmap o-1"})
final class WhereCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreArguments store;

  @Parameters(index = "1", paramLabel = "KEY")
  private String key;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    byte[] bytes = encoded(Text.of(HMapAdmin.shapes(store.path()).key()));
    Location found = HMapAdmin.where(store.path(), bytes);
    spec.commandLine()
        .getOut()
        .print(json ? LocationReport.json(found) : LocationReport.text(found));
    if (!found.present()) {
      spec.commandLine().getErr().println("hmap: " + OpenStore.absent(key));
      return ExitCode.ABSENT;
    }
    return ExitCode.DONE;
  }

  private <K> byte[] encoded(Text<K> keys) {
    return keys.codec().encode(keys.fromArgument("key", key));
  }
}
