package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.format.BucketLayout;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where each bucket of an array lies: roots first, then overflow buckets, numbered through. */
class BucketArrayTest {
  /** Of longs to longs: a bucket has 144 bytes, and a page of 4,088 takes 28 of them. */
  private static final BucketLayout LAYOUT = new BucketLayout(SmallMap.LONGS);

  private final Space space = new Space(new MemoryFile(), Space.Access.WRITE);

  @BeforeEach
  void load() throws IOException {
    space.load(List.of());
  }

  @Test
  void fromSixteenRootsOnASixteenthMoreBucketsAreSetAside() {
    assertThat(BucketArray.nominalBuckets(3)).isEqualTo(8);
    assertThat(BucketArray.nominalBuckets(4)).isEqualTo(16 + 1);
    assertThat(BucketArray.nominalBuckets(10)).isEqualTo(1024 + 64);
  }

  @Test
  void aBucketLiesInTheExtentThatItsNumberChooses() {
    BucketArray array = BucketArray.allocate(1, 5, LAYOUT, space); // 34 buckets
    assertThat(array.extents()).isEqualTo(2);
    assertThat(array.capacity()).isEqualTo(2 * 28);
    assertThat(array.extentOf(27)).isEqualTo(0);
    assertThat(array.extentOf(28)).isEqualTo(1);
    assertThat(array.address(0, 27)).isEqualTo(array.page(0) * 4096 + 27 * 144);
    assertThat(array.address(1, 30)).isEqualTo(array.page(1) * 4096 + 2 * 144);
  }

  @Test
  void aLargeArrayHasAboutSixteenToThirtyTwoExtentsOfUpToFourMiB() {
    for (int b = 9; b <= 19; b++) {
      long extents = BucketArray.extents(b, 0, LAYOUT);
      assertThat(extents).as("B = %d", b).isBetween(16L, 33L);
    }
    assertThat(BucketArray.extentOrder(29, LAYOUT)).isEqualTo(10);
  }

  @Test
  void anExtentIsAddedWhenOverflowBucketsAreUsedUp() {
    BucketArray array = BucketArray.allocate(1, 3, LAYOUT, space);
    BucketArray extended = array.extended(space);
    assertThat(extended.capacity()).isEqualTo(28 + 28);
    assertThat(extended.page(0)).isEqualTo(array.page(0));
    assertThat(array.capacity()).as("of readers that still have it").isEqualTo(28);
  }

  @Test
  void anExtentThatWasFreedIsNotLookedAt() {
    BucketArray rest = BucketArray.allocate(7, 5, LAYOUT, space).without(1, space);
    assertThat(rest.memory(1)).isNotNull();
    assertThatThrownBy(() -> rest.memory(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("extent 0 of array 7 is freed");
    assertThat(rest.descriptor(32).firstExtent()).isEqualTo(1);
  }
}
