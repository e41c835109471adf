package dev.hmap.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** While callers write by themselves the writer looks now and then, and sleeps when none does. */
class GuestsTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Guests guests = new Guests();

  @Test
  void aWriterThatHasJustStartedLooksOnceAndThenRests() {
    assertThat(guests.nanosUntilLook()).isPositive().isLessThan(SECOND);
    guests.look();
    guests.look();
    assertThat(guests.nanosUntilLook()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void theFirstOneWakesAWriterThatRests() {
    guests.look();
    guests.look();
    assertThat(guests.nanosUntilLook()).isEqualTo(Long.MAX_VALUE);
    assertThat(guests.count()).isTrue();
    assertThat(guests.count()).isFalse();
    assertThat(guests.nanosUntilLook()).isLessThan(SECOND);
  }

  @Test
  void oneThatComesBeforeTheWriterRestsNeedNotWakeIt() {
    assertThat(guests.count()).isFalse();
    assertThat(guests.nanosUntilLook()).isLessThan(SECOND);
  }

  @Test
  void onlyManyAreLeftACheckpointsCopies() {
    come(198);
    guests.look();
    assertThat(guests.areMany()).isFalse(); // with the one that it begins with
    come(1);
    assertThat(guests.areMany()).isTrue();
    guests.look();
    guests.look();
    assertThat(guests.areMany()).isFalse();
  }

  private void come(int many) {
    for (int i = 0; i < many; i++) {
      guests.count();
    }
  }

  @Test
  void afterTwoLooksWithoutAnybodyItRests() {
    guests.count();
    guests.look();
    assertThat(guests.nanosUntilLook()).isLessThan(SECOND);
    assertThat(guests.count()).isFalse();
    guests.look();
    guests.look();
    assertThat(guests.nanosUntilLook()).isEqualTo(Long.MAX_VALUE);
    assertThat(guests.count()).isTrue();
  }
}
