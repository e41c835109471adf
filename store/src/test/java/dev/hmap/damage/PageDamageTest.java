package dev.hmap.damage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.damage.Probe.Result;
import dev.hmap.format.PageLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damage to whole pages: {@code verify} finds it, and whoever reads or writes without verifying
 * gets some answer or an exception of hmap's.
 */
@Tag("verify")
@Tag("promise:damage")
class PageDamageTest {
  private static final int PAGE = PageLayout.PAGE_BYTES;

  @ParameterizedTest
  @MethodSource("dev.hmap.damage.Samples#all")
  void eachPageOfZeros(Sample<?, ?> sample) {
    eachPage("pages of zeros", sample, 1, (data, page, _) -> fill(data, page, 0));
  }

  @ParameterizedTest
  @MethodSource("dev.hmap.damage.Samples#all")
  void eachPageOfOnes(Sample<?, ?> sample) {
    eachPage("pages of ones", sample, 1, (data, page, _) -> fill(data, page, 0xFF));
  }

  @ParameterizedTest
  @MethodSource("dev.hmap.damage.Samples#smallest")
  void eachPageOverEachOther(Sample<?, ?> sample) {
    eachPage(
        "pages over pages",
        sample,
        sample.pages(),
        (data, page, other) -> System.arraycopy(data, other * PAGE, data, page * PAGE, PAGE));
  }

  @ParameterizedTest
  @MethodSource("dev.hmap.damage.Samples#all")
  void eachPageOverItsNeighbour(Sample<?, ?> sample) {
    eachPage(
        "pages over neighbours",
        sample,
        1,
        (data, page, _) -> {
          int other = page == 0 ? 1 : page - 1;
          System.arraycopy(data, other * PAGE, data, page * PAGE, PAGE);
        });
  }

  @ParameterizedTest
  @MethodSource("dev.hmap.damage.Samples#all")
  void eachPageSwappedWithItsNeighbour(Sample<?, ?> sample) {
    eachPage(
        "pages swapped",
        sample,
        1,
        (data, page, _) -> {
          int other = (page + 1) % sample.pages();
          byte[] kept = Arrays.copyOfRange(data, page * PAGE, (page + 1) * PAGE);
          System.arraycopy(data, other * PAGE, data, page * PAGE, PAGE);
          System.arraycopy(kept, 0, data, other * PAGE, PAGE);
        });
  }

  @ParameterizedTest
  @MethodSource("dev.hmap.damage.Samples#all")
  void eachPageAsItWasBefore(Sample<?, ?> sample) {
    byte[] older = sample.olderData();
    eachPage(
        "older pages",
        sample,
        1,
        (data, page, _) -> {
          if ((page + 1) * PAGE <= older.length) {
            System.arraycopy(older, page * PAGE, data, page * PAGE, PAGE);
          }
        });
  }

  private interface Damage {
    void to(byte[] data, int page, int other);
  }

  private static void fill(byte[] data, int page, int value) {
    Arrays.fill(data, page * PAGE, (page + 1) * PAGE, (byte) value);
  }

  private static void eachPage(String name, Sample<?, ?> sample, int others, Damage damage) {
    byte[] pristine = sample.data();
    byte[] log = sample.logOrNull();
    try (Cases cases = new Cases("%s, %s".formatted(name, sample))) {
      for (int page = 0; page < sample.pages(); page++) {
        for (int other = 0; other < others; other++) {
          byte[] data = pristine.clone();
          damage.to(data, page, other);
          if (Arrays.equals(data, pristine)) {
            continue;
          }
          String what = "page %d, %d".formatted(page, other);
          boolean isOlderPage = name.startsWith("older");
          cases.run(() -> what, () -> check(sample, data, log, isOlderPage));
        }
      }
    }
  }

  private static void check(Sample<?, ?> sample, byte[] data, byte[] log, boolean isOlderPage) {
    boolean isFound = new Probe<>(sample, Sample.files(data, log)).isFoundByVerify();
    Result result = new Probe<>(sample, Sample.files(data, log)).use();
    // a page that carries its own sum may be an older one unnoticed
    assertThat(isFound || isOlderPage || result == Result.RIGHT).isTrue();
  }
}
