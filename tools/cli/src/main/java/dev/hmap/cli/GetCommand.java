package dev.hmap.cli;

import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.rows.OpenStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the value of a key. */
@Command(
    name = "get",
    description = "Prints the value of a key; ends with 1 if the key is absent.",
    footer = {"", "Example:", "  hmap get orders.hmap o-1"})
final class GetCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreArguments store;

  @Parameters(index = "1", paramLabel = "KEY")
  private String key;

  @Override
  public Integer call() {
    String value;
    try (OpenStore<?, ?> open = store.openForReading()) {
      value = open.get(key);
    }
    if (value == null) {
      spec.commandLine().getErr().println("hmap: " + OpenStore.absent(key));
      return ExitCode.ABSENT;
    }
    spec.commandLine().getOut().print(value + "\n");
    return ExitCode.DONE;
  }
}
