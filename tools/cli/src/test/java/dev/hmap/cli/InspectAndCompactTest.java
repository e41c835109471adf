package dev.hmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Codec;
import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code inspect}, {@code verify} and {@code compact}. */
class InspectAndCompactTest {
  private static final int ENTRIES = 2000;

  @TempDir Path folder;
  private Path store;

  @BeforeEach
  void fillStore() {
    store = folder.resolve("a.hmap");
    try (HMap<Long, String> map =
        HMap.at(store, Codec.LONG, Codec.STRING).durability(Durability.ASYNC).open()) {
      for (long i = 0; i < ENTRIES; i++) {
        map.put(i, "value " + i);
      }
    }
  }

  private Map<String, String> json() throws IOException {
    Cli run = Cli.run("inspect", store, "--json");
    assertThat(run.code()).as(run.err()).isZero();
    return Json.scalars(run.out());
  }

  @Test
  void jsonHasTheFieldsOfHmapUnderTheirGoNames() throws IOException {
    Map<String, String> fields = json();
    assertThat(fields)
        .containsKeys(
            "count",
            "flags",
            "B",
            "noverflow",
            "hash0",
            "buckets",
            "oldbuckets",
            "nevacuate",
            "extra.nextOverflow",
            "extra.oldNoverflow")
        .containsEntry("count", String.valueOf(ENTRIES))
        .containsEntry("clean", "true")
        .containsEntry("keyCodec", "long")
        .containsEntry("valueCodec", "string")
        .containsEntry("fileBytes", String.valueOf(Files.size(store)));
    long parts =
        fields.entrySet().stream()
            .filter(e -> e.getKey().startsWith("bytes."))
            .mapToLong(e -> Long.parseLong(e.getValue()))
            .sum();
    assertThat(parts).isEqualTo(Files.size(store));
  }

  @Test
  void textIsAScreenful() {
    Cli run = Cli.run("inspect", store);
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .startsWith("a.hmap: cleanly closed")
        .contains(
            "count 2,000",
            "load factor",
            "noverflow",
            "evacuation",
            "chains",
            "space",
            "log ",
            "checkpoint");
    assertThat(run.lines().count()).isLessThan(40);
  }

  @Test
  void openStoreIsShownAndNotChanged() throws IOException {
    try (HMap<Long, String> map = HMap.open(store, Codec.LONG, Codec.STRING)) {
      map.put(-1L, "new");
      Map<Path, byte[]> before = files();
      assertThat(Cli.run("inspect", store).out())
          .contains("stopped uncleanly, or open right now", "count 2,001", "hashWriting");
      assertThat(json())
          .containsEntry("clean", "false")
          .containsEntry("flagNames.0", "hashWriting");
      assertThat(files()).containsExactlyInAnyOrderEntriesOf(before);
    }
  }

  private Map<Path, byte[]> files() throws IOException {
    Map<Path, byte[]> files = new HashMap<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path p : all.filter(f -> !f.toString().endsWith("-lock")).toList()) {
        files.put(p, Files.readAllBytes(p));
      }
    }
    return files;
  }

  @Test
  void compactMakesTheFileSmallerAndKeepsEveryEntry() throws IOException {
    try (HMap<Long, String> map =
        HMap.at(store, Codec.LONG, Codec.STRING).durability(Durability.ASYNC).open()) {
      for (long i = 100; i < ENTRIES; i++) {
        map.remove(i);
      }
    }
    long before = Files.size(store);
    List<String> entries = Cli.run("scan", store).lines().sorted().toList();

    Cli run = Cli.run("compact", store);

    assertThat(run.code()).as(run.err()).isZero();
    long after = Files.size(store);
    assertThat(after).isLessThan(before);
    assertThat(run.out())
        .startsWith("100 entries: %,d -> %,d bytes, load factor ".formatted(before, after));
    assertThat(Cli.run("scan", store).lines().sorted()).isEqualTo(entries).hasSize(100);
    assertThat(folder).isDirectoryContaining(p -> p.equals(store));
    assertThat(files()).hasSize(1);
  }

  @Test
  void verifyFindsAChangedByteAndNamesItsPage() throws IOException {
    Cli sound = Cli.run("verify", store);
    assertThat(sound.code()).as(sound.out()).isZero();
    assertThat(sound.out()).isEqualTo("sound: 0 damages, 0 notes\n");

    byte[] bytes = Files.readAllBytes(store);
    int page = 5; // after the headers and the first array's page
    bytes[page * 4096 + 77] ^= 1;
    Files.write(store, bytes);
    Cli run = Cli.run("verify", store);

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).contains("page 5").endsWith("notes\n");

    Cli json = Cli.run("verify", store, "--json", "--quiet");
    assertThat(json.code()).isEqualTo(3);
    assertThat(Json.scalars(json.out()))
        .containsEntry("sound", "false")
        .containsEntry("damages", "1")
        .containsEntry("findings.0.damage", "true")
        .containsEntry("findings.0.page", "5")
        .containsKey("findings.0.what");
  }

  @Test
  void salvageSavesAllButWhatLiesOnADamagedPage() throws IOException {
    byte[] bytes = Files.readAllBytes(store);
    bytes[bytes.length / 2] ^= 1;
    Files.write(store, bytes);
    Path saved = folder.resolve("saved.hmap");
    Cli run = Cli.run("salvage", store, saved);
    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.out()).contains("wrong checksum").containsPattern("entries saved, [1-9]");
    assertThat(Cli.run("verify", saved).code()).isZero();
    assertThat(Files.readAllBytes(store)).isEqualTo(bytes);
  }

  @Test
  void salvageOfASoundStoreSavesAllAndDoesNotWriteOverAFile() throws IOException {
    Path saved = folder.resolve("saved.hmap");
    Cli run = Cli.run("salvage", store, saved);
    assertThat(run.code()).isZero();
    assertThat(run.out()).isEqualTo("whole: 2,000 entries saved, 0 lost\n");
    Path more = folder.resolve("more.hmap");
    assertThat(Json.scalars(Cli.run("salvage", store, more, "--json", "-q").out()))
        .isEqualTo(Map.of("whole", "true", "saved", "2000", "lost", "0"));
    assertThat(Cli.run("get", saved, "7").out()).isEqualTo("value 7\n");
    Cli again = Cli.run("salvage", store, saved);
    assertThat(again.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(again.err()).contains("saved.hmap exists already");
  }
}
