package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Entries are allocated in few sizes, so that the room of one serves another. */
class SizeClassesTest {

  @ParameterizedTest
  @CsvSource({
    "0, 16",
    "1, 24",
    "6, 64",
    "7, 80",
    "10, 128",
    "11, 160",
    "22, 1024",
    "37, 14336",
    "50, 131072",
  })
  void theSizesAreThoseOfTheTableInTheFormat(int sizeClass, int bytes) {
    assertThat(SizeClasses.bytes(sizeClass)).isEqualTo(bytes);
  }

  @Test
  void thereAre51AndTheLargestIsTheLongestEntryOfASlab() {
    assertThat(SizeClasses.COUNT).isEqualTo(51);
    assertThat(SizeClasses.bytes(SizeClasses.COUNT - 1)).isEqualTo(SizeClasses.MAX_BYTES);
  }

  @ParameterizedTest
  @CsvSource({"8, 0", "16, 0", "17, 1", "64, 6", "65, 7", "131071, 50", "131072, 50"})
  void anEntryTakesTheSmallestSizeThatHoldsIt(int bytes, int sizeClass) {
    assertThat(SizeClasses.of(bytes)).isEqualTo(sizeClass);
  }
}
