package dev.hmap.cli;

import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.console.NewFile;
import dev.hmap.cli.console.Output;
import dev.hmap.cli.console.Progress;
import dev.hmap.cli.rows.Exported;
import dev.hmap.cli.rows.OpenStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes all entries to a file. */
@Command(
    name = "export",
    description = {
      "Writes all entries to a file, in no order. Importing tsv, csv or json gives an equal store.",
      "With csv and json the components of records are columns or fields of their own."
    },
    footer = {"", "Example:", "  hmap export orders.hmap orders.csv"})
final class ExportCommand implements Callable<Integer> {
  private static final String STANDARD_OUTPUT = "-";

  @Spec private CommandSpec spec;
  @Mixin private StoreArguments store;
  @Mixin private FormatOption format;
  @Mixin private ProgressOption progress;

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      arity = "0..1",
      defaultValue = STANDARD_OUTPUT,
      description = "What to write, which must not exist; - (the default) is standard output.")
  private String file;

  @Override
  public Integer call() throws IOException {
    try (OpenStore<?, ?> open = store.openForReading()) {
      if (file.equals(STANDARD_OUTPUT)) {
        export(open, Output.of(spec));
      } else {
        NewFile.write(
            Path.of(file),
            to -> {
              long entries = export(open, to);
              spec.commandLine().getOut().print("%,d entries\n".formatted(entries));
            });
      }
    }
    return ExitCode.DONE;
  }

  private long export(OpenStore<?, ?> open, Output to) throws IOException {
    try (Progress shown = progress.begin("export", open.map().mappingCount(), " entries", 1)) {
      Exported done = Exported.run(open, format.of(file), to, Long.MAX_VALUE, shown::at);
      if (done.warning() != null) {
        spec.commandLine().getErr().println("hmap: " + done.warning());
      }
      return done.entries();
    }
  }
}
