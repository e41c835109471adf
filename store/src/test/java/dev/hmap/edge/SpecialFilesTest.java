package dev.hmap.edge;

import static dev.hmap.edge.StoreFiles.assertHolds;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not a regular file is not a store, and nothing is put in its place. */
@Tag("verify")
@Timeout(120)
@Tag("promise:8")
class SpecialFilesTest {
  private static final int KEYS = 100;
  private static final String REFUSED = "(HMap|Store\\w+)Exception: .*";

  @TempDir Path folder;
  private Path path;
  private Child child;

  enum Kind {
    FIFO,
    LINK_TO_A_FIFO,
    NULL_DEVICE,
    LINK_TO_THE_NULL_DEVICE,
    FOLDER,
    LINK_TO_A_FOLDER,
    LOOP
  }

  @BeforeEach
  void start() throws IOException {
    path = Files.createDirectory(folder.resolve("stores")).resolve("store");
    child = Child.start();
  }

  @AfterEach
  void kill() {
    child.close();
  }

  private void make(Kind kind, Path at) throws IOException, InterruptedException {
    Path target = folder.resolve("target");
    switch (kind) {
      case FIFO -> Child.run("mkfifo", at);
      case LINK_TO_A_FIFO -> {
        Child.run("mkfifo", target);
        Files.createSymbolicLink(at, target);
      }
      case NULL_DEVICE -> Child.run("mknod", at, "c", 1, 3);
      case LINK_TO_THE_NULL_DEVICE -> Files.createSymbolicLink(at, Path.of("/dev/null"));
      case FOLDER -> Files.createDirectory(at);
      case LINK_TO_A_FOLDER -> Files.createSymbolicLink(at, Files.createDirectory(target));
      case LOOP -> Files.createSymbolicLink(at, at.getFileName());
    }
  }

  /** Kind of file, inode, and mode: of what is there, and of what it leads to. */
  private static String look(Path file) throws IOException {
    String own = Files.readAttributes(file, "unix:ino,mode", LinkOption.NOFOLLOW_LINKS).toString();
    return Files.exists(file) ? own + Files.readAttributes(file, "unix:ino,mode") : own;
  }

  private static Stream<Arguments> kindsAndCalls() {
    return Stream.of(Kind.values())
        .flatMap(kind -> Stream.of("create m", "open m").map(call -> Arguments.of(kind, call)));
  }

  @ParameterizedTest
  @MethodSource("kindsAndCalls")
  void aStoreIsPutInThePlaceOfWhatIsNoFile(Kind kind, String call) throws Exception {
    make(kind, path);
    assertRefused(call);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsNoFileIsOpened(Kind kind) throws Exception {
    make(kind, path);
    for (String call : List.of("existing m", "read m", "compact", "verify", "inspect")) {
      assertRefused(call);
    }
  }

  private void assertRefused(String call) throws IOException {
    String before = look(path);
    assertThat(child.ask(call, path)).matches(REFUSED);
    assertThat(look(path)).isEqualTo(before);
    assertThat(StoreFiles.in(path.getParent())).containsExactly(path);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aCopyIsPutInThePlaceOfWhatIsNoFile(Kind kind) throws Exception {
    Path source = StoreFiles.store(folder.resolve("source"), KEYS);
    make(kind, path);
    String before = look(path);
    assertThat(child.ask("backup", source, path)).matches(REFUSED);
    assertThat(look(path)).isEqualTo(before);
    assertThat(child.ask("salvage", source, path)).matches(REFUSED);
    assertThat(look(path)).isEqualTo(before);
    child.does("open", "m", source);
    assertThat(child.ask("backupTo", "m", path)).matches(REFUSED);
    child.does("close", "m");
    assertThat(look(path)).isEqualTo(before);
    assertThat(StoreFiles.in(path.getParent())).containsExactly(path);
    assertHolds(source, KEYS);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsNoFileIsSalvaged(Kind kind) throws Exception {
    make(kind, path);
    String before = look(path);
    Path target = folder.resolve("fresh");
    assertThat(child.ask("salvage", path, target)).matches(REFUSED);
    assertThat(child.ask("backup", path, target)).matches(REFUSED);
    assertThat(target).doesNotExist();
    assertThat(look(path)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsNoFileIsTakenForALog(Kind kind) throws Exception {
    StoreFiles.store(path, KEYS);
    Path log = StoreFiles.log(path);
    make(kind, log);
    String before = look(log);
    assertThat(child.ask("open", "m", path)).matches(REFUSED).contains("store-log");
    assertThat(look(log)).isEqualTo(before);
    Files.delete(log);
    assertHolds(path, KEYS);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aStoreIsMadeBesideALogThatIsNoFile(Kind kind) throws Exception {
    Path log = StoreFiles.log(path);
    make(kind, log);
    String before = look(log);
    assertThat(child.ask("open", "m", path)).matches(REFUSED).contains("store-log");
    assertThat(path).doesNotExist();
    assertThat(look(log)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void anOpeningHangsOnALockFileThatIsNoFile(Kind kind) throws Exception {
    StoreFiles.store(path, KEYS);
    Path lock = StoreFiles.beside(path, "-lock");
    make(kind, lock);
    String before = look(lock);
    child.does("open", "m", path);
    child.does("put", "m", 0, Work.value(0, 0, 0));
    child.does("close", "m");
    assertThat(look(lock)).isEqualTo(before);
    child.does("read", "m", path);
    child.does("close", "m");
    assertThat(look(lock)).isEqualTo(before);
  }
}
