package dev.hmap.edge;

import static dev.hmap.edge.StoreFiles.assertHolds;
import static dev.hmap.edge.StoreFiles.log;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import dev.hmap.error.HMapException;
import dev.hmap.error.StoreLockedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One data file by several names. */
@Tag("verify")
@Timeout(120)
@Tag("promise:8")
class LinkedNamesTest {
  private static final int KEYS = 100;

  @TempDir Path folder;

  /** Where the store is. */
  private Path path;

  /** Another name of it, in another folder. */
  private Path link;

  enum Kind {
    SYMBOLIC,
    RELATIVE,
    CHAIN,
    HARD,
    HARD_IN_THE_SAME_FOLDER
  }

  /** What a crash may leave of a workshop's note, which was not forced. */
  enum LeftNote {
    WHOLE,
    TORN,
    EMPTY,
    ZEROS,
    LOST
  }

  @BeforeEach
  void makeStore() throws IOException {
    path = StoreFiles.store(Files.createDirectory(folder.resolve("real")).resolve("store"), KEYS);
    link = Files.createDirectory(folder.resolve("links")).resolve("link");
  }

  private Path link(Kind kind) throws IOException {
    return switch (kind) {
      case SYMBOLIC -> Files.createSymbolicLink(link, path);
      case RELATIVE -> Files.createSymbolicLink(link, Path.of("..", "real", "store"));
      case CHAIN -> {
        Path between = Files.createSymbolicLink(folder.resolve("between"), path);
        yield Files.createSymbolicLink(link, between);
      }
      case HARD -> Files.createLink(link, path);
      case HARD_IN_THE_SAME_FOLDER -> Files.createLink(path.resolveSibling("again"), path);
    };
  }

