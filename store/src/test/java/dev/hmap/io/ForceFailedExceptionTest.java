package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.damage.MemoryFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A force that failed is told from any other failure, for nothing makes up for it. */
class ForceFailedExceptionTest {
  private static final Path FOLDER = Path.of("folder");

  /** No force of a folder or of a file succeeds. */
  private static final class FailingFiles extends ForwardingFileSystem {
    FailingFiles() {
      super(new MemoryFiles());
    }

    @Override
    public StoreFile open(Path path, Mode mode) throws IOException {
      return new ForwardingStoreFile(super.open(path, mode)) {
        @Override
        public void force() throws IOException {
          throw new IOException("Input/output error");
        }
      };
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
      throw new IOException("Input/output error");
    }
  }

  @Test
  void aForceOfAFileThatFailsIsWrappedWithItsCause() throws IOException {
    StoreFile file = new FailingFiles().open(FOLDER.resolve("file"), FileSystem.Mode.CREATE);
    assertThatThrownBy(() -> ForceFailedException.force(file))
        .isInstanceOf(ForceFailedException.class)
        .hasMessage("a force failed: Input/output error")
        .hasRootCauseMessage("Input/output error");
  }

  @Test
  void aForceOfAFolderThatFailsNamesTheFolder() {
    assertThatThrownBy(() -> ForceFailedException.forceFolder(new FailingFiles(), FOLDER))
        .isInstanceOf(ForceFailedException.class)
        .hasMessage("a force of folder failed: Input/output error");
  }

  @Test
  void itIsFoundHoweverDeepInAFailureItIs() {
    assertThatThrownBy(() -> ForceFailedException.forceFolder(new FailingFiles(), FOLDER))
        .satisfies(force -> {
          IOException around = new IOException("the store failed", force);
          assertThat(ForceFailedException.isCauseOf(force)).isTrue();
          assertThat(ForceFailedException.isCauseOf(new UncheckedIOException(around))).isTrue();
        });
    assertThat(ForceFailedException.isCauseOf(new IOException("a force failed"))).isFalse();
  }
}
