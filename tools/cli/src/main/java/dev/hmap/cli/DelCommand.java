package dev.hmap.cli;

import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.rows.OpenStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Removes a key. */
@Command(
    name = "del",
    description = "Removes a key and its value; ends with 1 if the key is absent.",
    footer = {"", "Example:", "  hmap del orders.hmap o-1"})
final class DelCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreArguments store;

  @Parameters(index = "1", paramLabel = "KEY")
  private String key;

  @Override
  public Integer call() {
    boolean removed;
    try (OpenStore<?, ?> open = store.openForWriting()) {
      removed = open.remove(key);
    }
    if (!removed) {
      spec.commandLine().getErr().println("hmap: " + OpenStore.absent(key));
      return ExitCode.ABSENT;
    }
    return ExitCode.DONE;
  }
}
