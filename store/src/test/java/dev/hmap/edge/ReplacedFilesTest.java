package dev.hmap.edge;

import static dev.hmap.edge.StoreFiles.assertHolds;
import static dev.hmap.edge.StoreFiles.log;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import dev.hmap.error.HMapException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of an open store are moved, deleted or replaced under it. */
@Isolated("it listens to what the library logs")
@Tag("verify")
@Timeout(120)
@Tag("promise:8")
class ReplacedFilesTest {
  private static final int KEYS = 100;

  @TempDir Path folder;

  /** What the old process still does. */
  enum Last {
    CLOSE,
    CHECKPOINT,
    COMPACT,
    CHECKPOINT_AND_CLOSE
  }

  private static void last(HMap<Long, String> map, Last what) {
    switch (what) {
      case CLOSE -> map.close();
      case CHECKPOINT -> map.checkpoint();
      case COMPACT -> map.compact();
      case CHECKPOINT_AND_CLOSE -> {
        try {
          map.checkpoint();
        } finally {
          map.close();
        }
      }
    }
  }

  /** A process that holds a new store with acknowledged writes. */
  private static Child newStore(Path path) throws IOException {
    Child child = Child.start();
    child.does("create", "m", path);
    for (int key = 0; key < KEYS; key++) {
      child.does("put", "m", key, Work.value(key, 0, 0));
    }
    return child;
  }

  private void assertNewStoreHolds(Child child, Path path) throws IOException {
    assertHolds(StoreFiles.asKilled(path, folder.resolve("copy")), KEYS);
    child.does("put", "m", KEYS, Work.value(KEYS, 0, 0));
    child.kill();
    assertHolds(path, KEYS + 1);
  }

  @ParameterizedTest
  @EnumSource(Last.class)
  void theLogOfANewStoreBehindASwitchedLinkIsRemovedByTheOldProcess(Last last) throws IOException {
    Path v1 = Files.createDirectory(folder.resolve("v1"));
    Path v2 = Files.createDirectory(folder.resolve("v2"));
    Path current = Files.createSymbolicLink(folder.resolve("current"), v1);
    HMap<Long, String> old = Work.at(current.resolve("store")).create();
    StoreFiles.putEach(old, 0, 2 * KEYS);
    Files.delete(current);
    Files.createSymbolicLink(current, v2);
    try (Child child = newStore(v2.resolve("store"))) {
      try {
        last(old, last);
      } catch (HMapException e) {
        assertThat(e)
            .hasMessageContaining("store"); // to refuse is as good as to find its own files
      }
      assertNewStoreHolds(child, v2.resolve("store"));
    }
    old.close();
    assertHolds(v1.resolve("store"), 2 * KEYS);
  }

  @ParameterizedTest
  @EnumSource(Last.class)
  void theLogOfANewStoreInThePlaceOfAMovedFolderIsRemovedByTheOldProcess(Last last)
      throws IOException {
    Path place = Files.createDirectory(folder.resolve("place"));
    HMap<Long, String> old = Work.at(place.resolve("store")).create();
    StoreFiles.putEach(old, 0, 2 * KEYS);
    Path away = Files.move(place, folder.resolve("away"));
    Files.createDirectory(place);
    try (Child child = newStore(place.resolve("store"))) {
      assertThatThrownBy(() -> last(old, last)).isInstanceOf(HMapException.class);
      assertNewStoreHolds(child, place.resolve("store"));
    }
    closeQuietly(old);
    assertHolds(StoreFiles.asKilled(away.resolve("store"), folder.resolve("again")), 2 * KEYS);
  }

  @ParameterizedTest
  @EnumSource(Last.class)
  void theLogOfANewStoreInThePlaceOfMovedFilesIsRemovedByTheOldProcess(Last last)
      throws IOException {
    Path path = folder.resolve("store");
    Path away = Files.createDirectory(folder.resolve("away")).resolve("store");
    HMap<Long, String> old = Work.at(path).create();
    StoreFiles.putEach(old, 0, 2 * KEYS);
    for (String suffix : new String[] {"", "-log", "-lock"}) {
      if (Files.exists(StoreFiles.beside(path, suffix))) {
        Files.move(StoreFiles.beside(path, suffix), StoreFiles.beside(away, suffix));
      }
    }
    try (Child child = newStore(path)) {
      assertThatThrownBy(() -> last(old, last)).isInstanceOf(HMapException.class);
      assertNewStoreHolds(child, path);
    }
    closeQuietly(old);
    assertHolds(StoreFiles.asKilled(away, folder.resolve("again")), 2 * KEYS);
  }

