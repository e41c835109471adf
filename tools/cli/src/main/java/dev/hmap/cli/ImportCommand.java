package dev.hmap.cli;

import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.console.Failures;
import dev.hmap.cli.console.Progress;
import dev.hmap.cli.console.UsageException;
import dev.hmap.cli.rows.Importer;
import dev.hmap.cli.rows.OpenStore;
import dev.hmap.cli.rows.Rows;
import dev.hmap.cli.text.Text;
import dev.hmap.report.Shapes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads rows into a store. */
@Command(
    name = "import",
    description = {
      "Reads entries in UTF-8 into a store, and creates that if it is missing.",
      "tsv and plain are lines of key, tab, value: the first tab ends the key. A backslash in tsv",
      "begins an escape, in plain it is a character like others. csv and json name the columns or",
      "fields key and value, or key.NAME and value.NAME for the components of a record. A"
          + " malformed",
      "row is named by its line and ends the import; the rows before it are in the store."
    },
    footer = {"", "Example:", "  hmap import words.hmap words.tsv"})
final class ImportCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  private final InputStream standardInput;

  @Spec private CommandSpec spec;
  @Mixin private StoreArguments store;
  @Mixin private CodecOptions codecs;
  @Mixin private FormatOption format;
  @Mixin private ProgressOption progress;

  @Parameters(index = "1", paramLabel = "FILE", description = "What to read; - is standard input.")
  private String file;

  @Option(
      names = "--durability",
      paramLabel = "LEVEL",
      defaultValue = "async",
      description = {
        "async (the default): forced to disk at the end, and every second;",
        "sync: forced after each mebibyte."
      })
  private Durability durability;

  ImportCommand(InputStream standardInput) {
    this.standardInput = standardInput;
  }

  @Override
  public Integer call() throws IOException {
    if (file.equals(STANDARD_INPUT)) {
      return importFrom(standardInput, -1);
    }
    Path path = Path.of(file);
    if (Files.isDirectory(path)) {
      throw new UsageException(file + " is a directory");
    }
    InputStream opened;
    try {
      opened = Files.newInputStream(path);
    } catch (IOException e) {
      throw new UsageException(Failures.describe(e));
    }
    try (opened) {
      return importFrom(opened, Files.size(path));
    }
  }

  private int importFrom(InputStream from, long bytes) throws IOException {
    if (!Files.exists(store.path())) {
      return importInto(codecs.keys(), codecs.values(), from, bytes);
    }
    Shapes shapes = HMapAdmin.shapes(store.path());
    return importInto(codecs.keysOf(shapes.key()), codecs.valuesOf(shapes.value()), from, bytes);
  }

  private <K, V> int importInto(Text<K> keys, Text<V> values, InputStream in, long bytes)
      throws IOException {
    long begin = System.nanoTime();
    long rows;
    long count;
    Rows<K, V> from = Rows.of(format.of(file), keys, values, in);
    try (Progress shown = progress.begin("import", bytes, " MiB", 1 << 20);
        HMap<K, V> map =
            HMap.at(store.path(), keys.codec(), values.codec()).durability(durability).open()) {
      OpenStore<K, V> open = new OpenStore<>(map, keys, values);
      rows = new Importer<>(open, from, shown::at).run();
      count = map.mappingCount();
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    spec.commandLine()
        .getOut()
        .print(
            "%,d rows in %.2f s, %,.0f rows/s; count %,d\n"
                .formatted(rows, seconds, rows / seconds, count));
    return ExitCode.DONE;
  }
}
