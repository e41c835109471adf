package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllocationTest {
  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void makeFile() throws IOException {
    Assumptions.assumeTrue(DescriptorLocks.isAvailable());
    path = Files.createFile(folder.resolve("file"));
  }

  @Test
  void takesTheRoomAndExtendsTheFile() throws IOException {
    FileIdentity identity = FileIdentity.of(path);
    assertThat(identity).isNotNull();
    assertThat(Allocation.take(path, identity, 0, 1 << 20)).isTrue();
    assertThat(path).hasSize(1 << 20);
    assertThat(Allocation.take(path, identity, 1 << 20, 1 << 20)).isTrue();
    assertThat(path).hasSize(2 << 20);
  }

  @Test
  void leavesAnotherFileThatCameToTheNameAlone() throws IOException {
    FileIdentity identity = FileIdentity.of(path);
    assertThat(identity).isNotNull();
    Path other = Files.createFile(folder.resolve("other"));
    Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
    assertThat(Allocation.take(path, identity, 0, 1 << 20)).isFalse();
    assertThat(path).isEmptyFile();
  }

  @Test
  void aFileThatTheDiskHasNoRoomForIsToldFromOtherFailures() throws IOException {
    FileIdentity identity = FileIdentity.of(path);
    assertThat(identity).isNotNull();
    assertThatThrownBy(() -> Allocation.take(path, identity, 0, 1L << 50))
        .isInstanceOfSatisfying(IOException.class, e -> assertThat(DiskFull.is(e)).isTrue());
  }
}