  private static void closeQuietly(HMap<Long, String> map) {
    try {
      map.close();
    } catch (HMapException e) {
      assertThat(e).hasMessageContaining("store");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theLossOfADeletedDataFileIsReportedAsSuccess(boolean checkpoint) throws IOException {
    HMap<Long, String> map = Work.at(folder.resolve("store")).create();
    StoreFiles.putEach(map, 0, KEYS);
    Files.delete(folder.resolve("store"));
    assertReported(map, checkpoint);
    assertThat(folder.resolve("store")).doesNotExist();
  }

  private static void assertReported(HMap<Long, String> map, boolean checkpoint) {
    if (checkpoint) {
      assertThatThrownBy(map::checkpoint).isInstanceOf(HMapException.class);
    }
    assertThatThrownBy(map::close).isInstanceOf(HMapException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theReplacementByAnotherStoreIsReportedAsSuccess(boolean checkpoint) throws IOException {
    Path path = folder.resolve("store");
    HMap<Long, String> map = Work.at(path).create();
    StoreFiles.putEach(map, 0, KEYS);
    Path other = StoreFiles.store(folder.resolve("other"), 2 * KEYS);
    byte[] before = Files.readAllBytes(other);
    Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
    assertReported(map, checkpoint);
    assertThat(path).hasBinaryContent(before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theReplacementByACopyOfItselfIsReportedAsSuccess(boolean checkpoint) throws IOException {
    Path path = folder.resolve("store");
    HMap<Long, String> map = Work.at(path).create();
    StoreFiles.putEach(map, 0, KEYS);
    Path copy = Files.copy(path, folder.resolve("copy"));
    Files.move(copy, path, StandardCopyOption.REPLACE_EXISTING);
    assertReported(map, checkpoint);
    // the copy needs the log that acknowledged what it has not
    assertHolds(path, KEYS);
  }

  @Test
  void theDataFileThatWasReplacedWhileNothingWasWrittenIsReportedAsClosed() throws IOException {
    Path path = StoreFiles.store(folder.resolve("store"), KEYS);
    HMap<Long, String> map = Work.at(path).openExisting();
    map.put(0L, Work.value(0, 0, 0));
    map.checkpoint();
    Path copy = Files.copy(path, folder.resolve("copy"));
    Files.move(copy, path, StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(map::close).isInstanceOf(HMapException.class);
    assertHolds(path, KEYS);
  }

  @Test
  void theLossOfADeletedLogIsNotTold() throws IOException, InterruptedException {
    Path path = folder.resolve("store");
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    Logger logger = Logger.getLogger("dev.hmap");
    Handler handler = new Listener(told);
    logger.addHandler(handler);
    try (HMap<Long, String> map = Work.at(path).create()) {
      StoreFiles.putEach(map, 0, KEYS);
      Files.delete(log(path));
      map.checkpoint();
      assertThat(told.poll(1, TimeUnit.MINUTES)).contains("log was deleted", path.toString());
      map.checkpoint();
      assertThat(told).isEmpty();
    } finally {
      logger.removeHandler(handler);
    }
    assertHolds(path, KEYS);
  }

  /** Keeps what is logged. */
  private static final class Listener extends Handler {
    private final BlockingQueue<String> told;

    Listener(BlockingQueue<String> told) {
      this.told = told;
    }

    @Override
    public void publish(LogRecord line) {
      told.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void aCompactionPutsItsStoreInThePlaceOfAnotherThatCameMeanwhile() throws IOException {
    Path path = StoreFiles.store(folder.resolve("store"), KEYS);
    Path other = StoreFiles.store(folder.resolve("other"), 2 * KEYS);
    byte[] before = Files.readAllBytes(other);
    assertThatThrownBy(() ->
            HMapAdmin.compact(
                path,
                _ -> {
                  try {
                    if (Files.exists(other)) {
                      Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
                    }
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                }))
        .isInstanceOf(HMapException.class);
    assertThat(path).hasBinaryContent(before);
    assertThat(log(path)).doesNotExist();
  }
}
