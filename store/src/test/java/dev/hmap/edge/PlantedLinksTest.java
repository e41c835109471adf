package dev.hmap.edge;

import static dev.hmap.edge.StoreFiles.assertHolds;
import static dev.hmap.edge.StoreFiles.beside;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import dev.hmap.error.HMapException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody has planted links at the names beside a store, which lead to a file of a victim. */
@Tag("verify")
@Timeout(120)
@Tag("promise:8")
class PlantedLinksTest {
  private static final int KEYS = 100;
  private static final String CONTENT = "the victim's\n".repeat(2_000);
  private static final String MODE = "rw-r-----";

  @TempDir Path folder;
  private Path path;
  private Path victim;

  enum Kind {
    SYMBOLIC,
    HARD,
    DANGLING
  }

  @BeforeEach
  void makeFiles() throws IOException {
    path = Files.createDirectory(folder.resolve("stores")).resolve("store");
    victim = Files.createDirectory(folder.resolve("home")).resolve("victim");
  }

  private Path plant(Kind kind, String suffix) throws IOException {
    Path link = beside(path, suffix);
    if (kind == Kind.DANGLING) {
      return Files.createSymbolicLink(link, victim);
    }
    Files.writeString(victim, CONTENT);
    Child.mode(victim, MODE);
    return kind == Kind.HARD
        ? Files.createLink(link, victim)
        : Files.createSymbolicLink(link, victim);
  }

  private void assertUntouched(Kind kind) throws IOException {
    if (kind == Kind.DANGLING) {
      assertThat(Files.exists(victim, LinkOption.NOFOLLOW_LINKS)).isFalse();
      return;
    }
    assertThat(victim).isRegularFile().hasContent(CONTENT);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(victim)))
        .isEqualTo(MODE);
  }

  private void openAndWrite(Kind kind) throws IOException {
    try (HMap<Long, String> map = Work.at(path).open()) {
      assertUntouched(kind);
      StoreFiles.putEach(map, 0, 2 * KEYS);
      map.checkpoint();
      assertUntouched(kind);
    }
    assertUntouched(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "SYMBOLIC,-lock", "HARD,-lock", "DANGLING,-lock",
    "SYMBOLIC,-new", "HARD,-new", "DANGLING,-new",
    "SYMBOLIC,-failed", "HARD,-failed", "DANGLING,-failed"
  })
  void aVictimIsOverwrittenThroughALinkByAnOpening(Kind kind, String suffix) throws IOException {
    StoreFiles.store(path, KEYS);
    Path link = plant(kind, suffix);
    openAndWrite(kind);
    assertThat(StoreFiles.exists(link)).isTrue();
    assertHolds(path, 2 * KEYS);
    assertUntouched(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "SYMBOLIC,-lock", "HARD,-lock", "DANGLING,-lock",
    "SYMBOLIC,-new", "HARD,-new", "DANGLING,-new",
    "SYMBOLIC,-failed", "HARD,-failed", "DANGLING,-failed"
  })
  void aVictimIsOverwrittenThroughALinkByACreation(Kind kind, String suffix) throws IOException {
    Path link = plant(kind, suffix);
    openAndWrite(kind);
    assertThat(StoreFiles.exists(link)).isTrue();
    assertHolds(path, 2 * KEYS);
    assertUntouched(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "SYMBOLIC,-lock", "HARD,-lock", "DANGLING,-lock",
    "SYMBOLIC,-new", "HARD,-new", "DANGLING,-new",
    "SYMBOLIC,-new-log", "HARD,-new-log", "DANGLING,-new-log"
  })
  void aVictimIsOverwrittenThroughALinkByACompaction(Kind kind, String suffix) throws IOException {
    StoreFiles.store(path, KEYS);
    Path link = plant(kind, suffix);
    assertThat(HMapAdmin.compact(path, _ -> {}).entries()).isEqualTo(KEYS);
    assertUntouched(kind);
    assertThat(StoreFiles.exists(link)).isTrue();
    assertHolds(path, KEYS);
  }

  @ParameterizedTest
  @CsvSource({
    "SYMBOLIC,-lock", "HARD,-lock", "DANGLING,-lock",
    "SYMBOLIC,-new", "HARD,-new", "DANGLING,-new",
    "SYMBOLIC,-new-log", "HARD,-new-log", "DANGLING,-new-log"
  })
  void aVictimIsOverwrittenThroughALinkByABackup(Kind kind, String suffix) throws IOException {
    Path source = StoreFiles.store(folder.resolve("source"), KEYS);
    Path link = plant(kind, suffix);
    HMapAdmin.backup(source, path, _ -> {});
    assertUntouched(kind);
    assertThat(StoreFiles.exists(link)).isTrue();
    assertHolds(path, KEYS);
    assertUntouched(kind);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aVictimIsOverwrittenThroughTheLockOfAReader(Kind kind) throws IOException {
    StoreFiles.store(path, KEYS);
    plant(kind, "-lock");
    try (HMap<Long, String> map = Work.at(path).readOnly().open()) {
      assertThat(map.mappingCount()).isEqualTo(KEYS);
      assertUntouched(kind);
    }
    assertUntouched(kind);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aVictimIsTakenForALogByAnOpening(Kind kind) throws IOException {
    StoreFiles.store(path, KEYS);
    Path link = plant(kind, "-log");
    assertThatThrownBy(() -> openAndWrite(kind))
        .isInstanceOf(HMapException.class)
        .hasMessageContaining("store-log");
    assertUntouched(kind);
    assertThat(StoreFiles.exists(link)).isTrue();
    assertThatThrownBy(() -> HMapAdmin.compact(path, _ -> {}))
        .isInstanceOf(HMapException.class)
        .hasMessageContaining("store-log");
    assertUntouched(kind);
    assertThat(StoreFiles.exists(link)).isTrue();
    Files.delete(link);
    assertHolds(path, KEYS);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aVictimIsTakenForALogByACreation(Kind kind) throws IOException {
    Path link = plant(kind, "-log");
    assertThatThrownBy(() -> openAndWrite(kind))
        .isInstanceOf(HMapException.class)
        .hasMessageContaining("store-log");
    assertUntouched(kind);
    assertThat(StoreFiles.exists(link)).isTrue();
    assertThat(path).doesNotExist();
  }

  /** The link comes while the store is open and has no log yet. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void aVictimIsTakenForALogByTheFirstWrite(Kind kind) throws IOException {
    StoreFiles.store(path, KEYS);
    HMap<Long, String> map = Work.at(path).openExisting();
    Path link = plant(kind, "-log");
    assertThatThrownBy(
            () -> {
              try {
                map.put(1L, "one");
              } finally {
                map.close();
              }
            })
        .isInstanceOf(HMapException.class);
    assertUntouched(kind);
    assertThat(StoreFiles.exists(link)).isTrue();
    Files.delete(link);
    assertHolds(path, KEYS);
  }
}
