package dev.hmap.damage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.Probe.Result;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.recovery.Recovery;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damage to the header slots: what is read is right, or the store is refused. */
@Tag("verify")
@Tag("promise:damage")
class HeaderDamageTest {
  private static final int SLOTS_BYTES = PageLayout.HEADER_PAGES * PageLayout.PAGE_BYTES;
  private static final int FIELDS_END = 192;
  private static final int CRC_OFFSET = PageLayout.PAGE_BYTES - 4;

  @ParameterizedTest
  @MethodSource("dev.hmap.damage.Samples#small")
  void eachBitOfTheFieldsOfBothSlotsFlipped(Sample<?, ?> sample) {
    try (Cases cases = new Cases("header bits, " + sample)) {
      byte[] data = sample.data();
      for (int at = 0; at < SLOTS_BYTES; at++) {
        int inSlot = at % PageLayout.PAGE_BYTES;
        for (int bit = 0; bit < 8 && (inSlot < FIELDS_END || inSlot >= CRC_OFFSET); bit++) {
          byte[] damaged = data.clone();
          damaged[at] ^= (byte) (1 << bit);
          String what = "bit %d of byte %d".formatted(bit, at);
          boolean isUsed = inSlot % 32 == bit;
          cases.run(() -> what, () -> check(sample, damaged, isUsed));
        }
      }
    }
  }

  private static void check(Sample<?, ?> sample, byte[] damaged, boolean isUsed) {
    Probe<?, ?> probe = new Probe<>(sample, Sample.files(damaged, sample.logOrNull()));
    assertThat(isUsed ? probe.use() : probe.read()).isIn(Result.RIGHT, Result.REFUSED);
  }

  @Test
  void eachBitOfBothSlotsFlippedLeavesOneOfTheTwoHeadersOrNone() {
    Sample<?, ?> sample = Samples.all().getFirst();
    byte[] data = sample.data();
    StoreHeader right = Recovery.readHeader(Sample.files(data, null), Sample.NAMES);
    try (Cases cases = new Cases("all header bits")) {
      cases.run(
          () -> "all bits",
          () -> {
            for (int bit = 0; bit < SLOTS_BYTES * 8; bit++) {
              data[bit / 8] ^= (byte) (1 << bit % 8);
              try {
                StoreHeader found = Recovery.readHeader(Sample.files(data, null), Sample.NAMES);
                assertThat(right.generation() - found.generation()).as("bit %d", bit).isIn(0L, 1L);
              } catch (StoreCorruptException e) {
                assertThat(e).hasMessageContaining("store.hmap");
              }
              data[bit / 8] ^= (byte) (1 << bit % 8);
            }
          });
    }
  }
}
