package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.format.EvacuatedUnits;
import java.util.BitSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which units of the old array are evacuated, as readers see it and as a directory keeps it. */
class EvacuationMarksTest {
  /** More than the bits that are made at once. */
  private static final int MANY = 1 << 21;

  private static BitSet evacuated(EvacuationMarks marks, int units) {
    return IntStream.range(0, units)
        .filter(marks::isEvacuated)
        .collect(BitSet::new, BitSet::set, BitSet::or);
  }

  @Test
  void aUnitIsEvacuatedOnceItIsMarked() {
    EvacuationMarks marks = new EvacuationMarks(8);
    assertThat(evacuated(marks, 8)).isEqualTo(new BitSet());
    marks.mark(5);
    marks.mark(0);
    assertThat(evacuated(marks, 8)).isEqualTo(BitSet.valueOf(new long[] {0b10_0001}));
  }

  @Test
  void aDirectoryKeepsWhatIsEvacuatedOutOfTurn() {
    EvacuationMarks marks = new EvacuationMarks(256);
    for (int unit = 0; unit < 70; unit++) {
      marks.mark(unit);
    }
    marks.mark(75);
    EvacuatedUnits kept = marks.from(70);
    assertThat(kept.words()).containsExactly(0b1000_0011_1111);
    assertThat(evacuated(new EvacuationMarks(256, kept), 256)).isEqualTo(evacuated(marks, 256));
  }

  @Test
  void whatIsBelowNevacuateIsEvacuatedThoughADirectoryHasNoBitsOfIt() {
    EvacuationMarks marks = new EvacuationMarks(256, new EvacuatedUnits(130, new long[0]));
    BitSet expected = new BitSet();
    expected.set(0, 130);
    assertThat(evacuated(marks, 256)).isEqualTo(expected);
  }

  @Test
  void marksOfALargeArrayAreKeptWhole() {
    EvacuationMarks marks = new EvacuationMarks(MANY);
    Random random = new Random(1);
    BitSet model = new BitSet();
    int nevacuate = (1 << 19) + 77;
    model.set(0, nevacuate);
    for (int i = 0; i < 1000; i++) {
      model.set((1 << 20) + random.nextInt(1 << 18)); // nothing in the last of four parts
    }
    model.stream().forEach(marks::mark);
    EvacuatedUnits kept = marks.from(nevacuate);
    assertThat(evacuated(marks, MANY)).isEqualTo(model);
    assertThat(evacuated(new EvacuationMarks(MANY, kept), MANY)).isEqualTo(model);
    assertThat(kept.words()).hasSizeLessThanOrEqualTo((1 << 20) + (1 << 18) - nevacuate >> 6);
  }
}
