package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A record of the log ends at a multiple of eight bytes, so that the next one begins there. */
class LogRecordLayoutTest {

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 8", "7, 8", "8, 8", "27, 32", "67108857, 67108864"})
  void aLengthIsRoundedUpToAMultipleOfEight(int bytes, int padded) {
    assertThat(LogRecordLayout.padded(bytes)).isEqualTo(padded);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 24", "1, 2, 32", "65535, 16777216, 16842776"})
  void aRecordHasAHeadOf24BytesWithThatOfItsOperation(int key, int value, int length) {
    int operation = Operation.HEADER_BYTES + key + value;
    assertThat(LogRecordLayout.padded(LogRecordLayout.OPERATION + operation)).isEqualTo(length);
    assertThat(length).isLessThan(LogRecordLayout.MAX_BYTES);
  }
}
