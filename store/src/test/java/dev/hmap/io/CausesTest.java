package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

/** Words for what went wrong, also where Java's message is but the name of a file. */
class CausesTest {
  @Test
  void anExceptionWhoseTypeIsItsOnlyWordIsPutIntoWords() {
    assertThat(Causes.of(new NoSuchFileException("/data/a")))
        .isEqualTo("/data/a: there is no such file or folder");
    assertThat(Causes.of(new AccessDeniedException("/data/a")))
        .isEqualTo("/data/a: permission denied");
    assertThat(Causes.of(new FileSystemException("/data/a")))
        .isEqualTo("/data/a: FileSystemException");
  }

  @Test
  void aReasonOfTheSystemIsKept() {
    assertThat(Causes.of(new FileSystemException("/data/a", null, "No space left on device")))
        .isEqualTo("/data/a: No space left on device");
    assertThat(Causes.of(new IOException("Input/output error"))).isEqualTo("Input/output error");
  }

  @Test
  void neitherNameNorMessageIsNull() {
    assertThat(Causes.of(new NoSuchFileException(null)))
        .isEqualTo("there is no such file or folder");
    assertThat(Causes.of(new IOException())).isEqualTo("IOException");
  }
}
