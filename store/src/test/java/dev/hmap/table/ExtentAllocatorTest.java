package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreCorruptException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hands out runs of 2^order pages as buddies, lowest first, and keeps what was promised. */
class ExtentAllocatorTest {
  private final ExtentAllocator allocator = new ExtentAllocator();

  private static long[] demand(int order, int extents) {
    long[] demand = ExtentAllocator.noDemand();
    demand[order] = extents;
    return demand;
  }

  @Test
  void anExtentBeginsAtAMultipleOfItsLengthAndTheLowestIsTakenFirst() {
    allocator.freeRange(2, 16);
    assertThat(allocator.allocate(2)).isEqualTo(4);
    assertThat(allocator.allocate(0)).isEqualTo(2);
    assertThat(allocator.allocate(0)).isEqualTo(3);
    assertThat(allocator.allocate(3)).isEqualTo(8);
    assertThat(allocator.freePages()).isZero();
    assertThat(allocator.allocate(0)).isEqualTo(ExtentAllocator.NONE);
  }

  @Test
  void twoFreeHalvesJoin() {
    allocator.freeRange(8, 16);
    assertThat(allocator.allocate(2)).isEqualTo(8);
    assertThat(allocator.allocate(2)).isEqualTo(12);
    allocator.free(12, 2);
    assertThat(allocator.allocate(3)).isEqualTo(ExtentAllocator.NONE);
    allocator.free(8, 2);
    assertThat(allocator.allocate(3)).isEqualTo(8);
  }

  @Test
  void whatWasPromisedIsNotBrokenUp() {
    allocator.freeRange(8, 18); // eight pages, and two
    allocator.secure(demand(3, 1));
    assertThat(allocator.allocateBeside(0)).isEqualTo(16);
    assertThat(allocator.allocateBeside(0)).isEqualTo(17);
    assertThat(allocator.allocateBeside(0)).isEqualTo(ExtentAllocator.NONE);
    assertThat(allocator.allocate(3)).isEqualTo(8);
  }

  @Test
  void thoseThatWouldBeNextAreTheOnesThatAreTakenThen() {
    allocator.freeRange(4, 64);
    allocator.secure(demand(2, 2));
    List<Integer> next = allocator.next(2, 5);
    assertThat(next).containsExactly(4, 8, 12, 16, 20);
    assertThat(allocator.freePages()).isEqualTo(60);
    assertThat(allocator.secured()[2]).isEqualTo(2);
    for (int page : next) {
      assertThat(allocator.allocate(2)).isEqualTo(page);
    }
    assertThat(allocator.next(2, 11)).as("more than there are").isEmpty();
  }

  @Test
  void aLargeExtentSuppliesManySmallOnesButNotTheOtherWayRound() {
    allocator.freeRange(8, 16);
    assertThat(allocator.canSupply(demand(0, 8))).isTrue();
    assertThat(allocator.canSupply(demand(0, 9))).isFalse();
    assertThat(allocator.allocate(0)).isEqualTo(8);
    assertThat(allocator.canSupply(demand(2, 1))).isTrue();
    assertThat(allocator.canSupply(demand(2, 2))).isFalse(); // 7 pages are free
  }

  @Test
  void anExtentThatIsFreedTwiceIsDamage() {
    allocator.free(8, 1);
    assertThatThrownBy(() -> allocator.free(8, 1))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage("the extent at page 8 is freed twice");
  }
}
