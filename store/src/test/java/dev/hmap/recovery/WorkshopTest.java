package dev.hmap.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.format.FileNames;
import dev.hmap.io.FileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Is a folder beside a store in which a file is made that is to get its name once it is whole. */
class WorkshopTest {
  private static final String NOTE =
      "hmap is making a file of orders.hmap here" + System.lineSeparator();

  @TempDir private Path folder;

  private FileNames names;
  private Path first;

  @BeforeEach
  void nameStore() {
    names = new FileNames(folder.resolve("orders.hmap"));
    first = folder.resolve("orders.hmap-new");
  }

  /** A workshop that nobody is at work in. */
  private static void leave(Path workshop, String note) throws IOException {
    Files.createDirectory(workshop);
    Files.writeString(workshop.resolve("note"), note);
    Files.writeString(workshop.resolve("data"), "half a file");
  }

  @Test
  void aNoteSaysWhatItIsFor() throws IOException {
    try (Workshop workshop = Workshop.open(FileSystem.REAL, names)) {
      assertThat(workshop.files().data()).isEqualTo(first.resolve("data"));
      assertThat(first.resolve("note")).hasContent(NOTE);
    }
    assertThat(first).doesNotExist();
  }

  @Test
  void whatGotItsNameStaysAndAllElseGoes() throws IOException {
    try (Workshop workshop = Workshop.open(FileSystem.REAL, names)) {
      Files.writeString(workshop.files().data(), "whole");
      Files.writeString(workshop.files().log(), "not needed");
      FileSystem.REAL.renameToNew(workshop.files().data(), names.data());
    }
    assertThat(folder).isDirectoryNotContaining("glob:**-new");
    assertThat(names.data()).hasContent("whole");
    Files.delete(names.data()); // which is no store
  }

  @Test
  void twoMayBeAtWorkBesideOneStore() throws IOException {
    try (Workshop one = Workshop.open(FileSystem.REAL, names);
        Workshop other = Workshop.open(FileSystem.REAL, names)) {
      assertThat(one.files().data()).isEqualTo(first.resolve("data"));
      assertThat(other.files().data()).isEqualTo(folder.resolve("orders.hmap-new-2/data"));
    }
  }

  @Test
  void whatACrashLeftIsRemovedFromTheHighestNumberOn() throws IOException {
    leave(first, NOTE);
    leave(folder.resolve("orders.hmap-new-2"), NOTE);
    leave(folder.resolve("orders.hmap-new-4"), NOTE); // after a gap, which no crash makes
    Workshop.removeLeft(FileSystem.REAL, names);
    assertThat(first).doesNotExist();
    assertThat(folder.resolve("orders.hmap-new-2")).doesNotExist();
    assertThat(folder.resolve("orders.hmap-new-4")).exists();
  }

  @Test
  void aFolderThatOnlyHasTheNameIsLeftAlone() throws IOException {
    leave(first, "my new orders");
    Workshop.removeLeft(FileSystem.REAL, names);
    assertThat(first.resolve("data")).hasContent("half a file");
  }
}
