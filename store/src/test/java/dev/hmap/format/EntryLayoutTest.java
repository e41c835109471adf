package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A reference holds the address of an entry, and 24 bits of its key's hash. */
class EntryLayoutTest {
  // the example of the format page
  private static final long ADDRESS = 0x1234_5678L;
  private static final long HASH = 0x0102_0304_0506_0708L;
  private static final long REFERENCE = 0x0506_0700_0246_8ACFL;

  @Test
  void aReferenceIsTheOneOfTheFormatPage() {
    assertThat(EntryLayout.reference(ADDRESS, HASH)).isEqualTo(REFERENCE);
    assertThat(EntryLayout.address(REFERENCE)).isEqualTo(ADDRESS);
    assertThat(EntryLayout.hashBits(REFERENCE)).isEqualTo(0x0506_0700L);
  }

  @Test
  void theHighestAddressThatAReferenceCanHoldComesBack() {
    long last = (1L << 43) - 8;
    long reference = EntryLayout.reference(last, -1);
    assertThat(EntryLayout.address(reference)).isEqualTo(last);
    assertThat(EntryLayout.hashBits(reference)).isEqualTo(0xFFFF_FF00L);
  }

  @Test
  void onlyBits8To31OfTheHashTellKeysApart() {
    assertThat(EntryLayout.mayMatch(REFERENCE, HASH)).isTrue();
    assertThat(EntryLayout.mayMatch(REFERENCE, 0xFFFF_FFFF_0506_07FFL)).isTrue();
    assertThat(EntryLayout.mayMatch(REFERENCE, HASH ^ 1L << 8)).isFalse();
    assertThat(EntryLayout.mayMatch(REFERENCE, HASH ^ 1L << 31)).isFalse();
  }

  @Test
  void anEntryThatMovesKeepsTheBitsOfItsHash() {
    assertThat(EntryLayout.moved(REFERENCE, 0x9000)).isEqualTo(EntryLayout.reference(0x9000, HASH));
  }
}
