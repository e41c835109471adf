package dev.hmap.cli;

import dev.hmap.HMapAdmin;
import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.console.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Copies a store that may be in use. */
@Command(
    name = "backup",
    description = {
      "Copies a store, which may be in use.",
      "The copy is as the store was at one point of its writes, which go on meanwhile; only",
      "checkpoints wait while the files are copied."
    },
    footer = {"", "Example:", "  hmap backup orders.hmap saved.hmap"})
final class BackupCommand implements Callable<Integer> {
  private static final long MIB = 1 << 20;

  @Spec private CommandSpec spec;
  @Mixin private StoreArguments store;
  @Mixin private ProgressOption progress;

  @Parameters(index = "1", paramLabel = "TARGET", description = "the copy, which must not exist")
  private Path target;

  @Override
  public Integer call() throws IOException {
    long most = Files.exists(store.path()) ? Files.size(store.path()) : -1;
    try (Progress shown = progress.begin("backup", most, " MiB", MIB)) {
      HMapAdmin.backup(store.path(), target, shown::at);
    }
    spec.commandLine()
        .getOut()
        .print("%s: %,d bytes\n".formatted(target.getFileName(), Files.size(target)));
    return ExitCode.DONE;
  }
}
