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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose names a store could take for its own. */
@Tag("verify")
@Timeout(120)
@Tag("promise:8")
class NeighboursTest {
  private static final int KEYS = 100;
  private static final String FOREIGN = "nobody's business\n".repeat(1_000);

  @TempDir Path folder;

  private Path foreign(String name) throws IOException {
    return Files.writeString(folder.resolve(name), FOREIGN);
  }

  private static void assertUntouched(Path file) {
    assertThat(file).hasContent(FOREIGN);
  }

  private static void openAndWrite(Path path) {
    try (HMap<Long, String> map = Work.at(path).open()) {
      map.put(1L, "one");
      map.checkpoint();
      assertThat(map.get(1L)).isEqualTo("one");
    }
    try (HMap<Long, String> map = Work.at(path).openExisting()) {
      assertThat(map.get(1L)).isEqualTo("one");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-new", "-failed", "-lock", "-new-log", "-new-lock", "-new-failed"})
  void aClosedStoreIsLostToTheOpeningOfAnother(String suffix) {
    Path path = StoreFiles.store(folder.resolve("users"), KEYS);
    Path neighbour = StoreFiles.store(folder.resolve("users" + suffix), KEYS);
    openAndWrite(path);
    assertHolds(neighbour, KEYS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-new", "-failed", "-lock"})
  void aClosedStoreIsLostToTheCreationOfAnother(String suffix) {
    Path neighbour = StoreFiles.store(folder.resolve("users" + suffix), KEYS);
    openAndWrite(folder.resolve("users"));
    assertHolds(neighbour, KEYS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-new", "-failed", "-lock"})
  void aClosedStoreIsLostToTheCompactionOfAnother(String suffix) {
    Path path = StoreFiles.store(folder.resolve("users"), KEYS);
    Path neighbour = StoreFiles.store(folder.resolve("users" + suffix), KEYS);
    assertThat(HMapAdmin.compact(path, _ -> {}).entries()).isEqualTo(KEYS);
    assertHolds(neighbour, KEYS);
    assertHolds(path, KEYS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-new", "-failed", "-lock"})
  void acknowledgedWritesOfAnOpenStoreAreLostToTheOpeningOfAnother(String suffix)
      throws IOException {
    Path path = StoreFiles.store(folder.resolve("users"), KEYS);
    Path neighbour = folder.resolve("users" + suffix);
    try (HMap<Long, String> map = Work.at(neighbour).create()) {
      StoreFiles.putEach(map, 0, KEYS);
      openAndWrite(path);
      StoreFiles.putEach(map, KEYS, 2 * KEYS);
      assertHolds(StoreFiles.asKilled(neighbour, folder.resolve("killed")), 2 * KEYS);
    }
    assertHolds(neighbour, 2 * KEYS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-new", "-failed"})
  void aBackupIsLostToTheNextOpening(String suffix) {
    Path path = folder.resolve("users");
    Path backup = folder.resolve("users" + suffix);
    try (HMap<Long, String> map = Work.at(path).create()) {
      StoreFiles.putEach(map, 0, KEYS);
      map.backupTo(backup);
    }
    openAndWrite(path);
    assertHolds(backup, KEYS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-new", "-failed", "-lock"})
  void aBackupOfAClosedStoreIsLostToTheNextOpening(String suffix) {
    Path path = StoreFiles.store(folder.resolve("users"), KEYS);
    Path backup = folder.resolve("copies" + suffix);
    HMapAdmin.backup(path, backup, _ -> {});
    openAndWrite(folder.resolve("copies"));
    assertHolds(backup, KEYS);
  }

  @Test
  void theBackupOfAnotherStoreTakesTheNameOfOneThatIsThere() {
    Path path = StoreFiles.store(folder.resolve("users"), KEYS);
    Path neighbour = StoreFiles.store(folder.resolve("copy-new"), KEYS);
    HMapAdmin.backup(path, folder.resolve("copy"), _ -> {});
    assertHolds(neighbour, KEYS);
    assertHolds(folder.resolve("copy"), KEYS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aForeignLogIsDeletedByACreation(boolean create) throws IOException {
    Path log = foreign("app-log");
    Path app = folder.resolve("app");
    assertThatThrownBy(
            () -> {
              try (HMap<Long, String> _ = create ? Work.at(app).create() : Work.at(app).open()) {
                // must not be reached
              }
            })
        .isInstanceOf(HMapException.class)
        .hasMessageContaining("app-log");
    assertUntouched(log);
    assertThat(app).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStoreThatIsNamedLikeALogIsDeletedByACreation(boolean create) {
    Path log = StoreFiles.store(folder.resolve("x-log"), KEYS);
    Path x = folder.resolve("x");
    assertThatThrownBy(
            () -> {
              try (HMap<Long, String> _ = create ? Work.at(x).create() : Work.at(x).open()) {
                // must not be reached
              }
            })
        .isInstanceOf(HMapException.class)
        .hasMessageContaining("x-log");
    assertThat(x).doesNotExist();
    assertHolds(log, KEYS);
  }

  @Test
  void aForeignLogIsWrittenToByAnOpening() throws IOException {
    Path app = StoreFiles.store(folder.resolve("app"), KEYS);
    Path log = foreign("app-log");
    assertThatThrownBy(() -> openAndWrite(app))
        .isInstanceOf(HMapException.class)
        .hasMessageContaining("app-log");
    assertUntouched(log);
    Files.delete(log);
    assertHolds(app, KEYS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-new", "-failed", "-lock"})
  void aForeignFileIsTakenByACreation(String suffix) throws IOException {
    Path file = foreign("app" + suffix);
    openAndWrite(folder.resolve("app"));
    assertUntouched(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-new", "-failed", "-lock", "-new-log", "-new-lock"})
  void aForeignFileIsTakenByAnOpening(String suffix) throws IOException {
    Path app = StoreFiles.store(folder.resolve("app"), KEYS);
    Path file = foreign("app" + suffix);
    openAndWrite(app);
    assertUntouched(file);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aForeignFolderIsTakenByACreation(boolean isEmpty) throws IOException {
    Path other = Files.createDirectory(folder.resolve("app-new"));
    if (!isEmpty) {
      Files.writeString(other.resolve("file"), FOREIGN);
    }
    openAndWrite(folder.resolve("app"));
    assertThat(other).isDirectory();
    if (!isEmpty) {
      assertUntouched(other.resolve("file"));
    }
  }

  @Test
  void aForeignFolderIsTakenByACompaction() throws IOException {
    Path app = StoreFiles.store(folder.resolve("app"), KEYS);
    Path other = Files.createDirectory(folder.resolve("app-new"));
    assertThat(HMapAdmin.compact(app, _ -> {}).entries()).isEqualTo(KEYS);
    assertThat(other).isDirectory();
    assertHolds(app, KEYS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-new", "-failed", "-lock", "-log"})
  void openingATextFileByMistakeTakesItsNeighbours(String suffix) throws IOException {
    Path notes = foreign("notes.txt");
    Path neighbour = foreign("notes.txt" + suffix);
    assertThatThrownBy(() -> openAndWrite(notes)).isInstanceOf(HMapException.class);
    assertUntouched(neighbour);
    assertUntouched(notes);
    assertThatThrownBy(() -> HMapAdmin.compact(notes, _ -> {})).isInstanceOf(HMapException.class);
    assertUntouched(neighbour);
    assertUntouched(notes);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theLogOfAMissingDataFileIsDeletedByAnOpening(boolean create) throws IOException {
    Path path;
    try (HMap<Long, String> map = Work.at(folder.resolve("users")).create()) {
      StoreFiles.putEach(map, 0, KEYS);
      path = StoreFiles.asKilled(folder.resolve("users"), folder.resolve("killed"));
    }
    Path away = folder.resolve("away");
    Files.move(path, away);
    byte[] before = Files.readAllBytes(log(path));
    assertThatThrownBy(
            () -> {
              try (HMap<Long, String> _ = create ? Work.at(path).create() : Work.at(path).open()) {
                // must not be reached
              }
            })
        .isInstanceOf(HMapException.class)
        .hasMessageContaining("users-log");
    assertThat(path).doesNotExist();
    assertThat(log(path)).hasBinaryContent(before);
    Files.move(away, path);
    assertHolds(path, KEYS);
  }

  @Test
  void theLogOfAMissingDataFileIsDeletedByABackup() throws IOException {
    Path source = StoreFiles.store(folder.resolve("source"), KEYS);
    Path log = foreign("users-log");
    Path target = folder.resolve("users");
    assertThatThrownBy(() -> HMapAdmin.backup(source, target, _ -> {}))
        .isInstanceOf(HMapException.class)
        .hasMessageContaining("users-log");
    assertThatThrownBy(() -> HMapAdmin.salvage(source, target, _ -> {}))
        .isInstanceOf(HMapException.class)
        .hasMessageContaining("users-log");
    assertUntouched(log);
    assertThat(target).doesNotExist();
  }
}
