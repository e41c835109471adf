package dev.hmap.damage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.LeavesDamage;
import dev.hmap.damage.Probe.Result;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A data file that was cut off is refused where something is missing. */
@Tag("verify")
@Tag("promise:damage")
@LeavesDamage("truncated")
class TruncationTest {
  private static final int SECTOR = 512;

  @ParameterizedTest
  @MethodSource("dev.hmap.damage.Samples#all")
  void eachSectorOfTheDataFileTruncated(Sample<?, ?> sample) {
    byte[] data = sample.data();
    try (Cases cases = new Cases("data truncated, " + sample)) {
      for (int length = 0; length < data.length; length += SECTOR) {
        byte[] cut = Arrays.copyOf(data, length);
        String what = "cut to %d".formatted(length);
        boolean isUsed = length % (8 * SECTOR) == 0;
        cases.run(
            () -> what,
            () -> {
              Probe<?, ?> probe = new Probe<>(sample, Sample.files(cut, sample.logOrNull()));
              assertThat(isUsed ? probe.use() : probe.read()).isIn(Result.RIGHT, Result.REFUSED);
            });
      }
    }
  }
}
