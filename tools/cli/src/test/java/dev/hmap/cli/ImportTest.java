package dev.hmap.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Codec;
import dev.hmap.HMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code import}, with good rows and malformed ones. */
class ImportTest {
  @TempDir Path folder;
  private Path store;

  @BeforeEach
  void nameStore() {
    store = folder.resolve("a.hmap");
  }

  private Cli importText(String text, Object... options) {
    Object[] args = new Object[options.length + 3];
    args[0] = "import";
    args[1] = store;
    args[2] = "-";
    System.arraycopy(options, 0, args, 3, options.length);
    return Cli.runWithInput(text.getBytes(UTF_8), args);
  }

  private Map<String, String> entries() {
    try (HMap<String, String> map = HMap.at(store, Codec.STRING, Codec.STRING).readOnly().open()) {
      return new HashMap<>(map);
    }
  }

  @Test
  void rowsOfEveryKindAreRead() {
    Cli run =
        importText(
            "\uFEFFbom\t1\nunix\t2\nwindows\t3\r\ntabs\t4\t5\nempty\t\n\tno key\nü日\t😀\nlast\t6");
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("8 rows in ").endsWith("; count 8\n");
    assertThat(entries())
        .isEqualTo(
            Map.of(
                "bom", "1", "unix", "2", "windows", "3", "tabs", "4\t5", "empty", "", "", "no key",
                "ü日", "😀", "last", "6"));
  }

  @Test
  void emptyInputMakesAnEmptyStore() {
    assertThat(importText("").out()).startsWith("0 rows in ").endsWith("; count 0\n");
    assertThat(entries()).isEmpty();
  }

  @Test
  void laterRowOfAKeyWins() {
    assertThat(importText("k\t1\nk\t2\n").out()).startsWith("2 rows in ").endsWith("; count 1\n");
    assertThat(entries()).containsExactly(Map.entry("k", "2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"no tab here", ""})
  void lineWithoutTabIsNamedAndEndsTheImport(String malformed) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= 16; i++) {
      text.append("k").append(i).append("\tv\n");
    }
    Cli run = importText(text + malformed + "\nbehind\tv\n");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).isEqualTo("hmap: line 17 has no tab; 16 rows were imported\n");
    assertThat(entries()).hasSize(16).doesNotContainKey("after");
  }

  @ParameterizedTest
  @ValueSource(strings = {"caf\u00e9\tv", "k\tcaf\u00e9", "k\t\u00ed\u00a0\u0080"})
  void lineThatIsNotUtf8IsNamed(String latin) {
    byte[] bytes = ("good\tv\n" + latin + "\n").getBytes(ISO_8859_1);
    Cli run = Cli.runWithInput(bytes, "import", store, "-");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).isEqualTo("hmap: line 2 is not valid UTF-8; 1 rows were imported\n");
    assertThat(entries()).containsOnlyKeys("good");
  }

  @Test
  void replacementCharacterItselfIsValid() {
    assertThat(importText("\uFFFD\t\uFFFD\n").code()).isZero();
    assertThat(entries()).containsExactly(Map.entry("\uFFFD", "\uFFFD"));
  }

  @Test
  void escapesAreReadUnlessTheyAreToBePlain() {
    String rows = "a\\tb\\0\tc\\r\\n\\\\\n";
    assertThat(importText(rows).code()).isZero();
    assertThat(entries()).containsExactly(Map.entry("a\tb\0", "c\r\n\\"));
    assertThat(importText(rows, "--format", "plain").code()).isZero();
    assertThat(entries()).containsEntry("a\\tb\\0", "c\\r\\n\\\\").hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"C:\\Users", "at the end\\", "\\\""})
  void backslashThatIsNoEscapeIsNamedByLine(String value) {
    Cli run = importText("good\tv\nk\t" + value + "\n");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.saysOneLine()).isTrue();
    assertThat(run.err())
        .startsWith("hmap: line 2: value ")
        .contains("backslash", "--format plain", "1 rows were imported");
    assertThat(entries()).containsOnlyKeys("good");
    assertThat(importText("k\t" + value + "\n", "--format", "plain").code()).isZero();
    assertThat(entries()).containsEntry("k", value);
  }

  @Test
  void valueOfAnotherTypeIsNamedByLine() {
    Cli run = importText("1\t2\n3\tfour\n", "--key", "long", "--value", "int");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.saysOneLine()).isTrue();
    assertThat(run.err()).startsWith("hmap: line 2: value \"four\"").contains("1 rows");
    assertThat(Cli.run("get", store, 1).out()).isEqualTo("2\n");
  }

  @Test
  void rowTheStoreRefusesIsNamedByLine() {
    Cli run = importText("a\tv\n" + "k".repeat(65_536) + "\tv\nb\tv\n");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.saysOneLine()).isTrue();
    assertThat(run.err()).startsWith("hmap: line 2: ").contains("65,535", "1 rows were imported");
    assertThat(entries()).containsOnlyKeys("a");
  }

  @Test
  void codecsOfAnExistingStoreAreTaken() {
    assertThat(importText("1\t2\n", "--key", "long", "--value", "long").code()).isZero();
    assertThat(importText("3\t4\n").code()).isZero();
    assertThat(Cli.run("scan", store).lines()).containsExactlyInAnyOrder("1\t2", "3\t4");
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 18, (1 << 18) + 1, 3 << 20})
  void lineLongerThanTheBufferIsRead(int bytes) {
    String value = "x".repeat(bytes);
    assertThat(importText("a\t1\nlong\t" + value + "\nb\t2\n").code()).isZero();
    assertThat(entries()).isEqualTo(Map.of("a", "1", "long", value, "b", "2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"async", "sync"})
  void secondImportChangesNeitherCountNorSize(String durability) throws IOException {
    Map<String, String> expected = new HashMap<>();
    Path rows = folder.resolve("rows.tsv");
    writeRows(rows, expected);

    Cli first = Cli.run("import", store, rows, "--durability", durability);
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).endsWith("; count 50,000\n");
    long size = Files.size(store);
    assertThat(entries()).isEqualTo(expected);

    assertThat(Cli.run("import", store, rows, "--durability", durability).out())
        .endsWith("; count 50,000\n");
    assertThat((double) Files.size(store)).isBetween(0.9 * size, 1.1 * size);
    assertThat(entries()).isEqualTo(expected);
  }

  private static void writeRows(Path to, Map<String, String> expected) throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 50_000; i++) {
      String key = "key-" + i;
      String value = "v".repeat(random.nextInt(150)) + random.nextLong();
      expected.put(key, value);
      text.append(key).append('\t').append(value).append('\n');
    }
    Files.writeString(to, text);
  }

  @Test
  void carriageReturnInAQuotedCellEndsNoRow() {
    Path store = folder.resolve("returns.hmap");
    String csv = "key,value\na,\"x\ry\"\nb,\"\r\"\nc,\"1\r2\n3\"\nd,\"4\r\n5\"\r\ne,6\n";
    Cli run = Cli.runWithInput(csv.getBytes(UTF_8), "import", store, "-", "--format", "csv");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(Cli.run("scan", store).lines())
        .containsExactlyInAnyOrder("a\tx\\ry", "b\t\\r", "c\t1\\r2\\n3", "d\t4\\r\\n5", "e\t6");
  }
}
