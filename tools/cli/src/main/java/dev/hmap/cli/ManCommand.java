package dev.hmap.cli;

import dev.hmap.cli.console.UsageException;
import dev.hmap.cli.text.Text;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a manual page, for packagers. */
@Command(
    name = "man",
    hidden = true,
    description = "Prints the manual page of a command, or of hmap itself, for man.",
    footer = {"", "Example:", "  hmap man get | man -l -"})
final class ManCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "COMMAND")
  private @Nullable String command;

  @Override
  public void run() {
    CommandSpec of = spec.root();
    if (command != null) {
      CommandLine named = of.subcommands().get(command);
      if (named == null) {
        throw new UsageException("there is no command " + Text.quoted(command));
      }
      of = named.getCommandSpec();
    }
    spec.commandLine().getOut().print(ManPage.of(of));
  }
}
