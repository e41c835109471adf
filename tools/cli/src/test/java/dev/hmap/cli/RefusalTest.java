package dev.hmap.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.hmap.Codec;
import dev.hmap.HMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command says when the store refuses, and when it is called wrongly. */
class RefusalTest {
  @TempDir Path folder;
  private Path store;

  @BeforeEach
  void createStore() {
    store = folder.resolve("a.hmap");
    assertThat(Cli.run("create", store).code()).isZero();
    assertThat(Cli.run("put", store, "k", "v").code()).isZero();
  }

  private static void assertRefused(Cli run, String... saying) {
    assertThat(run.err()).contains(saying);
    assertThat(run.saysOneLine()).as(run.err()).isTrue();
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "put", "get", "del", "scan", "export", "shell", "stat", "where", "inspect", "verify",
        "compact", "backup", "log", "bench",
      })
  void missingStoreIsNamedAndNotCreated(String command) {
    Path missing = folder.resolve("missing.hmap");
    assertRefused(runOn(command, missing), missing.toString());
    assertThat(missing).doesNotExist();
  }

  private static Cli runOn(String command, Path store) {
    return switch (command) {
      case "put" -> Cli.run("put", store, "k", "w");
      case "get", "del", "where" -> Cli.run(command, store, "k");
      case "import" -> Cli.runWithInput("k\tw\n".getBytes(UTF_8), "import", store, "-");
      case "backup" -> Cli.run(command, store, store.resolveSibling("copy.hmap"));
      default -> Cli.run(command, store);
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "put", "get", "del", "scan", "import", "export", "shell", "stat", "where", "inspect",
        "compact", "backup", "log", "bench",
      })
  void fileThatIsNoStoreIsLeftAlone(String command) throws IOException {
    Path text = folder.resolve("notes.txt");
    String content = "these are notes\n".repeat(1000);
    Files.writeString(text, content);
    assertRefused(runOn(command, text), text.toString());
    assertThat(text).hasContent(content);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "put", "get", "del", "scan", "import", "export", "shell", "stat", "where", "inspect",
        "compact", "backup", "bench",
      })
  void truncatedFileIsNamed(String command) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(store.toFile(), "rw")) {
      file.setLength(file.length() - 4096);
    }
    assertRefused(runOn(command, store), store.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"put", "del", "import", "shell", "compact"})
  void secondWriterIsRefused(String command) {
    try (HMap<String, String> open = HMap.open(store, Codec.STRING, Codec.STRING)) {
      assertRefused(runOn(command, store), store.toString());
      assertThat(open).containsEntry("k", "v");
    }
  }

  @Test
  void otherCodecsAreBothNamed() {
    Cli run = Cli.runWithInput(new byte[0], "import", store, "-", "--key", "long");
    assertRefused(run, "string to string", "long to string");
  }

  @Test
  void readOnlyFolderIsNamed() throws IOException {
    Path locked = Files.createDirectory(folder.resolve("locked"));
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeFalse(
        Files.isWritable(locked), "this user, as root does, may write to a read-only folder");
    assertRefused(Cli.run("create", locked.resolve("b.hmap")), "locked");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "frobnicate",
        "get",
        "get STORE",
        "get STORE k more",
        "scan STORE --limit x",
        "import STORE",
        "import STORE - --durability never",
        "--frobnicate",
        "put STORE k",
        "demo --longs 0",
        "import STORE no-such-file.tsv",
        "import STORE - --format redacted",
        "import STORE - --format yaml",
        "export STORE - more",
        "scan STORE --format",
        "where STORE",
        "backup STORE",
        "log STORE --limit -1",
        "log STORE --limit x",
        "inspect STORE --json --watch",
        "inspect STORE --html",
        "create STORE2 --ttl",
        "where STORE -k",
        "import STORE .",
        "stat",
        "shell",
        "man frobnicate",
      })
  void wrongUsageIsOneLine(String line) {
    Object[] words =
        line.isEmpty()
            ? new Object[0]
            : Arrays.stream(line.split(" ", -1)).map(w -> w.equals("STORE") ? store : w).toArray();
    Cli run = Cli.run(words);
    assertThat(run.saysOneLine()).as(run.err()).isTrue();
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create",
        "put",
        "get",
        "del",
        "scan",
        "import",
        "export",
        "shell",
        "stat",
        "inspect",
        "where",
        "verify",
        "salvage",
        "compact",
        "backup",
        "log",
        "bench",
        "demo",
        "completion",
      })
  void everyCommandExplainsItselfWithAnExample(String command) {
    Cli run = Cli.run(command, "--help");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("Usage: hmap " + command, "Example:", "hmap " + command);
    assertThat(run.err()).isEmpty();
    assertThat(Cli.run("--help").out()).contains("  " + command);
  }

  @Test
  void versionIsPrinted() {
    assertThat(Cli.run("--version").out()).startsWith("hmap ");
  }

  /** Fails like a pipe that nobody reads, or like a full disk. */
  static OutputStream failingWith(String message) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(message);
      }
    };
  }

  private int runInto(OutputStream out, OutputStream err, String... args) {
    return Main.run(InputStream.nullInputStream(), out, err, args);
  }

  @Test
  void brokenPipeEndsQuietly() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    for (String[] args : new String[][] {{"scan", store.toString()}, {"--help"}}) {
      assertThat(runInto(failingWith("Broken pipe"), err, args)).isZero();
    }
    assertThat(err.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10_000})
  void outputThatCannotBeWrittenIsReportedOnce(int rows) {
    String text = IntStream.range(0, rows).mapToObj(i -> i + "\tvalue\n").collect(joining());
    assertThat(Cli.runWithInput(text.getBytes(UTF_8), "import", store, "-").code()).isZero();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    OutputStream full = failingWith("No space left on device");
    assertThat(runInto(full, err, "scan", store.toString())).isEqualTo(3);
    assertThat(err.toString(UTF_8)).isEqualTo("hmap: standard output: No space left on device\n");
  }
}
