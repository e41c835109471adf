package dev.hmap.edge;

import static dev.hmap.edge.StoreFiles.assertHolds;
import static dev.hmap.edge.StoreFiles.beside;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lock holds, whatever happens to the lock file. */
@Tag("verify")
@Timeout(120)
@Tag("promise:8")
class LockFileTest {
  private static final int KEYS = 100;
  private static final int REOPENINGS = 500;
  private static final String LOCKED = "StoreLockedException";

  @TempDir Path folder;
  private Path path;
  private Child child;

  @BeforeEach
  void makeStore() throws IOException {
    path = StoreFiles.store(Files.createDirectory(folder.resolve("folder")).resolve("store"), KEYS);
    child = Child.start();
  }

  @AfterEach
  void kill() {
    child.close();
  }

  private void assertRefused() {
    assertThat(child.ask("open", "m", path)).startsWith(LOCKED);
    assertThat(child.ask("compact", path)).startsWith(LOCKED);
  }

  private void assertOpensForAll(long keys) {
    child.does("open", "m", path);
    child.does("put", "m", 0, Work.value(0, 0, 0));
    child.does("close", "m");
    assertHolds(path, keys);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSecondProcessGetsInWhenTheLockFileIsRemoved(boolean checkpoint) throws IOException {
    try (HMap<Long, String> map = Work.at(path).open()) {
      StoreFiles.putEach(map, KEYS, 2 * KEYS);
      Files.deleteIfExists(beside(path, "-lock"));
      assertRefused();
      StoreFiles.putEach(map, 2 * KEYS, 3 * KEYS);
      if (checkpoint) {
        map.checkpoint();
      }
      assertRefused();
    }
    assertOpensForAll(3 * KEYS);
  }

  @Test
  void aWriterHereGetsInWhenTheLockFileOfAnotherProcessIsRemoved() throws IOException {
    child.does("open", "m", path);
    child.does("put", "m", KEYS, Work.value(KEYS, 0, 0));
    Files.deleteIfExists(beside(path, "-lock"));
    assertThat(Work.answer("open m " + path)).startsWith(LOCKED);
    child.does("put", "m", KEYS + 1, Work.value(KEYS + 1, 0, 0));
    child.does("close", "m");
    assertHolds(path, KEYS + 2);
  }

  @Test
  void aSecondProcessGetsInWhenTheLockFileIsReplaced() throws IOException {
    try (HMap<Long, String> map = Work.at(path).open()) {
      Files.deleteIfExists(beside(path, "-lock"));
      Files.createFile(beside(path, "-lock"));
      assertRefused();
      StoreFiles.putEach(map, KEYS, 2 * KEYS);
      assertRefused();
    }
    Files.deleteIfExists(beside(path, "-lock"));
    assertOpensForAll(2 * KEYS);
  }

  @Test
  void aSecondProcessGetsInDuringACompactionWhoseLockFileIsRemoved() throws IOException {
    child.does("open", "m", path);
    child.does("fill", "m", 0, KEYS, 0, 0);
    child.does("close", "m");
    var _ =
        HMapAdmin.compact(
            path,
            _ -> {
              try {
                Files.deleteIfExists(beside(path, "-lock"));
              } catch (IOException e) {
                throw new AssertionError(e);
              }
              assertRefused();
            });
    assertOpensForAll(KEYS);
  }

  /** How other code of this process touches all files of a folder. */
  enum Touch {
    COPY,
    STREAM,
    RANDOM_ACCESS,
    CHANNEL
  }

  private void touchAll(Touch how) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(path.getParent())) {
      files = all.toList();
    }
    Path copies = Files.createTempDirectory(folder, "copies");
    for (Path file : files) {
      switch (how) {
        case COPY -> Files.copy(file, copies.resolve(file.getFileName()));
        case STREAM -> {
          try (FileInputStream in = new FileInputStream(file.toFile())) {
            var _ = in.readAllBytes();
          }
        }
        case RANDOM_ACCESS -> {
          try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "rw")) {
            var _ = in.read();
          }
        }
        case CHANNEL -> FileChannel.open(file, StandardOpenOption.READ).close();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Touch.class)
  void theLockIsDroppedWhenOtherCodeClosesTheFiles(Touch how) throws IOException {
    try (HMap<Long, String> map = Work.at(path).open()) {
      StoreFiles.putEach(map, KEYS, 2 * KEYS);
      touchAll(how);
      assertRefused();
      StoreFiles.putEach(map, 2 * KEYS, 3 * KEYS);
      map.checkpoint();
      touchAll(how);
      assertRefused();
    }
    assertOpensForAll(3 * KEYS);
  }

  @ParameterizedTest
  @EnumSource(Touch.class)
  void theGuardOfAReaderIsDroppedWhenOtherCodeClosesTheFiles(Touch how) throws IOException {
    try (HMap<Long, String> reader = Work.at(path).readOnly().open()) {
      touchAll(how);
      child.does("open", "m", path, "small", "async");
      for (int round = 1; round <= 3; round++) {
        child.does("fill", "m", 0, 200 * KEYS, round, 100 * round);
        assertHolds(reader, KEYS);
      }
      child.does("close", "m");
      assertHolds(reader, KEYS);
    }
    assertThat(child.ask("verify", path)).isEqualTo("true");
  }

  @Test
  void theLockIsDroppedByAReaderHereThatCloses() {
    try (HMap<Long, String> map = Work.at(path).open()) {
      Work.at(path).readOnly().open().close();
      assertRefused();
      StoreFiles.putEach(map, KEYS, 2 * KEYS);
      Work.at(path).readOnly().open().close();
      assertRefused();
    }
    assertOpensForAll(2 * KEYS);
  }

  @Test
  void aWriterInASecondClassLoaderTakesTheLockAway() throws Exception {
    try (SecondLoader second = new SecondLoader()) {
      try (HMap<Long, String> map = Work.at(path).open()) {
        StoreFiles.putEach(map, KEYS, 2 * KEYS);
        assertThat(second.ask("open", "m", path)).startsWith(LOCKED);
        assertThat(second.ask("compact", path)).startsWith(LOCKED);
        assertRefused();
        StoreFiles.putEach(map, 2 * KEYS, 3 * KEYS);
        map.checkpoint();
        assertThat(second.ask("open", "m", path)).startsWith(LOCKED);
        assertRefused();
      }
      assertThat(second.ask("open", "m", path)).isEqualTo("ok");
      assertRefused();
      assertThat(Work.answer("open m " + path)).startsWith(LOCKED);
      assertThat(second.ask("close", "m")).isEqualTo("ok");
      assertOpensForAll(3 * KEYS);
    }
  }

  @Test
  void aReaderInASecondClassLoaderMakesCheckpointsFail() throws Exception {
    try (SecondLoader second = new SecondLoader()) {
      try (HMap<Long, String> map = Work.at(path, "small").open()) {
        StoreFiles.putEach(map, KEYS, 2 * KEYS);
        assertThat(second.ask("read", "m", path)).isEqualTo("ok");
        assertThat(second.ask("size", "m")).isEqualTo(String.valueOf(2 * KEYS));
        assertRefused();
        Work.fill(map, 0, 20_000, 1, 100);
        Work.fill(map, 0, 20_000, 2, 300);
        assertThat(second.ask("wrong", "m", 0, 2 * KEYS, 0)).isEqualTo("0");
        assertThat(second.ask("refresh", "m")).isEqualTo("ok");
        assertThat(second.ask("wrong", "m", 0, 20_000, 2)).isEqualTo("0");
        assertThat(second.ask("close", "m")).isEqualTo("ok");
        assertRefused();
        map.checkpoint();
        Work.fill(map, 0, 20_000, 0, 0);
      }
      assertOpensForAll(20_000);
    }
  }

  @Test
  void aReaderInASecondClassLoaderKeepsTheStoreFromBeingClosed() throws Exception {
    try (SecondLoader second = new SecondLoader()) {
      HMap<Long, String> map = Work.at(path).open();
      StoreFiles.putEach(map, KEYS, 2 * KEYS);
      assertThat(second.ask("read", "m", path)).isEqualTo("ok");
      map.close();
      assertThat(second.ask("wrong", "m", 0, 2 * KEYS, 0)).isEqualTo("0");
      assertThat(second.ask("close", "m")).isEqualTo("ok");
      assertOpensForAll(2 * KEYS);
    }
  }

  @Test
  void aProcessThatIsBegunMeanwhileKeepsTheLockOfAStoreThatWasClosed() throws Exception {
    AtomicBoolean isDone = new AtomicBoolean();
    CompletableFuture<Void> beginning =
        CompletableFuture.runAsync(
            () -> {
              try {
                while (!isDone.get()) {
                  new ProcessBuilder("true").start().waitFor();
                }
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            },
            task -> Thread.ofPlatform().daemon().start(task));
    try {
      for (int i = 0; i < REOPENINGS; i++) {
        try (HMap<Long, String> map = Work.at(path).open()) {
          assertThat(map).hasSize(KEYS);
        }
      }
    } finally {
      isDone.set(true);
    }
    beginning.get();
  }
}
