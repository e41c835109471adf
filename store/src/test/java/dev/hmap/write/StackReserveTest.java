package dev.hmap.write;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** A thread knows whether much of its stack is left, however its methods are compiled. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class StackReserveTest {
  private static final long STACK_BYTES = 512 << 10;

  /** Each takes at least 24 bytes: interpreted or not, some hundred of them are the reserve. */
  private static final int MAX_FRAMES_LEFT = 3000;

  private static final int MIN_FRAMES_LEFT = 50;

  /** Until the method that is asked is compiled, by each of the compilers there are. */
  private static final int WARM_UP = 100_000;

  /** How deep it was, when the reserve was missed for the first time and at the end. */
  private int depth;

  private int missedAt;

  @Test
  void whatWillBeLeftIsMissedBeforeTheStackEnds() throws InterruptedException {
    StackReserve.prepare();
    assertThat(StackReserve.isThere()).isTrue();
    assertIsMissedInTime(); // while it is interpreted
    for (int i = 0; i < WARM_UP; i++) {
      assertThat(StackReserve.isThere()).isTrue();
    }
    assertIsMissedInTime();
  }

  private void assertIsMissedInTime() throws InterruptedException {
    for (int round = 0; round < 3; round++) { // the recursion is compiled, too
      Thread thread = new Thread(null, this::recurseToTheEnd, "deep", STACK_BYTES);
      thread.start();
      thread.join();
      assertThat(missedAt).isPositive();
      assertThat(depth - missedAt).isBetween(MIN_FRAMES_LEFT, MAX_FRAMES_LEFT);
    }
  }

  private void recurseToTheEnd() {
    depth = 0;
    missedAt = 0;
    try {
      recurse();
    } catch (StackOverflowError _) {
      // that is its end
    }
  }

  @SuppressWarnings("InfiniteRecursion") // that is what the test is about
  private void recurse() {
    depth++;
    if (missedAt == 0 && !StackReserve.isThere()) {
      missedAt = depth;
    }
    recurse();
  }
}
