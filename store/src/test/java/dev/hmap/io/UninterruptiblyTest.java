package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Work is done on a thread of its own, which no interrupt of the caller reaches. */
class UninterruptiblyTest {
  @AfterEach
  void clearInterrupt() {
    boolean _ = Thread.interrupted();
  }

  @Test
  void theCallerIsGivenTheResultOfAnotherThread() {
    Thread worker = Uninterruptibly.call("work", Thread::currentThread);
    assertThat(worker).isNotSameAs(Thread.currentThread());
    assertThat(worker.getName()).isEqualTo("work");
    assertThat(worker.isDaemon()).isTrue();
    assertThat(worker.isAlive()).isFalse();
  }

  @Test
  void anInterruptIsKeptForTheCallerAndDoesNotReachTheWork() {
    Thread caller = Thread.currentThread();
    caller.interrupt();
    boolean isReached =
        Uninterruptibly.call(
            "work",
            () -> {
              Thread worker = Thread.currentThread();
              while (caller.isInterrupted() && !worker.isInterrupted()) {
                Thread.onSpinWait(); // until the caller's wait has met the interrupt
              }
              return worker.isInterrupted();
            });
    assertThat(isReached).isFalse();
    assertThat(caller.isInterrupted()).isTrue();
  }

  @Test
  void whatTheWorkThrowsComesToTheCallerAndShowsBothStacks() {
    IllegalArgumentException thrown = new IllegalArgumentException("no");
    assertThatThrownBy(() ->
            Uninterruptibly.run(
                "work",
                () -> {
                  throw thrown;
                }))
        .isSameAs(thrown);
    assertThat(thrown.getSuppressed()).hasSize(1);
    assertThat(thrown.getSuppressed()[0])
        .hasMessage("called from")
        .hasStackTraceContaining("UninterruptiblyTest");
  }

  @Test
  void runReturnsWhenTheWorkIsDone() {
    AtomicReference<String> result = new AtomicReference<>();
    Uninterruptibly.run("work", () -> result.set("done"));
    assertThat(result).hasValue("done");
  }
}
