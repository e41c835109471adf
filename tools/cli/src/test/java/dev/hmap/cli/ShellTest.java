package dev.hmap.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Codec;
import dev.hmap.HMap;
import dev.hmap.cli.console.Output;
import dev.hmap.cli.rows.OpenStore;
import dev.hmap.cli.shell.Shell;
import dev.hmap.cli.shell.ShellCompleter;
import dev.hmap.cli.text.Text;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code shell}: its lines, its errors, and what it completes. */
class ShellTest {
  @TempDir Path folder;
  private Path store;

  @BeforeEach
  void createStore() {
    store = folder.resolve("a.hmap");
    assertThat(Cli.run("create", store).code()).isZero();
  }

  private Cli shell(String lines, Object... options) {
    Object[] args = new Object[options.length + 2];
    args[0] = "shell";
    args[1] = store;
    System.arraycopy(options, 0, args, 2, options.length);
    return Cli.runWithInput(lines.getBytes(UTF_8), args);
  }

  @Test
  void linesRunOneAfterTheOther() {
    Cli run = shell("put a 1\n  \nput b 2\nget a\ncount\ndel b\r\nscan\nstat\nexit\nput c 3\n");
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.lines().toList())
        .startsWith("1", "2", "a\t1")
        .hasSize(4)
        .last()
        .asString()
        .startsWith("1 entries, load factor 1.00, ");
    assertThat(Cli.run("scan", store).out()).isEqualTo("a\t1\n");
  }

  @Test
  void wordsMayBeQuoted() {
    Cli run = shell("put 'two words' \"a\\tb\\\"\"\nget two\\ words\nput '' 'C:\\'\nget ''\n");
    assertThat(run).isEqualTo(new Cli(0, "a\tb\"\nC:\\\n", ""));
  }

  @Test
  void scanPrintsSoManyAsAskedFor() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      lines.append("put k").append(i).append(" v\n");
    }
    assertThat(shell(lines + "scan\n").lines()).hasSize(20);
    assertThat(shell("scan 25").lines()).hasSize(25);
    assertThat(shell("scan 0").out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "frobnicate",
        "get",
        "get a b",
        "put a",
        "count now",
        "scan -1",
        "scan many",
        "get 'a",
        "put a \"\\x\"",
        "put a \uFFFD",
      })
  void errorIsOneLineAndTheShellGoesOn(String line) {
    Cli run = shell(line + "\nput a 1\nget a\n");
    assertThat(run.saysOneLine()).as(run.err()).isTrue();
    assertThat(run.out()).isEqualTo("1\n");
    assertThat(run.code()).isEqualTo(2);
  }

  @Test
  void absentKeyAndRefusedEntryAreOneLineEach() {
    Cli run = shell("get a\ndel a\nput " + "k".repeat(65_536) + " v\ncount\n");
    assertThat(run.err().lines())
        .hasSize(3)
        .startsWith("hmap: there is no key \"a\"", "hmap: there is no key \"a\"")
        .last()
        .asString()
        .contains("65,535");
    assertThat(run.out()).isEqualTo("0\n");
    assertThat(run.code()).isEqualTo(3);
  }

  @Test
  void lineThatIsNotUtf8IsNamed() {
    Cli run = Cli.runWithInput("put café v\ncount\n".getBytes(ISO_8859_1), "shell", store);
    assertThat(run).isEqualTo(new Cli(2, "0\n", "hmap: line 1 is not valid UTF-8\n"));
  }

  @Test
  void readOnlyShellReadsBesideAWriterAndWritesNothing() {
    try (HMap<String, String> open = HMap.open(store, Codec.STRING, Codec.STRING)) {
      open.put("a", "1");
      Cli run = shell("get a\nput a 2\nstat\n", "--read-only");
      assertThat(run.out()).startsWith("1\n1 entries");
      assertThat(run.err()).contains("is open for reading only");
      assertThat(run.saysOneLine()).isTrue();
      assertThat(run.code()).isEqualTo(3);
      assertThat(open).containsEntry("a", "1");
    }
  }

  @Test
  void helpNamesEveryCommand() {
    assertThat(shell("help\n").lines().map(l -> l.replaceFirst(" .*", "")))
        .contains("get", "put", "del", "scan", "count", "stat", "help", "exit");
  }

  private List<String> completed(String line) {
    List<Candidate> candidates = new ArrayList<>();
    try (HMap<String, String> map = HMap.open(store, Codec.STRING, Codec.STRING)) {
      OpenStore<String, String> open = new OpenStore<>(map, strings(), strings());
      new ShellCompleter<>(open)
          .complete(null, new DefaultParser().parse(line, line.length()), candidates);
    }
    return candidates.stream().map(Candidate::value).toList();
  }

  @SuppressWarnings("unchecked") // the codec of strings is of strings
  private static Text<String> strings() {
    return (Text<String>) Text.of("string");
  }

  @Test
  void commandsAndKeysAreCompleted() {
    shell("put apple 1\nput 'apple pie' 2\nput pear 3\nput \"apple\\t\" 4\n");
    assertThat(completed("ge")).contains("get", "put", "exit");
    assertThat(completed("get app")).containsExactlyInAnyOrder("apple", "apple pie");
    assertThat(completed("put pe")).containsExactly("pear");
    assertThat(completed("put pear pe")).isEmpty();
    assertThat(completed("scan pe")).isEmpty();
  }

  @Test
  void completionOffersNoMoreThanItsBound() {
    try (HMap<String, String> map = HMap.open(store, Codec.STRING, Codec.STRING)) {
      map.write(batch -> {
        for (int i = 0; i < 100; i++) {
          batch.put("k" + i, "v");
        }
      });
    }
    assertThat(completed("get k")).hasSize(ShellCompleter.MAX_OFFERED);
  }

  @Test
  void terminalIsReadWithTabAndHistory() throws IOException {
    shell("put apple 1\n");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String previous = "\u0010"; // Ctrl-P, as the arrow upwards
    try (HMap<String, String> map = HMap.open(store, Codec.STRING, Codec.STRING);
        PipedOutputStream keyboard = new PipedOutputStream();
        PipedInputStream typed = new PipedInputStream(keyboard);
        Terminal terminal =
            new ExternalTerminal("test", "xterm", typed, new ByteArrayOutputStream(), UTF_8)) {
      keyboard.write(("get ap\t\r" + previous + "\rget none\rexit\r").getBytes(UTF_8));
      keyboard.flush();
      OpenStore<String, String> open = new OpenStore<>(map, strings(), strings());
      Shell<String, String> shell =
          new Shell<>(open, new Output(out), new PrintWriter(err, true, UTF_8));
      ShellCommand.runIn(terminal, shell, new ShellCompleter<>(open));
      assertThat(shell.hasEnded()).isTrue();
    }
    assertThat(out.toString(UTF_8)).isEqualTo("1\n1\n");
    assertThat(err.toString(UTF_8)).isEqualTo("hmap: there is no key \"none\"\n");
  }
}
