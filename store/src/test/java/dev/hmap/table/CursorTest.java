package dev.hmap.table;

import static dev.hmap.table.SmallMap.keysOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.BucketLayout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Goes along a chain, which it does not trust to end. */
class CursorTest {
  private static final BucketLayout LAYOUT = new BucketLayout(SmallMap.LONGS);

  private final SmallMap map = SmallMap.ofLongs(4); // overflow buckets from 16 on
  private final BucketArray array = map.map.state.table.buckets;
  private final Cursor at = new Cursor();

  @BeforeEach
  void makeAChainOfThreeBuckets() {
    map.putAll(keysOf(3, 4, 17));
    at.to(array, 3);
  }

  private void setOverflow(int bucket, int next) {
    Cursor c = map.bucket(bucket);
    c.memory.putInt(c.offset + LAYOUT.overflow(), next);
  }

  @Test
  void itGoesFromTheRootOverEachOverflowBucketAndStaysAtTheLast() {
    assertThat(at.bucket).isEqualTo(3);
    assertThat(at.toNext(array, LAYOUT)).isTrue();
    assertThat(at.bucket).isEqualTo(16);
    assertThat(at.toNext(array, LAYOUT)).isTrue();
    assertThat(at.bucket).isEqualTo(17);
    assertThat(at.hops()).isEqualTo(2);
    assertThat(at.toNext(array, LAYOUT)).isFalse();
    assertThat(at.bucket).isEqualTo(17);
  }

  @Test
  void aChainThatLeadsToARootIsDamage() {
    setOverflow(16, 2);
    assertThat(at.toNext(array, LAYOUT)).isTrue();
    assertThatThrownBy(() -> at.toNext(array, LAYOUT))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage("a bucket at address %,d of array 1 leads to bucket 2", at.address);
  }

  @Test
  void aChainThatLeadsOutOfTheArrayIsDamage() {
    setOverflow(16, 28); // a page has 28 buckets of 144 bytes
    assertThat(at.toNext(array, LAYOUT)).isTrue();
    assertThatThrownBy(() -> at.toNext(array, LAYOUT)).hasMessageContaining("leads to bucket 28");
  }

  @Test
  void aChainThatRunsInACircleIsDamage() {
    setOverflow(17, 16);
    assertThatThrownBy(
            () -> {
              while (at.toNext(array, LAYOUT)) {
                // on and on
              }
            })
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage("the chain of bucket 3 of array 1 does not end");
  }
}
