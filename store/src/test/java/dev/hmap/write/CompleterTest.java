package dev.hmap.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one completion may hold up, and what not. */
@Timeout(60)
class CompleterTest {
  private static final long LONG_NANOS = 5_000_000;

  private final Completer completer = new Completer();
  private final CountDownLatch blocked = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void close() {
    release.countDown();
    completer.close();
  }

  @Test
  void aFutureIsDoneBeforeTheOneBeforeIt() throws InterruptedException {
    CompletableFuture<Void> first = new CompletableFuture<>();
    var _ = add(first, this::block); // as if its thread had lost the processor just before
    CompletableFuture<Void> second = add(new CompletableFuture<>(), () -> {});
    blocked.await();
    relieveForAWhile();
    assertThat(second).isNotDone();
    release.countDown();
    second.join();
    assertThat(first).isDone();
  }

  @Test
  void whatHangsOnAFutureHoldsUpTheNext() throws InterruptedException {
    CompletableFuture<Void> first = new CompletableFuture<>();
    CompletableFuture<Void> hangs = first.thenRun(this::block);
    var _ = add(first, () -> {});
    blocked.await();
    CompletableFuture<Void> second = add(new CompletableFuture<>(), () -> {});
    while (!second.isDone()) {
      completer.relieve();
    }
    assertThat(hangs).isNotDone();
  }

  private CompletableFuture<Void> add(CompletableFuture<Void> future, Runnable before) {
    completer.begin();
    Write write = new Write();
    write.onCompletion(
        completer,
        future,
        () -> {
          before.run();
          future.complete(null);
        });
    write.succeed();
    return future;
  }

  private void block() {
    blocked.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The writer looks after blocked ones for longer than it lets them block. */
  private void relieveForAWhile() {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < LONG_NANOS) {
      completer.relieve();
    }
  }
}
