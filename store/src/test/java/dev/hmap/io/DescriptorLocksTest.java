package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Linux's locks of an open file belong to the object, and to nothing else in the process. */
class DescriptorLocksTest {
  @TempDir Path folder;
  private Path path;
  private DescriptorLocks one;
  private DescriptorLocks other;

  @BeforeEach
  void open() throws IOException {
    assumeTrue(DescriptorLocks.isAvailable());
    path = Files.createFile(folder.resolve("file"));
    one = DescriptorLocks.open(path, true);
    other = DescriptorLocks.open(path, true);
  }

  @AfterEach
  void close() {
    if (path != null) {
      one.close();
      other.close();
    }
  }

  @Test
  void aByteIsHeldByOneAloneUntilItIsGivenUp() throws IOException {
    long far = 1L << 40; // where the locks of a store are
    assertThat(one.tryLock(far, false)).isTrue();
    assertThat(one.tryLock(far, false)).as("it makes sure of its own").isTrue();
    assertThat(other.tryLock(far, false)).isFalse();
    assertThat(other.tryLock(far + 1, false)).as("another byte").isTrue();
    assertThat(other.tryLock(0, false)).as("another byte").isTrue();
    one.unlock(far);
    assertThat(other.tryLock(far, false)).isTrue();
  }

  @Test
  void thoseWhoShareAByteKeepOutWhoWantsItAlone() throws IOException {
    try (DescriptorLocks reading = DescriptorLocks.open(path, false)) {
      assertThat(reading.tryLock(7, true)).isTrue();
      assertThat(one.tryLock(7, true)).isTrue();
      assertThat(other.tryLock(7, false)).isFalse();
    }
    one.unlock(7);
    assertThat(other.tryLock(7, false)).isTrue();
  }

  @Test
  void aFileThatIsOpenedAndClosedBesideDoesNotTakeTheLockAway() throws IOException {
    assertThat(one.tryLock(7, false)).isTrue();
    FileChannel.open(path).close();
    assertThat(other.tryLock(7, false)).isFalse();
  }

  @Test
  void closingGivesAllUpForGood() throws IOException {
    assertThat(one.tryLock(7, false)).isTrue();
    one.close();
    assertThat(other.tryLock(7, false)).isTrue();
    assertThatThrownBy(() -> one.tryLock(8, false))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("the lock is closed");
  }

  /** As a process has that is being made, for a moment. */
  @Test
  void closingGivesAllUpThoughTheOpenFileHasAnotherDescriptor() throws Throwable {
    ValueLayout.OfInt number = ValueLayout.JAVA_INT;
    MethodHandle dup = NativeCalls.find("dup", FunctionDescriptor.of(number, number));
    MethodHandle close = NativeCalls.find("close", FunctionDescriptor.of(number, number));
    assertThat(one.tryLock(7, false)).isTrue();
    assertThat(one.tryLock(1L << 40, false)).isTrue();
    int duplicate = (int) dup.invokeExact(one.descriptor());
    try {
      one.close();
      assertThat(other.tryLock(7, false)).isTrue();
      assertThat(other.tryLock(1L << 40, false)).isTrue();
    } finally {
      assertThat((int) close.invokeExact(duplicate)).isZero();
    }
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> DescriptorLocks.open(missing, true))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(missing.toString());
  }
}
