package dev.hmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Codec;
import dev.hmap.HMap;
import dev.hmap.cli.console.ExitCode;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code create put get del scan}, with good input and bad. */
class EntryCommandsTest {
  @TempDir Path folder;
  private Path store;

  @BeforeEach
  void nameStore() {
    store = folder.resolve("a.hmap");
  }

  private Path created(String... options) {
    Object[] args = new Object[options.length + 2];
    args[0] = "create";
    args[1] = store;
    System.arraycopy(options, 0, args, 2, options.length);
    assertThat(Cli.run(args)).isEqualTo(new Cli(0, "", ""));
    return store;
  }

  @ParameterizedTest
  @CsvSource({
    "string, string, schlüssel, 'a value, 日本'",
    "long, int, 9223372036854775807, -2147483648",
    "uuid, bytes, 123e4567-e89b-12d3-a456-426614174000, 00ff",
    "bytes, uuid, '', 123e4567-e89b-12d3-a456-426614174000",
    "int, long, -1, -9223372036854775808",
  })
  void entryOfEachCodecIsPutReadAndRemoved(
      String keyCodec, String valueCodec, String key, String value) {
    created("--key", keyCodec, "--value", valueCodec);
    assertThat(Cli.run("put", store, "--", key, value)).isEqualTo(new Cli(0, "", ""));
    assertThat(Cli.run("get", store, "--", key)).isEqualTo(new Cli(0, value + "\n", ""));
    assertThat(Cli.run("scan", store)).isEqualTo(new Cli(0, key + "\t" + value + "\n", ""));
    assertThat(Cli.run("del", store, "--", key)).isEqualTo(new Cli(0, "", ""));
    assertThat(Cli.run("scan", store)).isEqualTo(new Cli(0, "", ""));
    Cli absent = Cli.run("get", store, "--", key);
    assertThat(absent.code()).isEqualTo(1);
    assertThat(absent.saysOneLine()).isTrue();
    assertThat(Cli.run("del", store, "--", key).code()).isEqualTo(1);
  }

  @Test
  void bytesMayBeginWith0x() {
    created("--value", "bytes");
    assertThat(Cli.run("put", store, "k", "0xCAFE").code()).isZero();
    assertThat(Cli.run("get", store, "k").out()).isEqualTo("cafe\n");
  }

  @Test
  void keyLikeAnOptionGoesBehindTwoDashes() {
    created();
    assertThat(Cli.run("put", store, "--", "--limit", "-h").code()).isZero();
    assertThat(Cli.run("get", store, "--", "--limit").out()).isEqualTo("-h\n");
    Cli without = Cli.run("get", store, "-abc");
    assertThat(without.code()).isEqualTo(2);
    assertThat(without.saysOneLine()).isTrue();
    assertThat(without.err()).contains("write -- before a key");
  }

