package dev.hmap.cli.shell;

import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.console.Failures;
import dev.hmap.cli.console.Output;
import dev.hmap.cli.console.UsageException;
import dev.hmap.cli.report.Figures;
import dev.hmap.cli.rows.Exported;
import dev.hmap.cli.rows.Format;
import dev.hmap.cli.rows.OpenStore;
import dev.hmap.cli.text.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** Runs the lines of a shell on one open store. What goes wrong is one line, and not the end. */
public final class Shell<K, V> {
  private static final long SCANNED = 20;

  private final OpenStore<K, V> store;
  private final Output out;
  private final PrintWriter err;
  private boolean ended;

  public Shell(OpenStore<K, V> store, Output out, PrintWriter err) {
    this.store = store;
    this.out = out;
    this.err = err;
  }

  /** Whether the last line was to end the shell. */
  public boolean hasEnded() {
    return ended;
  }

  /**
   * Runs a line; an empty one does nothing.
   *
   * @return its {@link ExitCode}
   * @throws Output.Failure if nobody takes what it prints
   */
  public int run(String line) {
    int code;
    try {
      List<String> words = Words.of(line);
      code = words.isEmpty() ? ExitCode.DONE : run(words);
    } catch (Output.Failure e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      code = refuse(e);
    }
    out.flush();
    out.check();
    return code;
  }

  /** Says why a line cannot be run. */
  public int refuse(Exception e) {
    err.println("hmap: " + Failures.line(e));
    return Failures.exitCode(e);
  }

  private int run(List<String> words) throws IOException {
    Verb verb = Verb.of(words.getFirst());
    verb.check(words.size() - 1);
    switch (verb) {
      case GET -> {
        String value = store.get(words.get(1));
        return value == null ? absent(words.get(1)) : print(value);
      }
      case PUT -> store.put(words.get(1), words.get(2));
      case DEL -> {
        return store.remove(words.get(1)) ? ExitCode.DONE : absent(words.get(1));
      }
      case SCAN -> {
        long most = words.size() == 1 ? SCANNED : most(words.get(1));
        var _ = Exported.run(store, Format.TSV, out, most, _ -> {});
      }
      case COUNT -> {
        return print(String.valueOf(store.map().mappingCount()));
      }
      case STAT -> {
        return print(Figures.of(store.map().stats()).line());
      }
      case HELP -> help();
      case EXIT -> ended = true;
    }
    return ExitCode.DONE;
  }

  private void help() {
    for (Verb verb : Verb.values()) {
      out.print(verb.help() + "\n");
    }
    out.print(
        "Words with spaces: 'as they stand', or \"with \\t \\n \\r \\\\ \\0 \\\" in them\".\n");
  }

  private static long most(String word) {
    try {
      long most = Long.parseLong(word);
      if (most >= 0) {
        return most;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new UsageException("scan takes a number of entries, not " + Text.quoted(word));
  }

  private int print(String line) {
    out.print(line + "\n");
    return ExitCode.DONE;
  }

  private int absent(String key) {
    err.println("hmap: " + OpenStore.absent(key));
    return ExitCode.ABSENT;
  }
}
