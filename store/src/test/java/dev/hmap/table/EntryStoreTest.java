package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.ExtentRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gives entries their room: slots of a slab for their size, or an extent for a large one. */
class EntryStoreTest {
  private static final int PAGE_BYTES = 4096;

  private final Space space = new Space(new MemoryFile(), Space.Access.WRITE);
  private final EntryStore entries = new EntryStore(space, (_, _) -> {});

  @BeforeEach
  void load() throws IOException {
    space.load(List.of());
  }

  /** Takes room, and writes the head of an entry with a value of the rest. */
  private long allocate(int bytes) {
    long address = entries.allocate(bytes);
    space.memoryAt(address).putInt(Space.offset(address), 0);
    space.memoryAt(address).putInt(Space.offset(address) + 4, bytes - 8);
    return address;
  }

  private List<ExtentRecord> records() {
    List<ExtentRecord> all = new ArrayList<>();
    entries.records(all);
    return all;
  }

  @Test
  void entriesOfOneSizeClassLieInTheSlotsOfOneSlab() {
    long first = allocate(9);
    assertThat(allocate(16)).isEqualTo(first + 16);
    assertThat(allocate(17)).as("of the class of 24 bytes").isEqualTo(first + PAGE_BYTES);
    assertThat(entries.entryBytes()).isEqualTo(9 + 16 + 17);
    int page = (int) (first / PAGE_BYTES);
    assertThat(records())
        .containsExactly(
            new ExtentRecord(page, ExtentRecord.KIND_SLAB, 0, 0, 0, 2, 0, 2),
            new ExtentRecord(page + 1, ExtentRecord.KIND_SLAB, 0, 1, 0, 1, 0, 1));
  }

  @Test
  void theSlotThatWasFreedLastIsTakenFirst() {
    long first = allocate(16);
    long second = allocate(16);
    allocate(16);
    entries.free(first); // slot 0: in a directory 1 stands for it
    entries.free(second);
    assertThat(records().getFirst().firstFree()).isEqualTo(2);
    assertThat(space.memoryAt(second).getInt(Space.offset(second))).isEqualTo(1);
    assertThat(space.memoryAt(first).getInt(Space.offset(first))).isEqualTo(0);
    assertThat(allocate(16)).isEqualTo(second);
    assertThat(allocate(16)).isEqualTo(first);
    assertThat(allocate(16)).isEqualTo(first + 3 * 16);
  }

  @Test
  void aSlabWithoutEntriesIsGivenBackOnceTheBatchIsOver() {
    long before = space.freePages();
    entries.free(allocate(16));
    assertThat(space.freePages()).isEqualTo(before - 1);
    entries.settle();
    assertThat(space.freePages()).isEqualTo(before);
    assertThat(records()).isEmpty();
  }

  @Test
  void anEntryOfMoreThan128KiBHasAnExtentToItself() {
    allocate(131_072);
    long large = allocate(131_073);
    ExtentRecord record =
        new ExtentRecord(
            (int) (large / PAGE_BYTES), ExtentRecord.KIND_LARGE, 6, 0, 131_073, 1, 0, 1);
    assertThat(large % (64 * PAGE_BYTES)).isZero();
    assertThat(records()).hasSize(2).contains(record);
    entries.free(large);
    assertThat(records()).hasSize(1);
  }

  @Test
  void aReferenceToAnythingButAnEntryIsDamage() {
    long address = allocate(16);
    entries.check(address);
    assertDamage(address + 8); // within
    assertDamage(address + 16); // a slot never used
    assertDamage(0); // no slab
    space.memoryAt(address).putInt(Space.offset(address) + 4, 9); // longer than its slot
    assertDamage(address);
  }

  private void assertDamage(long address) {
    assertThatThrownBy(() -> entries.check(address))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage("there is no entry at address %,d", address);
  }
}
