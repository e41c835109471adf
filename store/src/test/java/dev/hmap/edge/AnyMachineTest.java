package dev.hmap.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.Codec;
import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import dev.hmap.HMapBuilder;
import dev.hmap.error.HMapException;
import dev.hmap.error.StoreAccessException;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreFullException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, hints and machines that are not like most. */
@Tag("verify")
@Timeout(120)
@Tag("promise:8")
@Tag("promise:machines")
class AnyMachineTest {
  private static final int MAX_NAME_BYTES = 231;

  @TempDir Path folder;

  // ------------------------------------------------- what is asked for

  @Test
  void anIntervalOfThreeHundredYearsLeavesTheStoreLocked() {
    Path path = folder.resolve("store");
    HMapBuilder<Long, String> builder = Work.at(path, "async");
    assertThatThrownBy(() -> builder.syncInterval(Duration.ofDays(300 * 365)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 9,223,372,036,854");
    assertThatThrownBy(() -> builder.syncInterval(Duration.ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.timeToLive(Duration.ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 35,184,372,088,832");
    assertThatThrownBy(() -> builder.syncInterval(Duration.ofNanos(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.timeToLive(Duration.ofSeconds(Long.MIN_VALUE)))
        .isInstanceOf(IllegalArgumentException.class);
    builder.syncInterval(Duration.ofDays(290 * 365)).open().close();
    builder.open().close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 62, Long.MAX_VALUE, 10_000_000_000L})
  void aHintThatNoFileCouldHoldLeavesASparseFile(long entries) {
    Path path = folder.resolve("store");
    assertThatThrownBy(() -> HMap.at(path, Codec.LONG, Codec.LONG).expectedEntries(entries).open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("%,d".formatted(entries))
        .hasMessageContaining("at most");
    assertThat(folder).isEmptyDirectory();
  }

  /** Of 128 bytes. */
  private record Wide(UUID a, UUID b, UUID c, UUID d, UUID e, UUID f, UUID g, UUID h) {}

  @Test
  void aHintThatTheDiskHasNoRoomForLeavesASparseFile() {
    long bytes = folder.toFile().getUsableSpace();
    Assumptions.assumeTrue(bytes < 200L << 30, "there is nearly room for the longest file");
    long entries = bytes / 128; // of twice as many bytes
    Path path = folder.resolve("store");
    Codec<Wide> wide = Codec.record(Wide.class);
    assertThatThrownBy(() -> HMap.at(path, wide, wide).expectedEntries(entries).open())
        .isInstanceOf(StoreFullException.class)
        .hasMessageContaining("%,d entries".formatted(entries));
    assertThat(folder).isEmptyDirectory();
  }

  // ------------------------------------------------- names

  @ParameterizedTest
  @ValueSource(ints = {MAX_NAME_BYTES + 1, 246, 250, 255, 300})
  void aLongNameMakesAStoreThatCannotBeOpened(int length) {
    Path path = folder.resolve("x".repeat(length));
    assertThatThrownBy(() -> Work.at(path).open())
        .isInstanceOf(StoreAccessException.class)
        .hasMessageContaining("%d bytes: the limit is 231".formatted(length));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void theLongestNameCannotBeOpened() {
    Path path = folder.resolve("\u00e4".repeat(MAX_NAME_BYTES / 2) + "x");
    StoreFiles.store(path, 1_000);
    HMap<Long, String> map = Work.at(path).open();
    map.put(1L, "a");
    map.backupTo(folder.resolve("copy"));
    map.close();
    assertThat(HMapAdmin.compact(path, _ -> {}).entries()).isEqualTo(1_000);
  }

  @Test
  void aPathInAZipFileIsAnUnsupportedOperation() throws IOException {
    URI zip = URI.create("jar:" + folder.resolve("a.zip").toUri());
    try (FileSystem inside = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Path path = inside.getPath("/store");
      assertThatThrownBy(() -> Work.at(path).open())
          .isInstanceOf(StoreAccessException.class)
          .hasMessageContaining("not in the machine's own file system");
      assertThatThrownBy(() -> HMapAdmin.inspect(path)).isInstanceOf(StoreAccessException.class);
      assertThat(Files.exists(path)).isFalse();
      StoreFiles.store(folder.resolve("store"), 1);
      assertThatThrownBy(() -> HMapAdmin.backup(folder.resolve("store"), path, _ -> {}))
          .isInstanceOf(StoreAccessException.class);
    }
  }

  @Test
  void theRootLeavesAFileInTheWorkingFolder() {
    assertThatThrownBy(() -> Work.at(Path.of("/")).open())
        .isInstanceOf(StoreAccessException.class)
        .hasMessage("/ is not a file");
    assertThat(Path.of("null-new")).doesNotExist();
  }

  @Test
  void aFolderLeavesAWorkshopBesideIt() throws IOException {
    Path path = Files.createDirectory(folder.resolve("x"));
    assertThatThrownBy(() -> Work.at(path).open()).isInstanceOf(HMapException.class);
    assertThatThrownBy(() -> HMapAdmin.compact(path, _ -> {})).isInstanceOf(HMapException.class);
    assertThat(StoreFiles.in(folder)).containsExactly(path);
  }

  @Test
  void anEmptyFileIsCorrupt() throws IOException {
    Path path = Files.createFile(folder.resolve("x"));
    assertThatThrownBy(() -> Work.at(path).open())
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage(path + " is not an hmap store: it is empty");
  }

  // ------------------------------------------------- two at once

  @Test
  void twoBackupsToOneTargetDestroyEachOther() throws Exception {
    Path path = StoreFiles.store(folder.resolve("store"), 3_000);
    for (int round = 0; round < 10; round++) {
      Path target = folder.resolve("copy" + round);
      CyclicBarrier start = new CyclicBarrier(2);
      List<FutureTask<Boolean>> both = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        FutureTask<Boolean> one =
            new FutureTask<>(() -> {
              start.await();
              HMapAdmin.backup(path, target, _ -> {});
              return true;
            });
        both.add(one);
        Thread.ofPlatform().daemon().start(one);
      }
      int won = 0;
      for (FutureTask<Boolean> one : both) {
        try {
          won += one.get() ? 1 : 0;
        } catch (ExecutionException e) {
          assertThat(e.getCause())
              .isInstanceOf(StoreAccessException.class)
              .hasMessageContaining("exists already");
        }
      }
      assertThat(won).isEqualTo(1);
      StoreFiles.assertHolds(target, 3_000);
    }
  }

  // ------------------------------------------------- other machines

  @Test
  void inAnotherLanguageAFullDiskFailsTheStore() throws IOException, InterruptedException {
    Path locales = Files.createDirectory(folder.resolve("locales"));
    Child.run("localedef", "-i", "de_DE", "-f", "UTF-8", locales.resolve("de_DE.UTF-8"));
    Path path = folder.resolve("store");
    try (Child child = Child.inGerman(locales, 8 << 10)) {
      child.does("open", "m", path, "small", "async");
      child.does("put", "m", 1, "a");
      String refusal = child.ask("fill", "m", 0, 200_000, 0, 100);
      assertThat(refusal).startsWith("StoreFullException").contains("Die Datei ist zu gro");
      child.does("put", "m", 1, "b");
      assertThat(child.ask("get", "m", 1)).isEqualTo("b");
    }
    try (HMap<Long, String> map = Work.at(path).open()) {
      assertThat(map.get(1L)).isEqualTo("b");
    }
  }

  @Test
  void inARootThatIsNoMountPointNothingOpens() throws IOException, InterruptedException {
    Path root = Files.createDirectory(folder.resolve("root"));
    try (Child child = Child.inBareRoot(root)) {
      assertThat(child.ask("modes", "/proc")).startsWith("NoSuchFileException");
      child.does("create", "m", "/store", "small");
      child.does("fill", "m", 0, 3_000, 0, 0);
      child.does("backupTo", "m", "/copy");
      child.does("close", "m");
      child.does("read", "r", "/store");
      assertThat(child.ask("wrong", "r", 0, 3_000, 0)).isEqualTo("0");
      assertThat(child.ask("verify", "/copy")).isEqualTo("true");
      child.does("open", "m", "/copy");
      child.does("put", "m", 3_000, "b");
      assertThat(child.ask("modes", "/")).doesNotContain("-new");
    }
    StoreFiles.assertHolds(root.resolve("store"), 3_000);
  }

  @Test
  void aServerOfBeansThatThrowsFailsTheOpening() throws IOException {
    Path path = folder.resolve("store");
    try (Child child = Child.withThrowingServer()) {
      for (int i = 0; i < 3; i++) { // the first time there is no server yet
        child.does("open", "m", path, "bean");
        child.does("put", "m", i, "a");
        assertThat(child.ask("get", "m", i)).isEqualTo("a");
        child.does("close", "m");
      }
    }
  }

  @Test
  void aBackupIntoAForeignFolderDoesNotSayWhy() throws IOException {
    Child.mode(folder, "rwxr-xr-x");
    Path path = StoreFiles.store(folder.resolve("store"), 10);
    Child.mode(path, "rw-r--r--");
    Path closed = Files.createDirectory(folder.resolve("closed"));
    Child.mode(closed, "r-xr-xr-x");
    try (Child child = Child.ofStranger(folder)) {
      assertThat(child.ask("backup", path, closed.resolve("copy")))
          .startsWith("StoreAccessException")
          .contains("permission denied");
    }
  }
}
