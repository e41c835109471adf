package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where things lie in a bucket of eight slots, for each kind of key and value. */
class BucketLayoutTest {
  private static BucketLayout layout(int keyWidth, int valueWidth) {
    return new BucketLayout(new Geometry(keyWidth, valueWidth, "", ""));
  }

  @Test
  void longsToLongsStandInABucketOf144Bytes() {
    BucketLayout layout = layout(8, 8);
    assertThat(layout.key(0)).isEqualTo(8);
    assertThat(layout.key(7)).isEqualTo(64);
    assertThat(layout.value(0)).isEqualTo(72);
    assertThat(layout.value(7)).isEqualTo(128);
    assertThat(layout.overflow()).isEqualTo(136);
    assertThat(layout.version()).isEqualTo(140);
    assertThat(layout.bytes()).isEqualTo(144);
    assertThat(layout.hasEntries()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    // widths of key and value, their slots, bytes of the bucket
    "  4,  16,   4, 16,  176",
    " 16,   0,  16,  8,  208", // the value's slot refers to an entry with the value
    "  0,   4,   8,  4,  112", // the key's slot refers to an entry with the key
    "  0,   0,   8,  0,   80", // the key's slot refers to an entry with both
    "128, 128, 128, 128, 2064",
  })
  void whatIsNotOfAFixedWidthIsReferredToInEightBytes(
      int keyWidth, int valueWidth, int keySlot, int valueSlot, int bytes) {
    BucketLayout layout = layout(keyWidth, valueWidth);
    assertThat(layout.keySlotBytes()).isEqualTo(keySlot);
    assertThat(layout.valueSlotBytes()).isEqualTo(valueSlot);
    assertThat(layout.bytes()).isEqualTo(bytes);
  }

  @Test
  void theReferenceStandsForTheKeyIfKeysAreEntriesElseForTheValue() {
    assertThat(layout(0, 4).reference(2)).isEqualTo(8 + 2 * 8);
    assertThat(layout(4, 0).reference(2)).isEqualTo(8 + 8 * 4 + 2 * 8);
  }

  @Test
  void theTophashKeepsClearOfTheMarks() {
    assertThat(BucketLayout.tophash(0xE87E_60A3_4EA9_D77EL)).isEqualTo(0xE8);
    assertThat(BucketLayout.tophash(0x04FF_FFFF_FFFF_FFFFL)).isEqualTo(9);
    assertThat(BucketLayout.tophash(0x0500_0000_0000_0000L)).isEqualTo(5);
    assertThat(BucketLayout.tophash(0)).isEqualTo(BucketLayout.MIN_TOP_HASH);
  }

  @ParameterizedTest
  @CsvSource({
    "0, true",
    "1, true",
    "5, false",
    "255, false",
  })
  void aMarkTellsEmptySlots(int tophash, boolean empty) {
    assertThat(BucketLayout.isEmpty(tophash)).isEqualTo(empty);
  }
}
