package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreCorruptException;
import org.junit.jupiter.api.Test;

/** A bit for each unit from nevacuate, rounded down to a multiple of 64, on. */
class EvacuatedUnitsTest {
  private static final EvacuatedUnits SOME = new EvacuatedUnits(70, new long[] {0b101L << 10, 2});

  @Test
  void aUnitBelowNevacuateIsEvacuatedWhateverItsBitIs() {
    assertThat(SOME.contains(0)).isTrue();
    assertThat(SOME.contains(69)).isTrue();
  }

  @Test
  void aUnitFromNevacuateOnIsEvacuatedIfItsBitIsSet() {
    assertThat(SOME.contains(70)).isFalse();
    assertThat(SOME.contains(74)).isTrue();
    assertThat(SOME.contains(75)).isFalse();
    assertThat(SOME.contains(76)).isTrue();
    assertThat(SOME.contains(128)).isFalse();
    assertThat(SOME.contains(129)).isTrue();
  }

  @Test
  void aUnitBehindTheLastBitIsNotEvacuated() {
    assertThat(SOME.contains(192)).isFalse();
    assertThat(EvacuatedUnits.NONE.contains(0)).isFalse();
  }

  @Test
  void bitsOfUnitsThatThereAreNotAreRefused() {
    assertThatCode(() -> SOME.check(256)).doesNotThrowAnyException();
    assertThatThrownBy(() -> SOME.check(128)).isInstanceOf(StoreCorruptException.class);
    EvacuatedUnits few = new EvacuatedUnits(3, new long[] {1 << 7});
    assertThatCode(() -> few.check(8)).doesNotThrowAnyException();
    assertThatThrownBy(() -> few.check(4))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessage("the directory has evacuated units beyond the 4 that there are");
  }

  @Test
  void theLargestArrayHasABitForEachOfItsRoots() {
    assertThat(EvacuatedUnits.maxBytes(0)).isEqualTo(8);
    assertThat(EvacuatedUnits.maxBytes(7)).isEqualTo(16);
    assertThat(EvacuatedUnits.maxBytes(ArrayDescriptor.MAX_B)).isEqualTo(64 << 20);
  }
}
