package dev.hmap.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** One thread has the writer's role at any moment, and the writer goes before callers. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class WriterRoleTest {
  private static final int CALLERS = 4;
  private static final int ROUNDS = 20_000;

  private final WriterRole role = new WriterRole();

  /** Guarded by the role. */
  private int count;

  @Test
  void aCallerGetsItOnlyWhenTheWriterHasGivenItBack() {
    assertThat(role.tryTake()).isFalse();
    role.release();
    assertThat(role.tryTake()).isTrue();
    assertThat(role.tryTake()).isFalse();
    role.release();
    assertThat(role.tryTake()).isTrue();
  }

  @Test
  void aCallerMayWaitAMomentForIt() {
    assertThat(role.tryTakeSoon()).as("a moment").isFalse();
    role.release();
    assertThat(role.tryTakeSoon()).isTrue();
    assertThat(role.tryTake()).isFalse();
  }

  @Test
  void theWriterWaitsForACallerAndNoOtherOneComesBeforeIt() throws InterruptedException {
    role.release();
    for (int round = 0; round < 200; round++) {
      assertThat(role.tryTake()).isTrue();
      Thread writer = Thread.ofPlatform().daemon().start(role::take);
      while (writer.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      role.release();
      boolean isBefore = round % 2 == 0 ? role.tryTake() : role.tryTakeSoon();
      assertThat(isBefore).as("which the writer waits for").isFalse();
      writer.join();
      assertThat(role.tryTake()).isFalse();
      role.release();
    }
  }

  @Test
  void nothingIsLostOfWhatItsHoldersDid() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    int[] byCallers = new int[CALLERS];
    for (int caller = 0; caller < CALLERS; caller++) {
      int mine = caller;
      threads.add(Thread.ofPlatform().daemon().start(() -> byCallers[mine] = countWhereFree()));
    }
    for (int i = 0; i < ROUNDS; i++) {
      role.release();
      role.take();
      count++;
    }
    role.release();
    for (Thread thread : threads) {
      thread.join();
    }
    int all = ROUNDS;
    for (int n : byCallers) {
      all += n;
    }
    assertThat(count).isEqualTo(all);
  }

  private int countWhereFree() {
    int counted = 0;
    for (int i = 0; i < ROUNDS; i++) {
      if (role.tryTake()) {
        count++;
        counted++;
        role.release();
      }
    }
    return counted;
  }
}
