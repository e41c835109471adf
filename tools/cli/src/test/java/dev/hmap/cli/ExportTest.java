package dev.hmap.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Codec;
import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code export}, {@code scan} and {@code import} in each format. */
class ExportTest {
  private static final String VALUE = "record(name:string,at:record(x:int,y:double),raw:bytes)";

  @TempDir Path folder;
  private Path store;

  @BeforeEach
  void fillStore() {
    store = folder.resolve("a.hmap");
    assertThat(Cli.run("create", store, "--key", "long", "--value", VALUE).code()).isZero();
    assertThat(
            Cli.run("put", store, "--", 7, "(name=\"a,b\\n\\\"\", at=(x=-1, y=2.5), raw=00ff)")
                .code())
        .isZero();
  }

  @Test
  void csvHasAColumnForEachComponent() {
    String csv = "key,value.name,value.at.x,value.at.y,value.raw\n7,\"a,b\n\"\"\",-1,2.5,00ff\n";
    assertThat(Cli.run("export", store, "--format", "csv")).isEqualTo(new Cli(0, csv, ""));
    assertThat(Cli.run("scan", store, "--format", "CSV").out()).isEqualTo(csv);
  }

  @Test
  void jsonHasNumbersAndNestedObjects() {
    String json =
        "{\"key\":7,\"value\":{\"name\":\"a,b\\n\\\"\",\"at\":{\"x\":-1,\"y\":2.5},"
            + "\"raw\":\"00ff\"}}\n";
    assertThat(Cli.run("export", store, "-", "--format", "json")).isEqualTo(new Cli(0, json, ""));
    assertThat(Cli.run("scan", store, "--format", "json", "--limit", 1).out()).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource({"e.csv, key;value.name", "e.JSONL, {", "e.json, {", "e.tsv, 7\t(", "e, 7\t("})
  void formatFollowsTheFilesEnding(String name, String begin) throws IOException {
    Path file = folder.resolve(name);
    assertThat(Cli.run("export", store, file)).isEqualTo(new Cli(0, "1 entries\n", ""));
    assertThat(Files.readString(file)).startsWith(begin.replace(';', ','));
  }

  @Test
  void fileThatExistsIsNotWrittenOver() throws IOException {
    byte[] before = Files.readAllBytes(store);
    for (Path file : List.of(store, folder)) {
      Cli run = Cli.run("export", store, file);
      assertThat(run.code()).isEqualTo(3);
      assertThat(run.err()).isEqualTo("hmap: " + file + " exists already\n");
    }
    assertThat(Files.readAllBytes(store)).isEqualTo(before);
  }

  @Test
  void fileInNoFolderIsNamed() {
    Path file = folder.resolve("none").resolve("e.csv");
    Cli run = Cli.run("export", store, file);
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).isEqualTo("hmap: " + file + ": there is no such file\n");
  }

