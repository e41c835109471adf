package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreCorruptException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Knows which slab an address lies in. */
class SlabIndexTest {
  private static final long PAGE_BYTES = 4096;

  private final SlabIndex slabs = new SlabIndex();
  private final Slab small = new Slab(4, 1, 0, 0); // pages 4 and 5
  private final Slab large = new Slab(2048, 11, 0, 8_000_000); // pages 2,048 to 4,095

  @Test
  void anAddressLeadsToTheSlabOfItsPage() {
    slabs.add(small);
    slabs.add(large);
    assertThat(slabs.at(4 * PAGE_BYTES)).isSameAs(small);
    assertThat(slabs.at(6 * PAGE_BYTES - 1)).isSameAs(small);
    assertThat(slabs.at(2048 * PAGE_BYTES)).isSameAs(large);
    assertThat(slabs.at(4096 * PAGE_BYTES - 1)).isSameAs(large);
  }

  @Test
  void anAddressOutsideOfAllSlabsIsDamage() {
    slabs.add(small);
    assertNoEntry(4 * PAGE_BYTES - 1);
    assertNoEntry(6 * PAGE_BYTES);
    assertNoEntry(1L << 40);
    slabs.remove(small);
    assertNoEntry(4 * PAGE_BYTES);
  }

  private void assertNoEntry(long address) {
    assertThatThrownBy(() -> slabs.at(address))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage("there is no entry at address %,d", address);
  }

  @Test
  void eachSlabIsHandedOverOnceInTheOrderOfTheirPages() {
    Slab next = new Slab(6, 0, 3, 0);
    slabs.add(large);
    slabs.add(next);
    slabs.add(small);
    List<Slab> all = new ArrayList<>();
    slabs.forEach(all::add);
    assertThat(all).containsExactly(small, next, large);
    slabs.remove(large);
    all.clear();
    slabs.forEach(all::add);
    assertThat(all).containsExactly(small, next);
  }
}
