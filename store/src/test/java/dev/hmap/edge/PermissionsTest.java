package dev.hmap.edge;

import static dev.hmap.edge.StoreFiles.assertHolds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.HMapAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may read and write the files that are made beside a store, or after it. */
@Tag("verify")
@Timeout(120)
@Tag("promise:8")
class PermissionsTest {
  private static final int KEYS = 100;
  private static final String SECRET = "rw-------";

  @TempDir Path folder;
  private Path stores;
  private Path path;

  @BeforeEach
  void makeStore() throws IOException {
    Child.mode(folder, "rwxr-xr-x");
    stores = Files.createDirectory(folder.resolve("stores"));
    path = StoreFiles.store(stores.resolve("store"), KEYS);
    Child.mode(path, SECRET);
  }

  /** What is being made stands in a folder that only its owner may enter. */
  private static void assertAllAre(String modes, String mode) {
    assertThat(List.of(modes.split(" ")))
        .allSatisfy(one -> assertThat(one).matches(".*-new=rwx------|.*=" + mode));
  }

  @ParameterizedTest
  @ValueSource(strings = {SECRET, "rw-r-----", "rw-rw----"})
  void theWorldMayReadTheLog(String mode) throws IOException {
    Child.mode(path, mode);
    try (Child child = Child.withoutMask()) {
      child.does("open", "m", path);
      child.does("put", "m", 0, Work.value(0, 0, 0));
      String modes = Work.modes(stores);
      assertThat(modes).contains("store-log=");
      assertAllAre(modes, mode);
      child.does("fill", "m", 0, KEYS, 0, 0);
      child.does("checkpoint", "m");
      assertAllAre(Work.modes(stores), mode);
      child.does("close", "m");
      assertAllAre(Work.modes(stores), mode);
    }
    assertHolds(path, KEYS);
  }

  @Test
  void theWorldMayReadTheLogOfAReader() throws IOException {
    try (Child child = Child.withoutMask()) {
      child.does("read", "m", path);
      assertAllAre(Work.modes(stores), SECRET);
      child.does("close", "m");
      assertAllAre(Work.modes(stores), SECRET);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theWorldMayReadABackup(boolean isOpen) throws IOException {
    Path copies = Files.createDirectory(folder.resolve("copies"));
    Path copy = copies.resolve("copy");
    try (Child child = Child.withoutMask()) {
      if (isOpen) {
        child.does("open", "m", path);
        child.does("put", "m", 0, Work.value(0, 0, 0));
        child.does("backupTo", "m", copy);
      } else {
        child.does("backup", path, copy);
      }
      assertAllAre(Work.modes(copies), SECRET);
    }
    assertHolds(copy, KEYS);
    assertAllAre(Work.modes(copies), SECRET);
  }

  @Test
  void theWorldMayReadWhatIsSalvaged() throws IOException {
    Path copies = Files.createDirectory(folder.resolve("copies"));
    try (Child child = Child.withoutMask()) {
      child.does("salvage", path, copies.resolve("fresh"));
      assertAllAre(Work.modes(copies), SECRET);
    }
    assertHolds(copies.resolve("fresh"), KEYS);
  }

  @Test
  void theWorldMayReadWhatIsCompacted() throws IOException {
    try (Child child = Child.withoutMask()) {
      assertAllAre(child.ask("compact", path), SECRET); // while it is made
      assertAllAre(Work.modes(stores), SECRET);
    }
    assertHolds(path, KEYS);
  }

  @Test
  void theWorldMayReadWhatIsCompactedOnline() throws IOException {
    try (Child child = Child.withoutMask()) {
      child.does("open", "m", path);
      child.does("fill", "m", 0, 20_000, 1, 0);
      child.does("backupTo", "m", stores.resolve("copy"));
      child.does("close", "m");
      assertAllAre(Work.modes(stores), SECRET);
    }
  }

  // ------------------------------------------------- owners

  private void giveAway() throws IOException, InterruptedException {
    Child.run("chown", Child.STRANGER + ":" + Child.STRANGER, stores, path);
  }

  private void assertAllAreTheOwners() throws IOException {
    assertThat(StoreFiles.in(stores))
        .allSatisfy(file -> {
          assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(Child.STRANGER);
          assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(Child.STRANGER);
        });
  }

  private void assertTheOwnerWrites(Path store) throws IOException {
    try (Child owner = Child.ofStranger(folder)) {
      owner.does("open", "m", store);
      owner.does("put", "m", 0, Work.value(0, 0, 0));
      assertThat(owner.ask("size", "m")).isEqualTo(String.valueOf(KEYS));
      owner.does("close", "m");
    }
  }

  @Test
  void theOwnerMayNotWriteWhatRootCompacted() throws Exception {
    giveAway();
    assertThat(HMapAdmin.compact(path, _ -> {}).entries()).isEqualTo(KEYS);
    assertAllAreTheOwners();
    assertTheOwnerWrites(path);
  }

  @Test
  void theOwnerMayNotWriteWhatRootWroteAndWasKilled() throws Exception {
    giveAway();
    try (Child root = Child.start()) {
      root.does("open", "m", path);
      root.does("put", "m", 0, Work.value(0, 0, 0));
      assertAllAreTheOwners();
    }
    assertAllAreTheOwners();
    assertTheOwnerWrites(path);
    assertHolds(path, KEYS);
  }

  @Test
  void theOwnerMayNotWriteWhatRootCopied() throws Exception {
    giveAway();
    HMapAdmin.backup(path, stores.resolve("copy"), _ -> {});
    assertThat(HMapAdmin.salvage(path, stores.resolve("fresh"), _ -> {}).entries()).isEqualTo(KEYS);
    assertAllAreTheOwners();
    assertTheOwnerWrites(stores.resolve("copy"));
    assertTheOwnerWrites(stores.resolve("fresh"));
  }

  @Test
  void theOwnerMayNotWriteBesideAReaderOfRoot() throws Exception {
    giveAway();
    try (Child root = Child.start()) {
      root.does("read", "m", path);
      assertAllAreTheOwners();
      assertTheOwnerWrites(path);
    }
    assertTheOwnerWrites(path);
  }
}
