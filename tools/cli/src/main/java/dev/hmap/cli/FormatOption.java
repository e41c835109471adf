package dev.hmap.cli;

import dev.hmap.cli.rows.Format;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The format that a command writes or reads. */
final class FormatOption {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = {
        "One of these; by default what the file's ending says, else tsv.",
        "tsv: key, tab, value, with the escapes \\t \\n \\r \\\\ \\0 \\b",
        "plain: the same without escapes",
        "csv: with a header line",
        "json: an object on each line",
        "redacted: only lengths and hashes, to be shared"
      })
  private @Nullable Format asked;

  /** For a file of some name. */
  Format of(String file) {
    return asked == null ? Format.ofFile(file) : asked;
  }
}
