package dev.hmap.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The system has no thread to give, for a while: the call that needs one fails, and it alone. */
@Tag("verify")
@Timeout(120)
@Tag("promise:8")
@Tag("promise:callbacks")
class NoThreadTest {
  private static final String NONE = "OutOfMemoryError";
  private static final int MANY = 1000;

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void makeFolder() throws IOException {
    Child.mode(folder, "rwxr-xr-x");
    Path stores = Files.createDirectory(folder.resolve("stores"));
    Child.mode(stores, "rwxrwxrwx");
    path = stores.resolve("store");
  }

  @Test
  void theFirstAsynchronousWriteWithoutAThreadFailsTheStore()
      throws IOException, InterruptedException {
    try (Child child = Child.ofStranger(folder)) {
      child.does("open", "m", path);
      child.does("put", "m", 1, "a");
      child.limitThreads(1);
      assertThat(child.ask("putAsync", "m", 2, "b")).startsWith(NONE);
      child.does("put", "m", 3, "c");
      child.limitThreads(MANY);
      child.does("putAsync", "m", 4, "d");
      assertThat(child.ask("size", "m")).isEqualTo("3");
      child.does("close", "m");
    }
    assertThat(Files.exists(StoreFiles.log(path))).isFalse();
  }

  @Test
  void aCheckpointWithoutAThreadFailsTheStore() throws IOException, InterruptedException {
    try (Child child = Child.ofStranger(folder)) {
      child.does("open", "m", path, "small", "async");
      child.does("put", "m", 1, "a");
      child.limitThreads(1);
      assertThat(child.ask("checkpoint", "m"))
          .startsWith("StoreFullException")
          .contains("has no thread for a checkpoint");
      child.does("fill", "m", 0, 20_000, 0, 200); // several are due
      child.limitThreads(MANY);
      child.does("checkpoint", "m");
      assertThat(child.ask("wrong", "m", 0, 20_000, 0)).isEqualTo("0");
      child.limitThreads(1);
      child.does("put", "m", 1, "b");
      child.does("close", "m"); // its last checkpoint is left to the next opening
      child.limitThreads(MANY);
      child.does("open", "m", path);
      assertThat(child.ask("get", "m", 1)).isEqualTo("b");
    }
  }

  /** It is a service to writes, which take place without it. */
  @Test
  void aMapWhoseNextArrayFindsNoThreadToPrepareItDoubles()
      throws IOException, InterruptedException {
    try (Child child = Child.ofStranger(folder)) {
      child.does("open", "m", path, "async");
      child.does("put", "m", 1, "a");
      child.limitThreads(1);
      child.does("fill", "m", 0, 300_000, 0, 1);
      assertThat(child.ask("wrong", "m", 0, 300_000, 0)).isEqualTo("0");
      child.limitThreads(MANY);
      child.does("close", "m");
    }
  }

  @Test
  void aReaderThatFindsNoThreadToCloseStaysOpenForEver() throws IOException, InterruptedException {
    try (Child child = Child.ofStranger(folder)) {
      child.does("open", "m", path);
      child.does("put", "m", 1, "a");
      child.does("read", "r", path);
      child.limitThreads(1);
      assertThat(child.ask("close", "r")).startsWith(NONE);
      assertThat(child.ask("read", "s", path)).startsWith(NONE);
      child.limitThreads(MANY);
      child.does("close", "r");
      child.does("put", "m", 2, "b");
      child.does("checkpoint", "m"); // no reader holds it up
      child.does("close", "m");
      assertThat(Files.exists(StoreFiles.log(path))).isFalse();
    }
  }
}
