package dev.hmap.cli;

import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.rows.OpenStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes one entry. */
@Command(
    name = "put",
    description = "Writes an entry; returns when it would survive a power cut.",
    footer = {"", "Example:", "  hmap put orders.hmap o-1 shipped"})
final class PutCommand implements Callable<Integer> {
  @Mixin private StoreArguments store;

  @Parameters(index = "1", paramLabel = "KEY")
  private String key;

  @Parameters(index = "2", paramLabel = "VALUE")
  private String value;

  @Override
  public Integer call() {
    try (OpenStore<?, ?> open = store.openForWriting()) {
      open.put(key, value);
    }
    return ExitCode.DONE;
  }
}
