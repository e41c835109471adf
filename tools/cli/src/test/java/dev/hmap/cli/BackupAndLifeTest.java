package dev.hmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Codec;
import dev.hmap.HMap;
import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.text.TimeToLive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code backup}, and the time to live of {@code create}. */
class BackupAndLifeTest {
  @TempDir Path folder;
  private Path store;
  private Path copy;

  @BeforeEach
  void nameFiles() {
    store = folder.resolve("a.hmap");
    copy = folder.resolve("copy.hmap");
  }

  private void createStore() {
    assertThat(Cli.run("create", store).code()).isZero();
    assertThat(Cli.run("put", store, "k", "v").code()).isZero();
  }

  @Test
  void backupOfAStoreInUseHoldsWhatWasAcknowledged() throws IOException {
    try (HMap<String, String> map = HMap.open(store, Codec.STRING, Codec.STRING)) {
      map.put("zebra", "striped");
      Cli run = Cli.run("backup", store, copy);
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out()).isEqualTo("copy.hmap: %,d bytes\n".formatted(Files.size(copy)));
      assertThat(map).containsEntry("zebra", "striped");
    }
    assertThat(Cli.run("get", copy, "zebra").out()).isEqualTo("striped\n");
    assertThat(Cli.run("verify", copy).code()).isZero();
  }

  @Test
  void backupOverAFileIsRefusedAndLeavesIt() throws IOException {
    createStore();
    Files.writeString(copy, "notes");
    Cli run = Cli.run("backup", store, copy, "--quiet");
    assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.saysOneLine()).isTrue();
    assertThat(run.err()).contains("copy.hmap exists already");
    assertThat(copy).hasContent("notes");
  }

  @Test
  void backupIntoAMissingFolderNamesIt() {
    createStore();
    Cli run = Cli.run("backup", store, folder.resolve("none").resolve("copy.hmap"));
    assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.saysOneLine()).as(run.err()).isTrue();
    assertThat(run.err()).contains("none");
  }

  @Test
  void compactCanBeQuiet() {
    createStore();
    Cli run = Cli.run("compact", store, "--quiet");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("1 entries: ");
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"500ms, 500", "30s, 30000", "15m, 900000", "12h, 43200000", "7d, 604800000"})
  void createdStoreRemembersItsTimeToLive(String time, long millis) {
    assertThat(Cli.run("create", store, "--ttl", time).code()).isZero();
    try (HMap<String, String> map =
        HMap.at(store, Codec.STRING, Codec.STRING)
            .timeToLive(Duration.ofMillis(millis)) // another is refused
            .openExisting()) {
      assertThat(map).isEmpty();
    }
    assertThat(TimeToLive.print(millis)).isEqualTo(time);
  }

  @ParameterizedTest
  @CsvSource({
    "7, written like",
    "7w, written like",
    "-1d, written like",
    "1.5h, written like",
    "'', written like",
    "7 d, written like",
    "1d2h, written like",
    "9999999999999999999d, written like",
    "0s, must be at least 1",
    "500000d, must be at most",
    "999999999999999999d, must be at most",
  })
  void timeThatCannotBeIsRefusedAndNothingIsCreated(String time, String saying) {
    Cli run = Cli.run("create", store, "--ttl=" + time);
    assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    assertThat(run.saysOneLine()).as(run.err()).isTrue();
    assertThat(run.err()).contains(saying);
    assertThat(store).doesNotExist();
  }
}
