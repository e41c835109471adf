package dev.hmap.cli;

import dev.hmap.HMapAdmin;
import dev.hmap.LogRecords;
import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.console.Output;
import dev.hmap.cli.console.UsageException;
import dev.hmap.cli.report.LogPrinter;
import dev.hmap.report.LogRecord;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the records of a store's log. */
@Command(
    name = "log",
    description = {
      "Prints the records of the log since the last checkpoint.",
      "Of each: position, sequence, operation, key and value shortened; the parts of a batch below",
      "it. A store that was closed has no log.",
      "Another process may be writing: its checkpoints wait only while some records are read."
    },
    footer = {"", "Example:", "  hmap log orders.hmap --follow"})
final class LogCommand implements Callable<Integer> {
  private static final long LOOK_NANOS = 200_000_000;

  @Spec private CommandSpec spec;
  @Mixin private StoreArguments store;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with what is logged from now on, until Ctrl-C.")
  private boolean follow;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "9223372036854775807",
      showDefaultValue = Visibility.NEVER,
      description = "Print no more than this many records.")
  private long limit;

  @Override
  public Integer call() throws IOException {
    if (limit < 0) {
      throw new UsageException("--limit is %d: it must not be negative".formatted(limit));
    }
    Output out = Output.of(spec);
    LogPrinter printer = new LogPrinter(HMapAdmin.shapes(store.path()), out);
    LogRecords log = HMapAdmin.log(store.path());
    long printed = 0;
    long missed = 0;
    while (printed < limit) {
      List<LogRecord> records = log.next();
      if (log.missed() > missed) {
        out.flush();
        spec.commandLine()
            .getErr()
            .println("hmap: a checkpoint took %,d records away".formatted(log.missed() - missed));
        missed = log.missed();
      }
      for (LogRecord record : records) {
        if (printed++ < limit) {
          print(printer, record);
          out.check();
        }
      }
      out.flush();
      out.check();
      if (records.isEmpty()) {
        if (!follow || Thread.interrupted()) {
          break;
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
    return ExitCode.DONE;
  }

  private void print(LogPrinter printer, LogRecord record) throws IOException {
    if (json) {
      printer.json(record);
    } else {
      printer.text(record);
    }
  }
}
