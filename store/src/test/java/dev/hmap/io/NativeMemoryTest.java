package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the system does with a mapping of a file, and Java does not. */
class NativeMemoryTest {
  private static final int PAGE = 4096;
  private static final byte IN_FILE = 1;
  private static final byte STORED = 2;

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void makeFile() throws IOException {
    assumeTrue(NativeMemory.isAvailable());
    byte[] content = new byte[2 * PAGE];
    Arrays.fill(content, IN_FILE);
    path = Files.write(folder.resolve("file"), content);
  }

  private static byte first(MemorySegment memory, int page) {
    return memory.get(ValueLayout.JAVA_BYTE, (long) page * PAGE);
  }

  @Test
  void aPageThatIsGivenBackReadsAsTheFileAgainAndTheOthersStay() throws IOException {
    try (StoreFile file = FileSystem.REAL.open(path, FileSystem.Mode.READ_WRITE);
        Arena arena = Arena.ofConfined()) {
      MemorySegment mapping = file.map(0, 2 * PAGE, arena).fill(STORED);
      assertThat(NativeMemory.giveBack(mapping.asSlice(0, PAGE))).isTrue();
      assertThat(first(mapping, 0)).isEqualTo(IN_FILE);
      assertThat(first(mapping, 1)).isEqualTo(STORED);
    }
  }

  @Test
  void zerosTakeThePlaceOfAMappingWithoutAnyHarmToTheFile() throws IOException {
    try (StoreFile file = FileSystem.REAL.open(path, FileSystem.Mode.READ_WRITE);
        Arena arena = Arena.ofConfined()) {
      MemorySegment mapping = file.map(0, 2 * PAGE, arena);
      assertThat(NativeMemory.replaceByZeros(mapping)).isTrue();
      assertThat(first(mapping, 0)).isZero();
      assertThat(first(mapping, 1)).isZero();
    }
    assertThat(Files.readAllBytes(path)).containsOnly(IN_FILE);
  }

  @Test
  void aPageThatIsPopulatedIsACopyOfItsOwnFromThenOn() throws IOException {
    try (StoreFile file = FileSystem.REAL.open(path, FileSystem.Mode.READ_WRITE);
        Arena arena = Arena.ofShared()) {
      MemorySegment mapping = file.map(0, 2 * PAGE, arena);
      Populating.start(List.of(mapping.asSlice(0, PAGE))).join();
      assertThat(first(mapping, 0)).isEqualTo(IN_FILE);
      file.write(ByteBuffer.wrap(new byte[2 * PAGE]), 0);
      assertThat(first(mapping, 0)).isEqualTo(IN_FILE);
      assertThat(first(mapping, 1)).isZero();
      assertThat(NativeMemory.giveBack(mapping.asSlice(0, PAGE))).isTrue();
      assertThat(first(mapping, 0)).isZero();
    }
  }

  @Test
  void populatingEndsWhereTheFileWasCutOff() throws IOException {
    try (StoreFile file = FileSystem.REAL.open(path, FileSystem.Mode.READ_WRITE);
        Arena arena = Arena.ofConfined()) {
      MemorySegment mapping = file.map(0, 2 * PAGE, arena);
      file.resize(PAGE);
      assertThat(NativeMemory.populate(mapping.asSlice(PAGE, PAGE))).isFalse();
      assertThat(NativeMemory.populate(mapping.asSlice(0, PAGE))).isTrue();
    }
  }

  @Test
  void whatWasGivenUpHasEnded() throws IOException {
    try (StoreFile file = FileSystem.REAL.open(path, FileSystem.Mode.READ_WRITE);
        Arena arena = Arena.ofShared()) {
      List<MemorySegment> runs = Collections.nCopies(10_000, file.map(0, 2 * PAGE, arena));
      Populating.start(runs).giveUp(); // the arena could not be closed else
    }
  }

  @Test
  void memoryThatIsNoMappingIsLeftAlone() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(PAGE, PAGE).fill(STORED);
      assertThat(NativeMemory.giveBack(memory)).isFalse();
      assertThat(NativeMemory.replaceByZeros(memory)).isFalse();
      assertThat(NativeMemory.populate(memory)).isFalse();
      assertThat(NativeMemory.adviseRandom(memory)).isFalse();
      assertThat(first(memory, 0)).isEqualTo(STORED);
    }
  }
}
