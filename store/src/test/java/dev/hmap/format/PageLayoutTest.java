package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A data file is a row of pages of 4,096 bytes. */
class PageLayoutTest {
  @Test
  void aPageHoldsItsFirstByteAndThe4095AfterIt() {
    assertThat(PageLayout.addressOf(9)).isEqualTo(0x9000);
    assertThat(PageLayout.pageOf(0x9000)).isEqualTo(9);
    assertThat(PageLayout.pageOf(0x9FFF)).isEqualTo(9);
    assertThat(PageLayout.pageOf(0xA000)).isEqualTo(10);
  }

  @Test
  void theLargestFileHasOneTebibyte() {
    assertThat(PageLayout.addressOf(PageLayout.MAX_PAGES)).isEqualTo(1L << 40);
    assertThat(PageLayout.pageOf((1L << 40) - 1)).isEqualTo(PageLayout.MAX_PAGES - 1);
  }
}
