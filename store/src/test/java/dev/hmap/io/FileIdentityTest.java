package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which file it is, whatever it is called. */
class FileIdentityTest {
  @TempDir Path folder;
  private Path path;
  private FileIdentity identity;

  @BeforeEach
  void makeFile() throws IOException {
    path = Files.createFile(folder.resolve("file"));
    identity = FileIdentity.of(path);
  }

  private void replace() throws IOException {
    Path other = Files.createFile(folder.resolve("other"));
    Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void aFileThatIsWrittenToStaysTheSame() throws IOException {
    Files.writeString(path, "more");
    assertThat(FileIdentity.of(path)).isEqualTo(identity);
  }

  @Test
  void aFileIsFoundUnderItsNewNameAndAnotherUnderTheOldOneIsNotTheSame() throws IOException {
    Path moved = Files.createLink(folder.resolve("moved"), path);
    replace();
    assertThat(identity.isAt(moved)).isTrue();
    assertThat(identity.isAt(path)).isFalse();
  }

  @Test
  void onlyARegularFileHasOne() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), path);
    assertThat(FileIdentity.of(folder.resolve("missing"))).isNull();
    assertThatThrownBy(() -> FileIdentity.of(link)).isInstanceOf(NotAFileException.class);
    assertThatThrownBy(() -> FileIdentity.of(folder)).isInstanceOf(NotAFileException.class);
    assertThat(identity.isAt(link)).as("what it leads to does not count").isFalse();
  }

  @Test
  void whatWasReplacedWhileItWasOpenedIsClosedAndOpenedAgain() throws IOException {
    List<String> calls = new ArrayList<>();
    FileIdentity.Opened<AutoCloseable> opened =
        FileIdentity.open(
            path,
            _ -> {
              calls.add("open");
              if (calls.size() == 1) {
                replace();
              }
              return () -> calls.add("close");
            });
    assertThat(calls).containsExactly("open", "close", "open");
    assertThat(opened.identity()).isEqualTo(FileIdentity.of(path)).isNotEqualTo(identity);
  }

  @Test
  void whatIsNotThereIsNotOpened() {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> FileIdentity.open(missing, _ -> () -> {}))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(missing.toString());
  }
}
