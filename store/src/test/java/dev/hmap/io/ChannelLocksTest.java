package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java's locks belong to the process; these exclude each other within it too. */
class ChannelLocksTest {
  @TempDir Path folder;
  private Path path;
  private FileIdentity identity;
  private ChannelLocks one;
  private ChannelLocks other;

  @BeforeEach
  void open() throws IOException {
    path = Files.createFile(folder.resolve("file"));
    identity = FileIdentity.of(path);
    one = ChannelLocks.open(path, identity, true);
    other = ChannelLocks.open(path, identity, true);
  }

  @AfterEach
  void close() throws IOException {
    one.close();
    other.close();
  }

  @Test
  void aByteIsHeldByOneAloneUntilItIsGivenUp() throws IOException {
    assertThat(one.tryLock(7, false)).isTrue();
    assertThat(one.tryLock(7, false)).as("it makes sure of its own").isTrue();
    assertThat(other.tryLock(7, false)).isFalse();
    assertThat(other.tryLock(8, false)).as("another byte").isTrue();
    other.unlock(7);
    assertThat(other.tryLock(7, false)).as("only the holder gives it up").isFalse();
    one.unlock(7);
    assertThat(other.tryLock(7, false)).isTrue();
  }

  @Test
  void theLastOfThoseWhoShareAByteFreesIt() throws IOException {
    assertThat(one.tryLock(7, true)).isTrue();
    assertThat(other.tryLock(7, true)).isTrue();
    try (ChannelLocks alone = ChannelLocks.open(path, identity, true)) {
      one.unlock(7);
      assertThat(alone.tryLock(7, false)).isFalse();
      other.close();
      assertThat(alone.tryLock(7, false)).isTrue();
    }
  }

  @Test
  void aLockOfOtherCodeCountsAsHeld() throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
        FileLock _ = channel.lock(7, 1, false)) {
      assertThat(one.tryLock(7, false)).isFalse();
    }
    assertThat(one.tryLock(7, false)).isTrue();
  }

  @Test
  void aFileIsPutAsideWhileItsLocksWouldGoWithIt() throws IOException {
    try (FileChannel beside = FileChannel.open(path)) {
      assertThat(one.tryLock(7, false)).isTrue();
      ChannelLocks.closeBeside(beside, identity);
      assertThat(beside.isOpen()).isTrue();
      one.unlock(7);
      assertThat(beside.isOpen()).isFalse();
    }
  }
}