  private static void assertLocked(Path name) {
    assertThatThrownBy(
            () -> {
              try (HMap<Long, String> _ = Work.at(name).open()) {
                // must not be reached
              }
            })
        .isInstanceOf(StoreLockedException.class);
    assertThatThrownBy(() -> HMapAdmin.compact(name, _ -> {}))
        .isInstanceOf(StoreLockedException.class);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aSecondWriterOfThisJvmGetsInByAnotherName(Kind kind) throws IOException {
    try (HMap<Long, String> map = Work.at(path).open()) {
      Path other = link(kind);
      assertLocked(other);
      StoreFiles.putEach(map, KEYS, 2 * KEYS);
      assertLocked(other);
      Files.delete(other);
    }
    assertHolds(path, 2 * KEYS);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aSecondWriterOfAnotherProcessGetsInByAnotherName(Kind kind) throws IOException {
    try (Child child = Child.start();
        HMap<Long, String> map = Work.at(path).open()) {
      StoreFiles.putEach(map, KEYS, 2 * KEYS);
      Path other = link(kind);
      assertThat(child.ask("open", "m", other)).startsWith("StoreLockedException");
      assertThat(child.ask("compact", other)).startsWith("StoreLockedException");
      StoreFiles.putEach(map, 2 * KEYS, 3 * KEYS);
      assertHolds(StoreFiles.asKilled(path, folder.resolve("killed")), 3 * KEYS);
      Files.delete(other);
    }
    assertHolds(path, 3 * KEYS);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"SYMBOLIC", "RELATIVE", "CHAIN"})
  void theRealNameIsLeftOpenByAWriterThroughALink(Kind kind) throws IOException {
    Path other = link(kind);
    try (Child child = Child.start();
        HMap<Long, String> map = Work.at(other).open()) {
      assertLocked(path);
      assertThat(child.ask("open", "m", path)).startsWith("StoreLockedException");
      StoreFiles.putEach(map, KEYS, 2 * KEYS);
    }
    assertHolds(path, 2 * KEYS);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"SYMBOLIC", "RELATIVE", "CHAIN"})
  void theLogOfAWriterThroughALinkIsNotWhereTheStoreIs(Kind kind) throws IOException {
    Path other = link(kind);
    try (HMap<Long, String> map = Work.at(other).open()) {
      StoreFiles.putEach(map, KEYS, 2 * KEYS);
      assertThat(log(path)).isRegularFile();
      assertThat(StoreFiles.in(link.getParent())).containsExactly(link);
      try (HMap<Long, String> reader = Work.at(path).readOnly().open()) {
        assertHolds(reader, 2 * KEYS);
      }
      try (HMap<Long, String> reader = Work.at(other).readOnly().open()) {
        assertHolds(reader, 2 * KEYS);
      }
      assertHolds(StoreFiles.asKilled(path, folder.resolve("killed")), 2 * KEYS);
    }
    assertThat(other).isSymbolicLink();
    assertHolds(other, 2 * KEYS);
    assertHolds(path, 2 * KEYS);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"SYMBOLIC", "RELATIVE", "CHAIN"})
  void aKilledStoreIsOpenedThroughALinkWithoutItsLog(Kind kind) throws IOException {
    try (Child child = Child.start()) {
      child.does("open", "m", path);
      for (int key = KEYS; key < 2 * KEYS; key++) {
        child.does("put", "m", key, Work.value(key, 0, 0));
      }
    }
    assertHolds(link(kind), 2 * KEYS);
    assertHolds(path, 2 * KEYS);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"SYMBOLIC", "RELATIVE", "CHAIN"})
  void compactionThroughALinkLeavesTheRealStoreStale(Kind kind) throws IOException {
    try (HMap<Long, String> map = Work.at(path).open()) {
      Work.fill(map, KEYS, 20_000, 0, 0);
      for (long key = KEYS; key < 20_000; key++) {
        var _ = map.removeAsync(key);
      }
    }
    Path other = link(kind);
    long before = Files.size(path);
    Object file = Files.getAttribute(path, "unix:ino");
    assertThat(HMapAdmin.compact(other, _ -> {}).entries()).isEqualTo(KEYS);
    assertThat(other).isSymbolicLink();
    assertThat(path).isRegularFile();
    assertThat(Files.size(path)).isLessThan(before);
    assertThat(Files.getAttribute(path, "unix:ino")).isNotEqualTo(file);
    assertThat(StoreFiles.in(link.getParent())).containsExactly(link);
    assertHolds(path, KEYS);
    assertHolds(other, KEYS);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"HARD", "HARD_IN_THE_SAME_FOLDER"})
  void compactionOfOneOfTwoNamesMakesTwoStoresOfOne(Kind kind) throws IOException {
    Path other = link(kind);
    byte[] before = Files.readAllBytes(path);
    for (Path name : new Path[] {other, path}) {
      assertThatThrownBy(() -> HMapAdmin.compact(name, _ -> {}))
          .isInstanceOf(HMapException.class)
          .hasMessageContaining("link");
      assertThat(path).hasBinaryContent(before);
      assertThat(Files.isSameFile(path, other)).isTrue();
    }
    Files.delete(other);
    assertThat(HMapAdmin.compact(path, _ -> {}).entries()).isEqualTo(KEYS);
    assertHolds(path, KEYS);
  }

  @Test
  void aStoreIsMadeThroughADanglingLink() throws IOException {
    Path target = folder.resolve("real").resolve("absent");
    Files.createSymbolicLink(link, target);
    assertThatThrownBy(() -> Work.at(link).create().close()).isInstanceOf(HMapException.class);
    assertDangling(target);
    assertThatThrownBy(() -> Work.at(link).open().close()).isInstanceOf(HMapException.class);
    assertDangling(target);
    assertThatThrownBy(() -> Work.at(link).openExisting().close())
        .isInstanceOf(HMapException.class);
    assertThatThrownBy(() -> Work.at(link).readOnly().open().close())
        .isInstanceOf(HMapException.class);
    assertThatThrownBy(() -> HMapAdmin.compact(link, _ -> {})).isInstanceOf(HMapException.class);
    assertThatThrownBy(() -> HMapAdmin.backup(path, link, _ -> {}))
        .isInstanceOf(HMapException.class);
    assertDangling(target);
    assertThatThrownBy(() -> HMapAdmin.salvage(path, link, _ -> {}))
        .isInstanceOf(HMapException.class);
    assertDangling(target);
  }

  private void assertDangling(Path target) throws IOException {
    assertThat(link).isSymbolicLink();
    assertThat(StoreFiles.in(target.getParent())).containsExactly(path);
    assertThat(StoreFiles.in(link.getParent())).containsExactly(link);
  }

  /** What a crash leaves between the two calls that give a new store its name. */
  @ParameterizedTest
  @EnumSource
  void aNameThatACrashLeftKeepsAStoreFromBeingCompacted(LeftNote note) throws IOException {
    Path workshop = leave(note);
    Files.createLink(workshop.resolve("data"), path);
    assertThat(HMapAdmin.compact(path, _ -> {}).entries()).isEqualTo(KEYS);
    assertThat(workshop).doesNotExist();
    assertHolds(path, KEYS);
  }

  /** The same of its log. */
  @ParameterizedTest
  @EnumSource
  void aNameThatACrashLeftKeepsTheRoomOfALog(LeftNote note) throws IOException {
    Path killed;
    try (HMap<Long, String> map = Work.at(path).open()) {
      StoreFiles.putEach(map, KEYS, 2 * KEYS);
      killed = StoreFiles.asKilled(path, folder.resolve("killed"));
    }
    path = killed;
    Path workshop = leave(note);
    Files.createLink(workshop.resolve("data-log"), log(path));
    assertHolds(path, 2 * KEYS); // for reading, which leaves it
    Work.at(path).open().close();
    assertThat(workshop).doesNotExist();
    assertThat(log(path)).doesNotExist();
    assertHolds(path, 2 * KEYS);
  }

  private Path leave(LeftNote note) throws IOException {
    Path workshop = Files.createDirectory(StoreFiles.beside(path, "-new"));
    String text = "hmap is making a file of %s here%n".formatted(path.getFileName());
    switch (note) {
      case WHOLE -> Files.writeString(workshop.resolve("note"), text);
      case TORN -> Files.writeString(workshop.resolve("note"), text.substring(0, 10));
      case EMPTY -> Files.createFile(workshop.resolve("note"));
      case ZEROS -> Files.write(workshop.resolve("note"), new byte[text.length()]);
      case LOST -> {}
    }
    return workshop;
  }

  @Test
  void somebodysFolderOfAWorkshopsNameIsRemoved() throws IOException {
    Path workshop = Files.createDirectory(StoreFiles.beside(path, "-new"));
    Files.createFile(workshop.resolve("note"));
    Path data = Files.copy(path, workshop.resolve("data"));
    Path log = Files.createSymbolicLink(workshop.resolve("data-log"), log(path));
    assertThat(HMapAdmin.compact(path, _ -> {}).entries()).isEqualTo(KEYS);
    assertThat(data).isRegularFile();
    assertThat(log).isSymbolicLink();
    assertHolds(path, KEYS);
  }

  @Test
  void aStoreIsMadeInThePlaceOfALoop() throws IOException {
    Files.createSymbolicLink(link, link.getFileName());
    assertThatThrownBy(() -> Work.at(link).create().close()).isInstanceOf(HMapException.class);
    assertThat(link).isSymbolicLink();
    assertThatThrownBy(() -> Work.at(link).open().close()).isInstanceOf(HMapException.class);
    assertThatThrownBy(() -> Work.at(link).readOnly().open().close())
        .isInstanceOf(HMapException.class);
    assertThatThrownBy(() -> HMapAdmin.backup(path, link, _ -> {}))
        .isInstanceOf(HMapException.class);
    assertThat(link).isSymbolicLink();
    assertThat(StoreFiles.in(link.getParent())).containsExactly(link);
  }

  @Test
  void aSecondWriterGetsInThroughALinkOfTheFolder() throws IOException {
    Path other =
        Files.createSymbolicLink(folder.resolve("again"), path.getParent()).resolve("store");
    try (Child child = Child.start();
        HMap<Long, String> map = Work.at(path).open()) {
      assertLocked(other);
      assertThat(child.ask("open", "m", other)).startsWith("StoreLockedException");
      StoreFiles.putEach(map, KEYS, 2 * KEYS);
    }
    assertHolds(other, 2 * KEYS);
  }
}
