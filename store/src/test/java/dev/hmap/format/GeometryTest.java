package dev.hmap.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What a store holds: widths of keys and values, their shapes, and how long entries live. */
class GeometryTest {
  private static final long DAY = 86_400_000;
  private static final Geometry FOR_EVER = new Geometry(8, 0, "long", "string");
  private static final Geometry FOR_A_DAY = new Geometry(8, 0, "long", "string", DAY);

  @Test
  void widthsAndTimesBeyondTheirLimitsAreRefused() {
    assertThat(new Geometry(128, 128, "", "").hasEntries()).isFalse();
    assertThatThrownBy(() -> new Geometry(129, 0, "", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("key width of 129: the limit is 128");
    assertThatThrownBy(() -> new Geometry(0, -1, "", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("value width of -1: the limit is 128");
    assertThatThrownBy(() -> new Geometry(0, 0, "", "", (1L << 45) + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("35,184,372,088,833 ms");
  }

  @Test
  void aValueThatExpiresHasAStampOfEightBytesInItsWidth() {
    assertThat(FOR_EVER.stampBytes()).isZero();
    assertThat(FOR_A_DAY.stampBytes()).isEqualTo(8);
    assertThat(Geometry.inlineWidth(120, 8)).isEqualTo(128);
    assertThat(Geometry.inlineWidth(121, 8)).as("too wide for a bucket: an entry").isZero();
    assertThatThrownBy(() -> new Geometry(8, 7, "long", "custom", DAY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("value width of 7: a stamp has 8");
  }

  @Test
  void anEntryHasExpiredAsSoonAsItIsAsOldAsTheTimeToLive() {
    long stamp = 1_700_000_000_000L;
    assertThat(FOR_A_DAY.isExpired(stamp, stamp + DAY - 1)).isFalse();
    assertThat(FOR_A_DAY.isExpired(stamp, stamp + DAY)).isTrue();
  }

  @Test
  void aWidthMustFitAShapeThatIsKnown() {
    assertThat(Geometry.isWidthOf(8, "long", 0)).isTrue();
    assertThat(Geometry.isWidthOf(16, "long", 8)).isTrue();
    assertThat(Geometry.isWidthOf(4, "long", 0)).isFalse();
    assertThat(Geometry.isWidthOf(0, "string", 0)).isTrue();
    assertThat(Geometry.isWidthOf(3, "somebody's own", 0)).as("nobody knows").isTrue();
  }

  @Test
  void aShapeMustFitInTheHeaderAndBeText() {
    String longest = "é".repeat(500); // of two bytes each
    assertThat(Geometry.checkedShape(longest)).isSameAs(longest);
    assertThatThrownBy(() -> Geometry.checkedShape(longest + "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("of a codec has 1,001 bytes of UTF-8: the limit is 1,000");
    assertThatThrownBy(() -> Geometry.checkedShape("\uD800"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the shape of a codec has an unpaired surrogate");
  }
}
