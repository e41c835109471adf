package dev.hmap.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreFullException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** A write is filled by its caller, waited for, and may be used again once it is complete. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class WriteTest {
  private final Write write = new Write();

  @Test
  void whatItsCallerFillsInIsAsLongAsWasAskedForAtLeast() {
    assertThat(write.begin(100, false)).hasSizeGreaterThanOrEqualTo(100);
    assertThat(write.length).isEqualTo(100);
    byte[] bytes = write.begin(3, false);
    assertThat(write.begin(7, false)).isSameAs(bytes);
  }

  /** Completes it from another thread, once the calling thread waits for it, undisturbed. */
  private void succeedWhenAwaited(AtomicBoolean isComplete) {
    Thread caller = Thread.currentThread();
    Thread _ =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              while (caller.isInterrupted() || caller.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
              }
              isComplete.set(true);
              write.succeed();
            });
  }

  @Test
  void anInterruptDoesNotEndTheWaitAndIsKept() {
    write.begin(8, false);
    AtomicBoolean isComplete = new AtomicBoolean();
    Thread.currentThread().interrupt();
    succeedWhenAwaited(isComplete);
    write.await(false);
    assertThat(isComplete).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whoeverAsksAfterARefusalGetsAnExceptionOfHisOwn() {
    write.begin(8, false);
    write.fail(() -> new StoreFullException("full"));
    assertThat(write.failure()).isInstanceOf(StoreFullException.class).hasMessage("full");
    assertThat(write.failure()).isNotSameAs(write.failure());
    assertThatThrownBy(write::check).isInstanceOf(StoreFullException.class);
  }

  @Test
  void usedAgainItIsWaitedForAgainAndItsRefusalIsForgotten() {
    write.begin(8, false);
    write.fail(() -> new StoreFullException("full"));
    write.begin(8, false);
    AtomicBoolean isComplete = new AtomicBoolean();
    succeedWhenAwaited(isComplete);
    write.await(false);
    assertThat(isComplete).isTrue();
    write.check();
  }
}
