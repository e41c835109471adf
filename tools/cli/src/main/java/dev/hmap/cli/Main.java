package dev.hmap.cli;

import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.console.Failures;
import dev.hmap.cli.console.Output;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code hmap} command. */
@Command(
    name = "hmap",
    description = "Works with hmap stores: durable hash maps, each in a file.",
    subcommands = {
      CreateCommand.class,
      PutCommand.class,
      GetCommand.class,
      DelCommand.class,
      ScanCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      ShellCommand.class,
      StatCommand.class,
      InspectCommand.class,
      WhereCommand.class,
      LogCommand.class,
      VerifyCommand.class,
      SalvageCommand.class,
      CompactCommand.class,
      BackupCommand.class,
      BenchCommand.class,
      DemoCommand.class,
      CompletionCommand.class,
      ManCommand.class
    },
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT, // --help and the like, for every command
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Version.class,
    footer = {
      "",
      "Keys and values are written as their codec wants them: long and int in decimal,",
      "uuid as 123e4567-e89b-12d3-a456-426614174000, string as it is, in UTF-8, bytes",
      "in hexadecimal, with or without 0x before it, a record as (name=a, at=(x=5, y=6))",
      "with double quotes about a component that has a comma or the like in it.",
      "Write -- before a key that begins with -.",
      "",
      "Ends with 0 when done, 1 if the key is absent, 2 if called wrongly, 3 if the store refused.",
      "",
      "Example:",
      "  hmap create orders.hmap && hmap put orders.hmap o-1 shipped && hmap get orders.hmap o-1"
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // figures look the same everywhere
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    OutputStream err = new FileOutputStream(FileDescriptor.err);
    System.exit(run(System.in, out, err, args));
  }

  /** Runs the command; returns its exit code. */
  static int run(InputStream in, OutputStream out, OutputStream err, String... args) {
    // What the library logs, it also throws: the user gets one line, not two.
    Logger.getLogger("dev.hmap").setLevel(Level.OFF);
    Output output = new Output(out);
    PrintWriter errors = new PrintWriter(err, true, StandardCharsets.UTF_8);
    CommandLine command = new CommandLine(new Main(), new Factory(in));
    command.setOut(output);
    command.setErr(errors);
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setParameterExceptionHandler(Main::refuseUsage);
    command.setExecutionExceptionHandler((e, of, _) -> refuse(e, of.getErr()));
    try {
      int code = command.execute(args);
      output.flush();
      if (code == ExitCode.DONE) { // else the command has said its line
        output.check();
      }
      return code;
    } catch (Output.Failure e) {
      return refuse(e, errors);
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }

  private static int refuseUsage(ParameterException e, String[] args) {
    CommandLine of = e.getCommandLine();
    String hint = "see " + of.getCommandSpec().qualifiedName() + " --help";
    if (mayBeAKey(of, List.of(args))) {
      hint = "write -- before a key that begins with -; " + hint;
    }
    of.getErr().println("hmap: %s (%s)".formatted(Failures.firstLine(e.getMessage()), hint));
    return ExitCode.USAGE;
  }

  /** Whether a key may have been taken for an option. */
  private static boolean mayBeAKey(CommandLine command, List<String> args) {
    return command.getCommandSpec().positionalParameters().stream()
            .anyMatch(p -> p.paramLabel().equals("KEY"))
        && args.stream().anyMatch(a -> a.startsWith("-"))
        && !args.contains("--");
  }

  private static int refuse(Exception e, PrintWriter err) {
    if (e instanceof Output.Failure failure && failure.isBrokenPipe()) {
      return ExitCode.DONE;
    }
    err.println("hmap: " + Failures.line(e));
    return Failures.exitCode(e);
  }

  /** Gives a command standard input where its constructor asks for it. */
  private record Factory(InputStream in) implements IFactory {
    @Override
    public <T> T create(Class<T> type) throws Exception {
      if (type == ImportCommand.class) {
        return type.cast(new ImportCommand(in));
      }
      if (type == ShellCommand.class) {
        return type.cast(new ShellCommand(in));
      }
      if (type == InspectCommand.class) {
        return type.cast(new InspectCommand(in));
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
