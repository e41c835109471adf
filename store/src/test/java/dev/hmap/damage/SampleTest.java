package dev.hmap.damage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.Probe.Result;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples are what they are meant to be, and sound. */
class SampleTest {
  @ParameterizedTest
  @MethodSource("dev.hmap.damage.Samples#all")
  void aSampleThatIsNotDamagedIsRight(Sample<?, ?> sample) {
    Probe<?, ?> probe = new Probe<>(sample, Sample.files(sample.data(), sample.logOrNull()));
    assertThat(probe.isFoundByVerify()).isFalse();
    assertThat(probe.use()).isEqualTo(Result.RIGHT);
    assertThat(probe.isFoundByVerify()).isFalse();
  }
}
