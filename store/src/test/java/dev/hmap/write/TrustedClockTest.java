package dev.hmap.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.TestClock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which time is believed. */
@Tag("promise:expiry")
class TrustedClockTest {
  private static final long START = 1_700_000_000_000L;
  private static final long DAY = 86_400_000;
  private static final long SECOND = 1_000;

  private final TestClock test = new TestClock(START);
  private final TrustedClock clock = new TrustedClock(test.time(), test.nanos(), Long.MAX_VALUE);

  @Test
  void goesAsTheSystemsClockGoes() {
    for (long passed = 0; passed < 1_000 * SECOND; passed += 777) {
      assertThat(clock.millis()).isEqualTo(START + passed);
      test.pass(777);
    }
    test.pass(DAY); // without a look
    assertThat(clock.millis()).isEqualTo(test.millis());
  }

  @Test
  void doesNotFollowAMomentAhead() {
    test.pass(100 * SECOND);
    test.jump(DAY);
    for (int i = 0; i < 58; i++) {
      assertThat(clock.millis()).isEqualTo(test.millis() - DAY);
      test.pass(SECOND);
    }
    test.jump(-DAY);
    for (int i = 0; i < 200; i++) {
      assertThat(clock.millis()).isEqualTo(test.millis());
      test.pass(SECOND);
    }
  }

  @Test
  void doesNotFollowAMomentAheadThatItMeetsAfterALongPause() {
    test.pass(DAY);
    test.jump(DAY);
    assertThat(clock.millis()).isEqualTo(test.millis() - DAY);
    test.jump(-DAY);
    test.pass(DAY);
    assertThat(clock.millis()).isEqualTo(test.millis());
  }

  @Test
  void followsWhatStaysAheadAfterAMinute() {
    test.jump(DAY);
    assertThat(clock.millis()).isEqualTo(START);
    test.pass(59 * SECOND);
    assertThat(clock.millis()).isEqualTo(test.millis() - DAY);
    test.pass(2 * SECOND);
    assertThat(clock.millis()).isEqualTo(test.millis());
  }

  @Test
  void followsBackAtOnce() {
    test.jump(-DAY);
    assertThat(clock.millis()).isEqualTo(START - DAY);
    test.pass(5 * SECOND);
    assertThat(clock.millis()).isEqualTo(test.millis());
  }

  @Test
  void standsWithAClockThatStands() {
    assertThat(clock.millis()).isEqualTo(START);
    for (int i = 0; i < 300; i++) {
      test.pass(SECOND);
      test.jump(-SECOND);
      assertThat(clock.millis()).isEqualTo(START);
    }
  }

  @Test
  void doesNotBelieveAFirstLookThatIsAhead() {
    TrustedClock opened = new TrustedClock(test.time(), test.nanos(), START - DAY);
    assertThat(opened.millis()).isEqualTo(START - DAY);
    test.pass(58 * SECOND);
    assertThat(opened.millis()).isEqualTo(test.millis() - DAY);
    test.pass(3 * SECOND);
    assertThat(opened.millis()).isEqualTo(test.millis());
  }
}
