package dev.hmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Codec;
import dev.hmap.HMap;
import dev.hmap.cli.bench.Samples;
import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.text.Text;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bench}: what it reports, and that it leaves nothing behind. */
@Timeout(120)
class BenchTest {
  @TempDir Path folder;
  private Path store;

  @BeforeEach
  void nameStore() {
    store = folder.resolve("a.hmap");
  }

  private Cli bench(Object... more) {
    Object[] args = new Object[more.length + 6];
    Object[] first = {"bench", store, "--entries", 2000, "--seconds", 0.01};
    System.arraycopy(first, 0, args, 0, first.length);
    System.arraycopy(more, 0, args, first.length, more.length);
    return Cli.run(args);
  }

  @Test
  void storeInUseIsMeasuredAndNotChanged() throws IOException {
    try (HMap<String, Long> map = HMap.open(store, Codec.STRING, Codec.LONG)) {
      map.put("k", 1L);
      byte[] before = Files.readAllBytes(store);
      Cli run = bench();
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out())
          .containsSubsequence(
              "growth from 0 to 2,000",
              "get, present",
              "get, absent",
              "put, ASYNC",
              "put, SYNC, 1 thread",
              "put, SYNC, 64 threads",
              "99.9 %",
              "[#");
      assertThat(run.err()).isEmpty();
      assertThat(map).hasSize(1);
      assertThat(Files.readAllBytes(store)).isEqualTo(before);
    }
    assertThat(folder).isDirectoryNotContaining(p -> !p.equals(store));
  }

  @Test
  void jsonHasEveryMeasurement() throws IOException {
    assertThat(Cli.run("create", store, "--value", "record(at:instant,n:int)").code()).isZero();
    Cli run = bench("--json");
    assertThat(run.code()).as(run.err()).isZero();
    Map<String, String> json = Json.scalars(run.out());
    assertThat(json)
        .containsEntry("keyCodec", "string")
        .containsEntry("measured.0.operations", "2000")
        .containsEntry("measured.5.name", "put, SYNC, 64 threads");
    for (int m = 0; m < 6; m++) {
      long median = Long.parseLong(json.get("measured.%d.nanos.50.0".formatted(m)));
      assertThat(Long.parseLong(json.get("measured.%d.nanos.100.0".formatted(m))))
          .isGreaterThanOrEqualTo(median);
    }
    assertThat(folder).isDirectoryNotContaining(p -> !p.equals(store));
  }

  @Test
  void codecOfFewKeysIsMeasuredWithThose() {
    assertThat(Cli.run("create", store, "--key", "boolean").code()).isZero();
    Cli run = bench();
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("growth from 0 to 2 ").doesNotContain("absent");
    assertThat(run.err()).isEqualTo("hmap: boolean has only 2 of 2,000 keys\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "boolean|2",
        "byte|256",
        "short|300",
        "int|300",
        "long|300",
        "instant|300",
        "uuid|300",
        "string|300",
        "bytes|300",
        "enum(A,B,C)|3",
        "record(a:string,b:record(c:int,d:enum(A)))|300",
      })
  void samplesAreOfTheCodecAndDifferent(String shape, int different) {
    Text<?> text = Text.of(shape);
    Set<Object> seen = new HashSet<>();
    for (int n = 0; n < 300; n++) {
      seen.add(encoded(text, n));
    }
    assertThat(seen).hasSize(different);
  }

  private static <T> String encoded(Text<T> text, int n) {
    T sample = Samples.of(text, n, 20);
    byte[] bytes = text.codec().encode(sample);
    assertThat(text.print(text.codec().decode(bytes, 0, bytes.length)))
        .isEqualTo(text.print(sample));
    return text.print(sample);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--entries 0",
        "--entries -5",
        "--entries 1000000000",
        "--entries x",
        "--seconds 0",
        "--seconds -1",
        "--seconds NaN",
        "--seconds 1e9",
        "--seconds",
      })
  void wrongOptionsAreOneLine(String options) {
    assertThat(Cli.run("create", store).code()).isZero();
    Object[] words = "bench %s %s".formatted(store, options).split(" ", -1);
    Cli run = Cli.run(words);
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.saysOneLine()).as(run.err()).isTrue();
    assertThat(run.out()).isEmpty();
  }

  @Test
  void whatIsNoStoreIsRefusedAndNothingIsLeft() throws IOException {
    assertThat(bench().code()).isEqualTo(ExitCode.REFUSED);
    Files.writeString(store, "notes");
    Cli run = bench();
    assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.saysOneLine()).isTrue();
    assertThat(folder).isDirectoryNotContaining(p -> !p.equals(store));
    store = folder;
    assertThat(bench().code()).isEqualTo(ExitCode.REFUSED);
  }

  @Test
  void brokenPipeEndsItAndNothingIsLeft() {
    assertThat(Cli.run("create", store).code()).isZero();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] args = {"bench", store.toString(), "--entries", "100", "--seconds", "0.01"};
    int code =
        Main.run(InputStream.nullInputStream(), RefusalTest.failingWith("Broken pipe"), err, args);
    assertThat(code).isZero();
    assertThat(err.size()).isZero();
    assertThat(folder).isDirectoryNotContaining(p -> !p.equals(store));
  }
}
