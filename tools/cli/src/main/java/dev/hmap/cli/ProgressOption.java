package dev.hmap.cli;

import dev.hmap.cli.console.Progress;
import picocli.CommandLine.Option;

/** Whether a command that may take long shows how far it is. */
final class ProgressOption {
  @Option(
      names = {"-q", "--quiet"},
      description = "Show no progress bar.")
  private boolean quiet;

  /** As {@link Progress#of}; nothing is shown if the user wants it quiet. */
  Progress begin(String what, long most, String unit, long unitSize) {
    return quiet ? Progress.none() : Progress.of(what, most, unit, unitSize);
  }
}
