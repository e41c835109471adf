package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An extent is a payload of 4,088 bytes for each of its pages, and then their sums. */
class ExtentLayoutTest {

  @ParameterizedTest
  @CsvSource({
    // order, payload, pages that hold sums
    " 0,       4088,  1",
    " 8,    1046528,  1",
    " 9,    2093056,  1",
    "10,    4186112,  2",
    "11,    8372224,  4",
    "13,   33488896, 16",
  })
  void theSumsTakeTheLastPagesOfTheTableInTheFormat(int order, long payload, int pagesWithSums) {
    assertThat(ExtentLayout.payloadBytes(order)).isEqualTo(payload);
    assertThat(ExtentLayout.firstSumPage(order)).isEqualTo((1 << order) - pagesWithSums);
  }

  @Test
  void theSumOfTheLastPageIsTheLastThingInAnExtent() {
    assertThat(ExtentLayout.sumOffset(0, 0)).isEqualTo(4088);
    assertThat(ExtentLayout.sumOffset(9, 0)).isEqualTo(511 * 4096);
    assertThat(ExtentLayout.sumOffset(9, 511)).isEqualTo(512 * 4096 - 8);
  }

  @Test
  void theSmallestExtentIsTakenWhosePayloadIsEnough() {
    assertThat(ExtentLayout.orderFor(1)).isZero();
    assertThat(ExtentLayout.orderFor(4088)).isZero();
    assertThat(ExtentLayout.orderFor(4089)).isEqualTo(1);
    assertThat(ExtentLayout.orderFor(33_488_896)).isEqualTo(13);
  }

  @Test
  void whatNoExtentHoldsIsRefusedWithTheLimit() {
    assertThatThrownBy(() -> ExtentLayout.orderFor(133_955_585))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("133,955,585 bytes: an extent holds at most 133,955,584");
  }
}