  @Test
  void fileOfAnExportThatFailedIsRemoved() throws IOException {
    Path damaged = folder.resolve("damaged.hmap");
    try (HMap<Long, Long> map = HMap.open(damaged, Codec.LONG, Codec.LONG)) {
      map.put(1L, 2L);
    }
    long bucket = HMapAdmin.where(damaged, Codec.LONG.encode(1L)).bucketAddress();
    int overflow = 8 + 8 * Long.BYTES + 8 * Long.BYTES; // after tophashes, keys and values
    try (RandomAccessFile bytes = new RandomAccessFile(damaged.toFile(), "rw")) {
      bytes.seek(bucket + overflow);
      bytes.writeInt(-1);
    }
    Path file = folder.resolve("e.tsv");
    Cli run = Cli.run("export", damaged, file);
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.saysOneLine()).isTrue();
    assertThat(run.err()).contains("damaged");
    assertThat(file).doesNotExist();
  }

  @Test
  void redactedShowsLengthsAndEqualityAndNothingElse() {
    Path names = folder.resolve("names.hmap");
    try (HMap<String, String> map = HMap.open(names, Codec.STRING, Codec.STRING)) {
      map.put("alice", "secret");
      map.put("bob", "secret");
    }
    List<String> rows = Cli.run("scan", names, "--format", "redacted").lines().sorted().toList();
    assertThat(rows).hasSize(2).allMatch(r -> r.matches("[35]:[0-9a-f]{12}\t6:[0-9a-f]{12}"));
    assertThat(rows.get(0).substring(rows.get(0).indexOf('\t')))
        .isEqualTo(rows.get(1).substring(rows.get(1).indexOf('\t')));
    // a hash that is always the same could be found by trying words
    assertThat(Cli.run("export", names, "--format", "redacted").lines().sorted().toList())
        .isNotEqualTo(rows);
  }

  private Cli importText(String format, String text) {
    return Cli.runWithInput(text.getBytes(UTF_8), "import", store, "-", "--format", format);
  }

  @Test
  void columnsAndFieldsMayComeInAnyOrder() {
    String good = "value.raw,key,value.at.y,value.at.x,value.name\n,8,NaN,1,n\n";
    assertThat(importText("csv", good).code()).isZero();
    assertThat(Cli.run("get", store, 8).out()).isEqualTo("(name=n, at=(x=1, y=NaN), raw=)\n");
    String json =
        "\n{\"value\":{\"raw\":\"0x01\",\"at\":{\"y\":\"NaN\",\"x\":1},\"name\":\"n\"},"
            + "\"key\":\"9\"}\r\n";
    assertThat(importText("json", json).code()).isZero();
    assertThat(Cli.run("get", store, 9).out()).isEqualTo("(name=n, at=(x=1, y=NaN), raw=01)\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "key,value | line 1: the header must have the columns key,value.name,",
        "`` | line 1: the header must have",
        "H;1,n,2,3 | line 2: 4 fields: the header has 5",
        "H;1,n,2,3,00;x,n,2,3,00 | line 3: key \"x\" is not of the store's type long",
        "H;1,n,2.5,3,00 | line 2: value.at.x \"2.5\" is not",
        "H;1,\"n\"x,2,3,00 | line 2: ",
        "H;1,n,2,3,\"00 | line 2: a quote without an end",
      })
  void csvThatIsMalformedIsNamedByLine(String text, String message) {
    Cli run =
        importText(
            "csv",
            text.replace("H", "key,value.name,value.at.x,value.at.y,value.raw").replace(';', '\n'));
    assertThat(run.err()).startsWith("hmap: " + message).contains("rows were imported");
    assertThat(run.saysOneLine()).isTrue();
    assertThat(run.code()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"key\":1 | not JSON",
        "[1] | no JSON object",
        "{\"key\":1} | value is missing",
        "{\"key\":null,\"value\":V} | key is not a JSON value for the store's type long",
        "{\"key\":1.5,\"value\":V} | key \"1.5\" is not of the store's type long",
        "{\"key\":1,\"value\":2} | value is not a JSON object for the store's type record(",
        "{\"key\":1,\"value\":{\"name\":3}} | value.name is not a JSON value for the store's type"
            + " string",
        "{\"key\":1,\"value\":{\"name\":\"n\"}} | value.at is missing",
        "{\"key\":1,\"value\":{\"at\":{\"z\":1}}} | value.at.z is not a field of the store's type",
        "{\"key\":1,\"key\":2,\"value\":V} | not JSON: Duplicate field 'key'",
        "{\"key\":1,\"value\":V,\"more\":1} | \"more\" is a field other than key and value",
        "{\"key\":1,\"value\":V} 2 | there is more after the object",
      })
  void jsonThatIsMalformedIsNamedByLine(String text, String message) {
    String value = "{\"name\":\"n\",\"at\":{\"x\":1,\"y\":2},\"raw\":\"\"}";
    Cli run =
        importText("json", "{\"key\":5,\"value\":V}\n\n%s\n".formatted(text).replace("V", value));
    assertThat(run.err()).startsWith("hmap: line 3: " + message).contains("1 rows were imported");
    assertThat(run.saysOneLine()).isTrue();
    assertThat(run.code()).isEqualTo(2);
    assertThat(Cli.run("get", store, 5).code()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json"})
  void bytesThatAreNotUtf8AreNamedByLine(String format) {
    Path names = folder.resolve("names.hmap");
    String rows =
        format.equals("csv")
            ? "key,value\na,b\ncafé,b\n"
            : "{\"key\":\"a\",\"value\":\"\"}\n\n{\"key\":\"é\",\"value\":\"\"}\n";
    Cli run = Cli.runWithInput(rows.getBytes(ISO_8859_1), "import", names, "-", "--format", format);
    assertThat(run.err()).isEqualTo("hmap: line 3 is not valid UTF-8; 1 rows were imported\n");
    assertThat(run.code()).isEqualTo(2);
    assertThat(Cli.run("get", names, "a").code()).isZero();
  }
}
