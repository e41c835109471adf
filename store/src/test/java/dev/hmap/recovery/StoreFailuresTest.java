package dev.hmap.recovery;

import static dev.hmap.recovery.SmallStore.NAMES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.error.HMapException;
import dev.hmap.error.StoreAccessException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

/** Turns what the system says into an exception that names the store and what was the matter. */
class StoreFailuresTest {
  private static HMapException failure(IOException cause) {
    return StoreFailures.failure(NAMES, "cannot be opened", cause);
  }

  @Test
  void aFileThatCannotBeHadIsAnAccess() {
    assertThat(failure(new AccessDeniedException("/small.hmap")))
        .isInstanceOf(StoreAccessException.class)
        .hasMessage("/small.hmap cannot be opened: /small.hmap: permission denied");
    assertThat(failure(new NoSuchFileException("/small.hmap-log")))
        .isInstanceOf(StoreAccessException.class);
    assertThat(failure(new IOException("Read-only file system")))
        .isInstanceOf(StoreAccessException.class);
  }

  @Test
  void aFullDiskIsNotAFailure() {
    assertThat(failure(new IOException("No space left on device")))
        .isInstanceOf(StoreFullException.class)
        .hasMessage("/small.hmap cannot be opened: No space left on device");
  }

  @Test
  void whateverElseGoesWrongIs() {
    IOException cause = new IOException("Input/output error");
    assertThat(failure(cause)).isInstanceOf(StoreFailedException.class).hasCause(cause);
  }

  @Test
  void aStoreThatIsMissingMayHaveLeftItsLog() {
    MemoryFiles files = new MemoryFiles();
    assertThat(StoreFailures.missing(files, NAMES))
        .hasMessage("/small.hmap: there is no such store");
    files.put(NAMES.log(), new byte[0]);
    assertThat(StoreFailures.missing(files, NAMES)).hasMessageEndingWith("may be its log");
  }
}
