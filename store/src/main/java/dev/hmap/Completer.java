package dev.hmap;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Completes futures one after another, off the writer's thread, so that what users hang on them
 * holds up no write. It has a thread, a virtual one, only while there is something to complete.
 */
final class Completer {
  private final ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /** Has {@code completion} run after those added before. */
  void add(Runnable completion) {
    queue.add(completion);
    if (waiting.getAndIncrement() == 0) {
      Thread.ofVirtual().name("hmap-completer").start(this::drain);
    }
  }

  private void drain() {
    int done = 0;
    do {
      Runnable next = queue.poll();
      if (next != null) {
        next.run();
        done++;
      }
      if (done == waiting.get()) {
        done = waiting.addAndGet(-done) == 0 ? -1 : 0;
      }
    } while (done >= 0);
  }
}
