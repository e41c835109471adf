package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** An extent that is divided into slots of one size, or that holds one large entry. */
class SlabTest {
  @Test
  void thePayloadOfAPageHasRoomFor255SlotsOf16Bytes() {
    assertThat(Slab.slots(0, 0)).isEqualTo(4088 / 16);
    assertThat(Slab.slots(3, 50)).isEqualTo(0); // 32,704 bytes are too few for 131,072
    assertThat(Slab.slots(8, 50)).isEqualTo(7);
  }

  @Test
  void aSlotsPlaceFollowsFromItsNumberAndItsSize() {
    Slab slab = new Slab(6, 1, 7, 0); // class 7 has 80 bytes
    assertThat(slab.address(0)).isEqualTo(6 * 4096);
    assertThat(slab.address(3)).isEqualTo(6 * 4096 + 3 * 80);
  }

  @Test
  void aSlabHasRoomUntilEachSlotWasUsedAndNoneWasFreed() {
    Slab slab = new Slab(6, 0, 0, 0);
    slab.bump = 254;
    assertThat(slab.hasRoom()).isTrue();
    slab.bump = 255;
    assertThat(slab.hasRoom()).isFalse();
    slab.firstFree = 1;
    assertThat(slab.hasRoom()).isTrue();
  }

  @Test
  void aLargeEntryHasTheOnlySlot() {
    Slab large = new Slab(64, 6, 0, 200_000);
    assertThat(large.isLarge()).isTrue();
    assertThat(large.slots).isEqualTo(1);
  }
}
