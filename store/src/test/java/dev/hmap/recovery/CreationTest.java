package dev.hmap.recovery;

import static dev.hmap.recovery.SmallStore.LONGS;
import static dev.hmap.recovery.SmallStore.NAMES;
import static dev.hmap.recovery.SmallStore.SEEDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.error.StoreAccessException;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.LogPosition;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.ForwardingFileSystem;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Makes an empty store, which has its name only when it is whole and durable. */
class CreationTest {
  private final MemoryFiles files = new MemoryFiles();

  @Test
  void makesTheSmallestStoreOfTheFormat() {
    Creation.create(files, NAMES, LONGS, 0, SEEDS);
    byte[] data = files.copy(NAMES.data());
    assertThat(data).hasSize(16_384);
    assertThat(Arrays.copyOf(data, 4096)).containsOnly(0); // generation 1 stands in page 1
    StoreHeader header = Recovery.readHeader(files, NAMES);
    assertThat(header.generation()).isEqualTo(1);
    assertThat(header.filePages()).isEqualTo(4);
    assertThat(header.directory().page()).isEqualTo(3);
    assertThat(header.log()).isEqualTo(LogPosition.START);
    assertThat(header.hmap().flags()).isZero();
    assertThat(files.exists(NAMES.log())).isFalse();
  }

  @Test
  void forcesTheStoreBeforeItGetsItsName() {
    Journal journal = new Journal(files);
    Creation.create(journal, NAMES, LONGS, 0, SEEDS);
    assertThat(journal.takeCalls())
        .containsSubsequence("write data page 1", "force data", "name data", "force folder");
  }

  @Test
  void leavesNothingWhereItFails() {
    Journal journal = new Journal(files);
    journal.fail("force data", "Input/output error");
    assertThatThrownBy(() -> Creation.create(journal, NAMES, LONGS, 0, SEEDS))
        .hasMessage("/small.hmap cannot be created: a force failed: Input/output error");
    assertThat(files.list(Path.of("/"))).isEmpty();
    assertThat(files.list(NAMES.workshop(1))).isEmpty();
  }

  @Test
  void refusesANameThatIsTaken() {
    files.put(NAMES.data(), new byte[0]);
    assertThat(Creation.tryCreate(files, NAMES, LONGS, 0, SEEDS)).isFalse();
    assertThatThrownBy(() -> Creation.create(files, NAMES, LONGS, 0, SEEDS))
        .isInstanceOf(StoreAccessException.class)
        .hasMessage("/small.hmap exists already");

    files.delete(NAMES.data());
    files.put(NAMES.log(), new byte[0]); // it may hold what a lost store was
    assertThatThrownBy(() -> Creation.tryCreate(files, NAMES, LONGS, 0, SEEDS))
        .isInstanceOf(StoreAccessException.class)
        .hasMessageContaining("may be the log of a store whose data file is missing");
  }

  @Test
  void refusesMoreEntriesThanThereIsRoomFor() {
    ForwardingFileSystem small =
        new ForwardingFileSystem(files) {
          @Override
          public long usableBytes(Path folder) {
            return 36_863;
          }
        };
    assertThatThrownBy(() -> Creation.create(small, NAMES, LONGS, 1_000, SEEDS))
        .isInstanceOf(StoreFullException.class) // 256 buckets of 144 bytes
        .hasMessageEndingWith("their buckets take 36,864 bytes, and there is room for 36,863");
  }
}
