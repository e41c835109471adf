package dev.hmap.edge;

import static dev.hmap.edge.StoreFiles.beside;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.HMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reader of another user, who may read the files and write nothing beside them. */
@Tag("verify")
@Timeout(120)
@Tag("promise:8")
class StrangerReaderTest {
  private static final int KEYS = 2_000;

  /** This many that the map grows, and the room of its first array is used for other things. */
  private static final int MANY = 40_000;

  private static final int PAD = 100;
  private static final String NONE = "0";

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void makeStore() throws IOException {
    Child.mode(folder, "rwxr-xr-x");
    Path stores = Files.createDirectory(folder.resolve("stores"));
    Child.mode(stores, "rwxr-xr-x");
    path = stores.resolve("store");
    try (HMap<Long, String> map = Work.at(path).create()) {
      Work.fill(map, 0, KEYS, 0, PAD);
    }
    Child.mode(path, "rw-r--r--");
  }

  /** Many checkpoints: one begins with each MiB of the log. */
  private static void churn(Child writer, int round) {
    writer.does("fill", "m", 0, MANY, round, PAD * (1 + round % 3));
  }

  private static Child writer(Path path) throws IOException {
    Child writer = Child.start();
    writer.does("open", "m", path, "small", "async");
    return writer;
  }

  /** Files that are made beside the store get the mode of their maker's mask. */
  private void openTheLog() throws IOException {
    if (Files.exists(StoreFiles.log(path))) {
      Child.mode(StoreFiles.log(path), "rw-r--r--");
    }
  }

  @Test
  void aReaderWithoutAGuardReadsOtherKeysValues() throws IOException {
    try (Child reader = Child.ofStranger(folder)) {
      assertThat(beside(path, "-lock")).doesNotExist();
      reader.does("read", "m", path);
      try (Child writer = writer(path)) {
        for (int round = 1; round <= 4; round++) {
          churn(writer, round);
          assertThat(reader.ask("wrong", "m", 0, KEYS, "any")).isEqualTo(NONE);
        }
        writer.does("close", "m");
      }
      assertThat(reader.ask("wrong", "m", 0, KEYS, "any")).isEqualTo(NONE);
      reader.does("close", "m");
    }
  }

  @Test
  void aReaderWithoutAGuardIsNotAsItWasOpened() throws IOException {
    try (Child reader = Child.ofStranger(folder)) {
      reader.does("read", "m", path);
      try (Child writer = writer(path)) {
        churn(writer, 1);
        assertThat(reader.ask("wrong", "m", 0, KEYS, 0)).isEqualTo(NONE);
        churn(writer, 2);
        writer.does("close", "m");
      }
      assertThat(reader.ask("wrong", "m", 0, KEYS, 0)).isEqualTo(NONE);
      assertThat(reader.ask("size", "m")).isEqualTo(String.valueOf(KEYS));
    }
  }

  @Test
  void aReaderWithoutAGuardReadsWrongValuesWhileTheyAreWritten() throws Exception {
    try (Child reader = Child.ofStranger(folder);
        Child writer = Child.start()) {
      reader.does("read", "m", path);
      writer.does("open", "m", path, "small", "async");
      for (int round = 1; round <= 3; round++) {
        int now = round;
        FutureTask<Boolean> churning =
            new FutureTask<>(() -> {
              churn(writer, now);
              return true;
            });
        Thread.ofPlatform().daemon().start(churning);
        do {
          assertThat(reader.ask("wrong", "m", 0, KEYS, 0)).isEqualTo(NONE);
        } while (!churning.isDone());
        assertThat(churning.get()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReaderWithoutAGuardFollowsToWrongValues(boolean reopens) throws IOException {
    try (Child reader = Child.ofStranger(folder);
        Child writer = Child.start()) {
      reader.does("read", "m", path);
      writer.does("open", "m", path, "small", "async");
      for (int round = 1; round <= 3; round++) {
        churn(writer, round);
        if (reopens) {
          writer.does("close", "m");
          writer.does("open", "m", path, "small", "async");
        }
        openTheLog();
        reader.does("refresh", "m");
        assertThat(reader.ask("wrong", "m", 0, MANY, round)).isEqualTo(NONE);
        assertThat(reader.ask("size", "m")).isEqualTo(String.valueOf(MANY));
        churn(writer, round + 10);
        assertThat(reader.ask("wrong", "m", 0, MANY, round)).isEqualTo(NONE);
      }
    }
  }

  @Test
  void aLiveStoreIsReadWrongWhenItsLockFileIsRemoved() throws IOException {
    try (Child reader = Child.ofStranger(folder);
        Child writer = writer(path)) {
      writer.does("put", "m", 0, Work.value(0, 0, PAD));
      openTheLog();
      Files.deleteIfExists(beside(path, "-lock"));
      reader.does("read", "m", path);
      for (int round = 1; round <= 3; round++) {
        churn(writer, round);
        assertThat(reader.ask("wrong", "m", 0, KEYS, 0)).isEqualTo(NONE);
      }
      assertThat(reader.ask("size", "m")).isEqualTo(String.valueOf(KEYS));
    }
  }
}