  @ParameterizedTest
  @CsvSource({
    "long, 12x",
    "int, 2147483648",
    "uuid, 1-2-3-4-5",
    "bytes, abc",
    "bytes, 0xzz",
    "long, ''",
  })
  void valueOfAnotherTypeIsNamed(String codec, String value) {
    created("--value", codec);
    Cli refused = Cli.run("put", store, "k", value);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.saysOneLine()).isTrue();
    assertThat(refused.err()).contains("value \"" + value + "\"").contains(codec);
    assertThat(Cli.run("scan", store).out()).isEmpty();
  }

  @Test
  void argumentThatWasNotUtf8IsRefused() {
    created();
    Cli refused = Cli.run("put", store, "k\uFFFD", "v");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("key").contains("UTF-8");
    assertThat(Cli.run("scan", store).out()).isEmpty();
  }

  @Test
  void keyOverItsLimitIsRefusedByTheStore() {
    created();
    Cli refused = Cli.run("put", store, "k".repeat(65_536), "v");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.saysOneLine()).isTrue();
    assertThat(refused.err()).contains("65,535");
  }

  @Test
  void scanStopsAtItsLimit() {
    created("--key", "int", "--value", "int");
    for (int i = 0; i < 5; i++) {
      assertThat(Cli.run("put", store, i, i * i).code()).isZero();
    }
    assertThat(Cli.run("scan", store).lines())
        .containsExactlyInAnyOrder("0\t0", "1\t1", "2\t4", "3\t9", "4\t16");
    assertThat(Cli.run("scan", store, "--limit", 2).lines()).hasSize(2);
    assertThat(Cli.run("scan", store, "--limit", 0).out()).isEmpty();
    assertThat(Cli.run("scan", store, "--limit", -1).code()).isEqualTo(2);
  }

  @Test
  void scanEscapesWhatWouldEndAFieldOrALine() {
    created();
    assertThat(Cli.run("put", store, "a\tb\0", "c\r\n\\").code()).isZero();
    assertThat(Cli.run("scan", store)).isEqualTo(new Cli(0, "a\\tb\\0\tc\\r\\n\\\\\n", ""));
  }

  @Test
  void plainScanSaysWhatCouldNotBeImportedAgain() {
    created();
    assertThat(Cli.run("put", store, "a\tb", "c").code()).isZero();
    assertThat(Cli.run("put", store, "k", "c\nd").code()).isZero();
    assertThat(Cli.run("put", store, "fine", "c\td").code()).isZero();
    Cli scan = Cli.run("scan", store, "--format", "plain");
    assertThat(scan.code()).isZero();
    assertThat(scan.out()).contains("fine\tc\td\n", "k\tc\nd\n", "a\tb\tc\n");
    assertThat(scan.saysOneLine()).isTrue();
    assertThat(scan.err()).startsWith("hmap: 2 of these entries");
  }

  record Point(int x, int y) {}

  record Place(String name, Point at, UUID id) {}

  @Test
  void recordsArePrintedAndGivenByTheirComponents() {
    UUID id = new UUID(1, 2);
    String place = "(name=here, at=(x=5, y=6), id=00000000-0000-0001-0000-000000000002)";
    try (HMap<Point, Place> map =
        HMap.open(store, Codec.record(Point.class), Codec.record(Place.class))) {
      map.put(new Point(3, -4), new Place("here", new Point(5, 6), id));
    }
    assertThat(Cli.run("scan", store).out()).isEqualTo("(x=3, y=-4)\t" + place + "\n");
    assertThat(Cli.run("get", store, "(x=3,y=-4)").out()).isEqualTo(place + "\n");

    assertThat(Cli.run("put", store, "(x=7, y=8)", place).code()).isZero();
    try (HMap<Point, Place> map =
        HMap.open(store, Codec.record(Point.class), Codec.record(Place.class))) {
      assertThat(map.get(new Point(7, 8))).isEqualTo(new Place("here", new Point(5, 6), id));
    }
  }

  record Score(String name, int score) {}

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a, b", "(x=1)", "\"", "\\", "tab\tand\nline\0", "=", "end ", "\u2003"})
  void textOfARecordIsQuotedWhereItMustBe(String name) {
    created("--value", "record(name:string, score:int)");
    try (HMap<String, Score> map = HMap.open(store, Codec.STRING, Codec.record(Score.class))) {
      map.put("k", new Score(name, -1));
    }
    String printed = Cli.run("get", store, "k").out().stripTrailing();
    assertThat(Cli.run("put", store, "again", printed).code()).isZero();
    try (HMap<String, Score> map = HMap.open(store, Codec.STRING, Codec.record(Score.class))) {
      assertThat(map.get("again")).isEqualTo(new Score(name, -1));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "(name=a, score=x) | score \"x\" is not of the store's type int",
        "(name=a) | at character 8 , is expected",
        "(name=a, score=1)) | at character 18 nothing is expected",
        "name=a, score=1 | at character 1 ( is expected",
        "(name=\"a, score=1) | at character 19 \" is expected",
        "(name=\"a\\x\", score=1) | has a backslash",
        "(score=1, name=a) | at character 2 name is expected",
      })
  void textThatIsNoRecordIsNamed(String text, String message) {
    created("--value", "record(name:string,score:int)");
    Cli run = Cli.run("put", store, "k", text);
    assertThat(run.err()).contains(message);
    assertThat(run.saysOneLine()).isTrue();
    assertThat(run.code()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "record()",
        "record(a)",
        "record(a:int,a:int)",
        "record(1:int)",
        "record(a:list)",
        "record(a:int",
        "enum()",
        "enum(A,A)",
        "enum(A B,)",
      })
  void createNamesAShapeThatIsNone(String shape) {
    Cli run = Cli.run("create", store, "--value", shape);
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.saysOneLine()).isTrue();
    assertThat(store).doesNotExist();
  }

  @Test
  void shapeOverItsLimitIsRefused() {
    Cli run = Cli.run("create", store, "--value", "record(a:".repeat(10_000) + ")".repeat(10_000));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("100,000 characters: the limit is 1,000");
  }

  @Test
  void recordWithFloatingPointIsNoKey() {
    Cli run = Cli.run("create", store, "--key", "record(x:double)");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("record(x:double) cannot be a key");
  }

  @Test
  void storeThatExistsIsNotCreatedAgain() {
    created();
    assertThat(Cli.run("put", store, "k", "v").code()).isZero();
    Cli again = Cli.run("create", store);
    assertThat(again.code()).isEqualTo(3);
    assertThat(again.saysOneLine()).isTrue();
    assertThat(Cli.run("get", store, "k").out()).isEqualTo("v\n");
  }

  @Test
  void createTakesOnlyCodecsItKnows() {
    Cli refused = Cli.run("create", store, "--key", "list");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.saysOneLine()).isTrue();
    assertThat(refused.err()).contains("list");
    assertThat(store).doesNotExist();
  }

  @Test
  void createMakesRoomForExpectedEntries() {
    created("--key", "long", "--value", "long", "--expected-entries", "100000");
    assertThat(Cli.run("inspect", store).out()).contains("B 14"); // 6.5 * 2^14 = 106,496
    assertThat(Cli.run("create", folder.resolve("b"), "--expected-entries", -1).code())
        .isEqualTo(2);
  }

  @Test
  void valuesOfMoreTypesAreReadAndWrittenAsText() {
    created("--key", "instant", "--value", "double");
    String when = "2001-02-03T04:05:06.789Z";
    assertThat(Cli.run("put", store, when, "-1.5").code()).isZero();
    assertThat(Cli.run("get", store, when).out()).isEqualTo("-1.5\n");
    assertThat(Cli.run("put", store, "yesterday", "1").err())
        .contains("\"yesterday\" is not of the store's type instant: like 2001-");
    assertThat(Cli.run("put", store, when, "much").err()).contains("type double");
  }

  @Test
  void floatingPointIsNoKey() {
    Cli run = Cli.run("create", store, "--key", "double");
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("double cannot be a key");
    assertThat(run.saysOneLine()).isTrue();
  }
}
