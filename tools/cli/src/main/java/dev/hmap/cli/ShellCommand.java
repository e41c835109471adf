package dev.hmap.cli;

import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.console.Output;
import dev.hmap.cli.console.UsageException;
import dev.hmap.cli.rows.Lines;
import dev.hmap.cli.rows.MalformedRowException;
import dev.hmap.cli.rows.OpenStore;
import dev.hmap.cli.shell.Shell;
import dev.hmap.cli.shell.ShellCompleter;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Opens a store once, and runs one line after the other. */
@Command(
    name = "shell",
    description = {
      "Opens a store once, and runs commands line by line; help lists them.",
      "In a terminal, tab completes commands and keys, and the arrow keys bring earlier lines"
          + " back.",
      "Otherwise it reads standard input, and ends with the highest exit code of its lines."
    },
    footer = {"", "Example:", "  hmap shell orders.hmap"})
final class ShellCommand implements Callable<Integer> {
  private final InputStream standardInput;

  @Spec private CommandSpec spec;
  @Mixin private StoreArguments store;

  @Option(
      names = "--read-only",
      description = "Open for reading only, which is possible while another process writes.")
  private boolean readOnly;

  ShellCommand(InputStream standardInput) {
    this.standardInput = standardInput;
  }

  @Override
  public Integer call() throws IOException {
    try (OpenStore<?, ?> open = readOnly ? store.openForReading() : store.openForWriting()) {
      return run(open);
    }
  }

  private <K, V> int run(OpenStore<K, V> open) throws IOException {
    Shell<K, V> shell = new Shell<>(open, Output.of(spec), spec.commandLine().getErr());
    if (!isInteractive()) {
      return runLines(shell);
    }
    try (Terminal terminal = TerminalBuilder.terminal()) {
      runIn(terminal, shell, new ShellCompleter<>(open));
    }
    return ExitCode.DONE;
  }

  /** Whether a person types; JDK 25 has a null console where standard input is not a terminal. */
  @SuppressWarnings({"ReferenceEquality", "SystemConsoleNull"})
  private boolean isInteractive() {
    Console console = System.console();
    return standardInput == System.in && console != null && console.isTerminal();
  }

  private int runLines(Shell<?, ?> shell) throws IOException {
    Lines lines = new Lines(standardInput);
    int highest = ExitCode.DONE;
    while (!shell.hasEnded()) {
      int code;
      try {
        if (!lines.next()) {
          break;
        }
        code = shell.run(lines.text(0, lines.length()));
      } catch (MalformedRowException e) {
        code = shell.refuse(new UsageException(String.valueOf(e.getMessage())));
      }
      highest = Math.max(highest, code);
    }
    return highest;
  }

  /** Reads and runs lines of a terminal. */
  static void runIn(Terminal terminal, Shell<?, ?> shell, ShellCompleter<?, ?> completer) {
    DefaultParser parser = new DefaultParser();
    parser.setEofOnUnclosedQuote(false); // the shell says it
    LineReader reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .parser(parser)
            .completer(completer)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true) // ! is a character like others
            .build();
    while (!shell.hasEnded()) {
      try {
        var _ = shell.run(reader.readLine("hmap> "));
      } catch (UserInterruptException _) {
        // as in other shells, Ctrl-C gives the line up
      } catch (EndOfFileException _) {
        return;
      }
    }
  }
}
