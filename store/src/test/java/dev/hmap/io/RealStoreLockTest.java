package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreLockedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One writer at a time, and a guard that it takes only while nobody reads. */
class RealStoreLockTest {
  @TempDir Path folder;
  private Path data;
  private StoreLock writer;

  @BeforeEach
  void lock() throws IOException {
    data = Files.createFile(folder.resolve("orders.hmap"));
    writer = RealStoreLock.forWriting(data);
  }

  @AfterEach
  void unlock() throws IOException {
    writer.close();
  }

  @Test
  void aSecondWriterIsRefusedWithTheNameOfTheFirst() throws IOException {
    writer.leaveNote();
    assertThatThrownBy(() -> RealStoreLock.forWriting(data))
        .isInstanceOf(StoreLockedException.class)
        .hasMessageStartingWith(
            "locked for writing by process " + ProcessHandle.current().pid() + " since ")
        .hasMessageEndingWith("(" + data + ")");
    writer.check();
  }

  @Test
  void theLockAndItsNoteGoWhenItIsClosed() throws IOException {
    writer.leaveNote();
    writer.close();
    assertThat(folder).isDirectoryNotContaining("glob:**-lock");
    RealStoreLock.forWriting(data).close();
  }

  @Test
  void theGuardIsTakenOnlyWhileNobodyReads() throws IOException {
    try (StoreLock one = RealStoreLock.forReading(data)) {
      try (StoreLock _ = RealStoreLock.forReading(data)) {
        assertThat(writer.tryGuard()).isFalse();
      }
      assertThat(writer.tryGuard()).as("one reads still").isFalse();
      one.check();
    }
    assertThat(writer.tryGuard()).isTrue();
    writer.releaseGuard();
    RealStoreLock.forReading(data).close();
  }

  @Test
  void aFileThatWasMovedAwayMustNotBeWrittenAnyMore() throws IOException {
    writer.check();
    Files.move(data, folder.resolve("elsewhere"));
    assertThatThrownBy(writer::check)
        .isInstanceOf(LostLockException.class)
        .hasMessage(data + " was deleted, moved away or replaced while it was open");
    Files.createFile(data);
    assertThatThrownBy(writer::check).as("another file").isInstanceOf(LostLockException.class);
  }

  @Test
  void onlyAWriterHasTheGuardAndLeavesNotes() throws IOException {
    try (StoreLock reader = RealStoreLock.forReading(data)) {
      assertThatThrownBy(reader::tryGuard).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(reader::leaveNote).isInstanceOf(IllegalStateException.class);
    }
  }
}
