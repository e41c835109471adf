package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

/** Which error of the system an exception stands for, by the words that Java has of it. */
class SystemErrorTest {
  private static FileSystemException of(String file, String reason) {
    return new FileSystemException(file, null, reason);
  }

  @Test
  void theWordsCountAndNotTheirCase() {
    assertThat(SystemError.NO_ROOM.isCauseOf(new IOException("No space left on device"))).isTrue();
    assertThat(SystemError.NOT_PERMITTED.isCauseOf(of("a", "Operation not permitted"))).isTrue();
    assertThat(SystemError.NOT_SUPPORTED.isCauseOf(of("a", "Operation not permitted"))).isFalse();
  }

  @Test
  void theNameOfAFileIsNoReason() {
    assertThat(SystemError.NO_ROOM.isCauseOf(of("no space left", "Input/output error"))).isFalse();
    assertThat(SystemError.NO_ROOM.isCauseOf(new NoSuchFileException("no space left"))).isFalse();
    assertThat(SystemError.NO_ROOM.isCauseOf(new IOException())).isFalse();
  }
}
