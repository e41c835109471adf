package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.ExtentRecord;
import dev.hmap.io.FileSystem;
import dev.hmap.io.NativeMemory;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data file as memory, mapped and extended in chunks, and handed out in extents. */
class SpaceTest {
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;

  private final MemoryFile file = new MemoryFile();
  private final Space space = new Space(file, Space.Access.WRITE);

  @Test
  void chunksDoubleWhatIsCoveredFrom64KiBOnAndFrom128MiBOnHave128MiB() {
    assertThat(Space.chunkBase(0)).isZero();
    assertThat(Space.chunkBase(1)).isEqualTo(64 * KIB);
    assertThat(Space.chunkBase(2)).isEqualTo(128 * KIB);
    assertThat(Space.chunkBase(3)).isEqualTo(256 * KIB);
    assertThat(Space.chunkBase(11)).isEqualTo(64 * MIB);
    assertThat(Space.chunkBase(12)).isEqualTo(128 * MIB);
    assertThat(Space.chunkBase(13)).isEqualTo(256 * MIB);
    assertThat(Space.chunkBase(14)).isEqualTo(384 * MIB);
    assertThat(Space.chunkOf(64 * KIB - 1)).isEqualTo(0);
    assertThat(Space.chunkOf(64 * KIB)).isEqualTo(1);
    assertThat(Space.chunkOf(64 * MIB - 1)).isEqualTo(10);
    assertThat(Space.chunkOf(255 * MIB)).isEqualTo(12);
    assertThat(Space.chunkOf(257 * MIB)).isEqualTo(13);
    assertThat(Space.offset(64 * KIB + 5)).isEqualTo(5);
  }

  /** Otherwise the first write to a page has the pages around it made, too: a pause. */
  @Test
  void theSystemDoesNotReadAheadInALargeHole(@TempDir Path folder) throws IOException {
    assumeTrue(NativeMemory.isAvailable());
    Path path = folder.resolve("store.hmap");
    try (StoreFile real = FileSystem.REAL.open(path, FileSystem.Mode.CREATE);
        Space holes = new Space(real, Space.Access.WRITE)) {
      holes.load(List.of());
      while (real.size() < 4 * MIB) {
        holes.allocate(0);
      }
      assertThat(randomMappings(path)).as("of 1 MiB and of 2 MiB").isEqualTo(2);
    }
  }

  private static long randomMappings(Path path) throws IOException {
    boolean isIts = false;
    int random = 0;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.startsWith("VmFlags:")) {
        random += isIts && line.contains(" rr ") ? 1 : 0;
        isIts = false;
      } else {
        isIts |= line.endsWith(path.toString());
      }
    }
    return random;
  }

  @Test
  void theFileIsExtendedWhenNoPageIsFree() throws IOException {
    space.load(List.of());
    assertThat(space.pages()).isEqualTo(16);
    for (int page = 2; page < 16; page++) { // after the pages of the headers
      assertThat(space.allocate(0)).isEqualTo(page);
    }
    assertThat(file.size()).isEqualTo(64 * KIB);
    assertThat(space.memory(64 * KIB)).isNull();
    assertThat(space.allocate(0)).isEqualTo(16);
    assertThat(file.size()).isEqualTo(128 * KIB);
    assertThat(space.memory(64 * KIB).size()).isEqualTo(64 * KIB);
  }

  @Test
  void extentsInUseAreNotHandedOut() throws IOException {
    space.load(List.of(extent(4, 2), extent(2, 0)));
    assertThat(space.freePages()).isEqualTo(16 - 2 - 5);
    assertThat(space.allocate(0)).isEqualTo(3);
    assertThat(space.allocate(0)).isEqualTo(8);
  }

  @Test
  void extentsThatOverlapOrLieOutsideAreDamage() {
    for (List<ExtentRecord> wrong :
        List.of(
            List.of(extent(4, 2), extent(6, 0)),
            List.of(extent(1, 0)), // a header's page
            List.of(extent(6, 2)), // no multiple of four
            List.of(extent(16, 0)))) {
      assertThatThrownBy(() -> new Space(file, Space.Access.WRITE).load(wrong))
          .isInstanceOf(StoreCorruptException.class);
    }
  }

  private static ExtentRecord extent(int page, int order) {
    return new ExtentRecord(page, ExtentRecord.KIND_SLAB, order, 0, 0, 1, 0, 1);
  }

  @Test
  void whatWasSecuredIsThereThoughTheDiskIsFull() throws IOException {
    space.load(List.of());
    long[] demand = ExtentAllocator.noDemand();
    demand[3] = 2;
    space.secure(demand, 0);
    file.setFull(true);
    while (space.allocateBeside(0) != ExtentAllocator.NONE) {
      // what nobody was promised
    }
    assertThat(space.allocate(3)).isEqualTo(16);
    assertThat(space.allocate(3)).isEqualTo(24);
    assertThatThrownBy(() -> space.allocate(3)).isInstanceOf(StoreFullException.class);
  }
}
