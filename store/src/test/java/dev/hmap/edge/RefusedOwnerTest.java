package dev.hmap.edge;

import static dev.hmap.edge.StoreFiles.assertHolds;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another user is refused, in a folder where everybody may make files and remove only his own. */
@Tag("verify")
@Timeout(120)
@Tag("promise:8")
class RefusedOwnerTest {
  private static final int KEYS = 100;

  @TempDir Path folder;
  private Path stores;
  private Path path;

  @BeforeEach
  void makeStore() throws IOException, InterruptedException {
    Child.mode(folder, "rwxr-xr-x");
    stores = Files.createDirectory(folder.resolve("stores"));
    path = StoreFiles.store(stores.resolve("store"), KEYS);
    Child.mode(path, "rw-r--r--");
    Child.run("chmod", "1777", stores);
  }

  private void assertNothingIsLeft() throws IOException {
    assertThat(StoreFiles.in(stores)).containsExactly(path);
  }

  private void assertTheOwnerWrites() throws IOException {
    try (Child owner = Child.start()) {
      owner.does("open", "m", path);
      owner.does("put", "m", 0, Work.value(0, 0, 0));
      owner.does("checkpoint", "m");
      owner.does("close", "m");
    }
    assertHolds(path, KEYS);
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"open m", "existing m", "create m", "compact"})
  void aRefusedOpeningLeavesAMarkThatTheOwnerCannotRemove(String what) throws IOException {
    try (Child stranger = Child.ofStranger(folder)) {
      assertThat(stranger.ask(what, path)).matches("Store\\w+Exception: .*");
    }
    assertNothingIsLeft();
    assertTheOwnerWrites();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--r--r--", "---------"})
  void aRefusedOpeningOfAnyModeLeavesAMark(String mode) throws IOException {
    Child.mode(path, mode);
    try (Child stranger = Child.ofStranger(folder)) {
      assertThat(stranger.ask("open", "m", path)).matches("Store\\w+Exception: .*");
      if (!mode.startsWith("r--r")) {
        assertThat(stranger.ask("read", "m", path)).matches("Store\\w+Exception: .*");
      }
    }
    assertNothingIsLeft();
    Child.mode(path, "rw-r--r--");
    assertTheOwnerWrites();
  }

  @Test
  void aRefusedOpeningOfAStoreThatWasKilledLeavesAMark() throws IOException {
    try (Child owner = Child.start()) {
      owner.does("open", "m", path);
      owner.does("put", "m", KEYS, Work.value(KEYS, 0, 0));
    }
    Child.mode(StoreFiles.log(path), "rw-r--r--");
    Files.deleteIfExists(StoreFiles.beside(path, "-lock"));
    try (Child stranger = Child.ofStranger(folder)) {
      assertThat(stranger.ask("open", "m", path)).matches("Store\\w+Exception: .*");
    }
    assertThat(StoreFiles.exists(StoreFiles.beside(path, "-failed"))).isFalse();
    assertHolds(path, KEYS + 1);
  }

  @Test
  void aRefusedOpeningBesideTheOwnersLeavesAMark() throws IOException {
    try (Child owner = Child.start();
        Child stranger = Child.ofStranger(folder)) {
      owner.does("open", "m", path);
      owner.does("put", "m", 0, Work.value(0, 0, 0));
      Files.deleteIfExists(StoreFiles.beside(path, "-lock"));
      assertThat(stranger.ask("open", "m", path)).matches("Store\\w+Exception: .*");
      owner.does("put", "m", KEYS, Work.value(KEYS, 0, 0));
      owner.does("checkpoint", "m");
      owner.does("close", "m");
    }
    assertNothingIsLeft();
    assertHolds(path, KEYS + 1);
  }

  /** Whatever it leaves in the folder is not in the owner's way, and is gone in the end. */
  @Test
  void aReaderOfAnotherUserKeepsTheOwnerOut() throws IOException {
    try (Child stranger = Child.ofStranger(folder)) {
      stranger.does("read", "m", path);
      try (Child owner = Child.start()) {
        owner.does("open", "m", path);
        owner.does("put", "m", 0, Work.value(0, 0, 0));
        owner.does("close", "m");
      }
      stranger.does("close", "m");
    }
    assertTheOwnerWrites();
  }
}
