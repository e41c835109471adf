package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine's file system: only {@link FileSystem#resolve} follows a link. */
class RealFileSystemTest {
  private final FileSystem files = new RealFileSystem();

  @TempDir Path temporary;
  private Path folder;
  private Path path;

  @BeforeEach
  void makeFile() throws IOException {
    folder = temporary.toRealPath();
    path = Files.writeString(folder.resolve("file"), "content");
  }

  @Test
  void aNameIsResolvedToThatOfTheFileItself() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), path);
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path shortcut = Files.createSymbolicLink(folder.resolve("shortcut"), inner);
    assertThat(files.resolve(path)).isEqualTo(path);
    assertThat(files.resolve(link)).isEqualTo(path);
    assertThat(files.resolve(shortcut.resolve("new"))).isEqualTo(inner.resolve("new"));
    Path nowhere = Files.createSymbolicLink(folder.resolve("nowhere"), folder.resolve("missing"));
    assertThatThrownBy(() -> files.resolve(nowhere)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void noFileIsOpenedThroughALinkNorCreatedOverAnother() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), path);
    assertThatThrownBy(() -> files.open(link, FileSystem.Mode.READ))
        .isInstanceOf(NotAFileException.class);
    assertThatThrownBy(() -> files.open(path, FileSystem.Mode.CREATE))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(path).hasContent("content");
  }

  @Test
  void onlyOneOfTheTwoWaysToRenameReplacesWhatHasTheName() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), "another's");
    assertThatThrownBy(() -> files.renameToNew(path, other))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(other).hasContent("another's");
    files.rename(path, other);
    assertThat(other).hasContent("content");
    files.renameToNew(other, path);
    assertThat(path).hasContent("content");
    assertThat(other).doesNotExist();
  }

  @Test
  void aFolderIsForItsOwnerAloneAndIsDeletedOnlyWhenItIsEmpty() throws IOException {
    Path made = folder.resolve("made");
    files.createFolder(made);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
    Path inside = Files.createFile(made.resolve("inside"));
    files.deleteFolder(made);
    assertThat(files.list(made)).containsExactly(inside);
    files.delete(inside);
    files.deleteFolder(made);
    assertThat(files.exists(made)).isFalse();
  }

  @Test
  void hardLinksAreCounted() throws IOException {
    assertThat(files.links(path)).isEqualTo(1);
    Files.createLink(folder.resolve("second"), path);
    assertThat(files.links(path)).isEqualTo(2);
  }
}
