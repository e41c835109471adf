package dev.hmap.cli;

import dev.hmap.HMapAdmin;
import dev.hmap.cli.console.EndOfInput;
import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.console.NewFile;
import dev.hmap.cli.console.Output;
import dev.hmap.cli.console.UsageException;
import dev.hmap.cli.report.InspectionHtml;
import dev.hmap.cli.report.InspectionJson;
import dev.hmap.cli.report.InspectionText;
import dev.hmap.report.Inspection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
      "With --html the same as pictures, in one page by itself.",
      "Never changes the store. One that was killed is shown as opening it would make it."
    },
    footer = {"", "Example:", "  hmap inspect orders.hmap --json"})
final class InspectCommand implements Callable<Integer> {
  private final InputStream standardInput;

  @Spec private CommandSpec spec;
  @Mixin private StoreArguments store;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with pictures to this file, which must not exist.")
  private @Nullable Path html;

  @Option(
      names = {"-w", "--watch"},
      description = {
        "Look again twice a second, without the chains, until Ctrl-C or the end of input."
      })
  private boolean watch;

  InspectCommand(InputStream standardInput) {
    this.standardInput = standardInput;
  }

  @Override
  public Integer call() throws IOException {
    if ((json ? 1 : 0) + (html != null ? 1 : 0) + (watch ? 1 : 0) > 1) {
      throw new UsageException("only one of --json, --html and --watch can be given");
    }
    if (watch) {
      new Watch(store.path(), Output.of(spec)).run(new EndOfInput(standardInput));
      return ExitCode.DONE;
    }
    Inspection inspection = HMapAdmin.inspect(store.path());
    if (html != null) {
      NewFile.write(html, to -> to.write(InspectionHtml.of(inspection)));
      return ExitCode.DONE;
    }
    spec.commandLine()
        .getOut()
        .print(json ? InspectionJson.of(inspection) : InspectionText.of(inspection));
    return ExitCode.DONE;
  }
}
