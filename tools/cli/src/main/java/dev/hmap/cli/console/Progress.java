package dev.hmap.cli.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error if that is a terminal, else nothing. */
public final class Progress implements AutoCloseable {
  private static final int WIDTH = 78;
  private static final int UPDATE_INTERVAL_MS = 100;

  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /** Nothing. */
  public static Progress none() {
    return new Progress(null);
  }

  /**
   * Begins at 0.
   *
   * @param what is done
   * @param most where it ends, -1 if that is unknown
   * @param unit its name, after each figure
   * @param unitSize how much of it is one unit shown
   */
  public static Progress of(String what, long most, String unit, long unitSize) {
    // Java cannot tell whether standard error is a terminal: the launcher does.
    if (!Boolean.getBoolean("hmap.terminal")) {
      return none();
    }
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(what)
            .setInitialMax(most)
            .setUnit(unit, unitSize)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(UPDATE_INTERVAL_MS)
            // With a width of its own it does not ask the terminal, and loads nothing native.
            .setConsumer(new ConsoleProgressBarConsumer(err, WIDTH))
            .build());
  }

  public void at(long done) {
    if (bar != null) {
      bar.stepTo(done);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
