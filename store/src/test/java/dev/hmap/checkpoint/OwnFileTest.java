package dev.hmap.checkpoint;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.FileNames;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.io.LostLockException;
import dev.hmap.recovery.Creation;
import dev.hmap.recovery.LockedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.recovery.SmallStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notices whatever others did to a data file that is open, before more is written to it. */
class OwnFileTest {
  private LockedStore store;
  private StoreHeader header;

  @BeforeEach
  void createStore() throws IOException {
    createStore(new MemoryFiles(), SmallStore.NAMES);
  }

  private void createStore(FileSystem fileSystem, FileNames names) throws IOException {
    Creation.create(fileSystem, names, SmallStore.LONGS, 0, SmallStore.SEEDS);
    store = LockedStore.open(fileSystem, names, true);
    header = Recovery.readHeader(fileSystem, names);
  }

  private void check() throws IOException {
    OwnFile.check(store.lock(), store.data(), header);
  }

  private void write(StoreHeader written) throws IOException {
    int page = StoreHeader.slotPage(written.generation());
    store.data().write(written.encode(), PageLayout.addressOf(page));
  }

  @Test
  void aFileThatNobodyTouchedIsOwn() {
    assertThatCode(this::check).doesNotThrowAnyException();
  }

  @Test
  void aFileWithANewerHeaderIsNot() throws IOException {
    write(SmallStore.successor(header, 0));
    assertThatThrownBy(this::check)
        .isInstanceOf(LostLockException.class)
        .hasMessageEndingWith("its newest header is not generation 1");
  }

  @Test
  void aFileWithAnotherHeaderOfTheGenerationIsNot() throws IOException {
    write(header.with(header.hmap().withFlags(1)));
    assertThatThrownBy(this::check).isInstanceOf(LostLockException.class);
  }

  @Test
  void aFileThatWasCutIsNot() throws IOException {
    store.data().resize(PageLayout.addressOf(3));
    assertThatThrownBy(this::check)
        .isInstanceOf(LostLockException.class)
        .hasMessageEndingWith("it has 12,288 bytes of 16,384");
  }

  @Test
  void aFileThatLostItsNameIsNot(@TempDir Path folder) throws IOException {
    FileNames names = new FileNames(folder.resolve("small.hmap"));
    createStore(FileSystem.REAL, names);
    Files.move(names.data(), folder.resolve("elsewhere.hmap"));
    assertThatThrownBy(this::check).isInstanceOf(LostLockException.class);
    store.close();
  }
}
