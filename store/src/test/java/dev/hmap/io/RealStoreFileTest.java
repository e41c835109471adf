package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of the machine, read and written whole and mapped only where it is. */
class RealStoreFileTest {
  @TempDir Path folder;
  private Path path;
  private RealStoreFile file;

  @BeforeEach
  void open() throws IOException {
    path = Files.write(folder.resolve("file"), new byte[] {1, 2, 3, 4});
    file = RealStoreFile.open(path, true);
  }

  @AfterEach
  void close() throws IOException {
    file.close();
  }

  @Test
  void aBufferIsFilledOrTheEndOfTheFileIsReported() throws IOException {
    ByteBuffer two = ByteBuffer.allocate(2);
    file.read(two, 1);
    assertThat(two.array()).containsExactly(2, 3);
    assertThatThrownBy(() -> file.read(ByteBuffer.allocate(2), 3))
        .isInstanceOf(EOFException.class)
        .hasMessage("the file ends at 4");
  }

  @Test
  void allThatRemainsInABufferIsWrittenHoweverLongItIs() throws IOException {
    byte[] bytes = new byte[200_000];
    Arrays.fill(bytes, (byte) 9);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).limit(150_000);
    file.write(buffer, 2);
    assertThat(buffer.remaining()).isZero();
    assertThat(file.size()).isEqualTo(150_002);
    assertThat(Files.readAllBytes(path)).startsWith(1, 2, 9).endsWith(9, 9);
  }

  @Test
  void aFileIsExtendedWithZerosAndCut() throws IOException {
    file.resize(6);
    assertThat(path).hasBinaryContent(new byte[] {1, 2, 3, 4, 0, 0});
    file.resize(2);
    assertThat(path).hasBinaryContent(new byte[] {1, 2});
  }

  @Test
  void whatIsStoredToAPrivateMappingStaysInMemory() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mapping = file.map(0, 4, arena).fill((byte) 7);
      assertThat(mapping.asByteBuffer().get(0)).isEqualTo((byte) 7);
      assertThat(file.mapReadOnly(0, 4, arena).asByteBuffer().get(0)).isEqualTo((byte) 1);
      assertThat(path).hasBinaryContent(new byte[] {1, 2, 3, 4});
    }
  }

  @Test
  void aMappingBeyondTheEndIsRefusedAndDoesNotExtendTheFile() {
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> file.map(0, 5, arena))
          .isInstanceOf(EOFException.class)
          .hasMessage("mapping up to 5: the file has 4 bytes");
      assertThatThrownBy(() -> file.mapShared(4, 1, arena)).isInstanceOf(EOFException.class);
    }
    assertThat(path).hasSize(4);
  }
}
