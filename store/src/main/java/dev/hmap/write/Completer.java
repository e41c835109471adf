package dev.hmap.write;

import dev.hmap.error.StoreClosedException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs what is to be done when a write is complete, one after another and off the writer's thread,
 * so that what users hang on a future holds up no write.
 *
 * <p>It has one thread, from the first write that needs it until the store is closed. Should what
 * users hang on a future block for longer than a moment, as it must if it waits for another future
 * of the same store, another thread goes on with the rest. Whatever is thrown ends in the
 * completion it belongs to.
 */
public final class Completer {
  private static final long MOMENT_NANOS = 1_000_000;

  /** Of threads that are blocked for ever there shall be an end. */
  private static final int MAX_THREADS = 256;

  /** What is complete and not yet taken, the newest first. */
  private final AtomicReference<@Nullable Write> added = new AtomicReference<>();

  /** The thread whose turn it is; the others are blocked, and end as soon as they are not. */
  private volatile @Nullable Thread runner;

  /** What the runner completes, or did last; null when it found no more. */
  private volatile @Nullable Write running;

  /** How many were added, and have not come to their end. */
  private final AtomicInteger incomplete = new AtomicInteger();

  private volatile boolean isClosed;

  /** What was taken and is not yet begun, the oldest first. Written under this. */
  private volatile @Nullable Write taken;

  /** Guarded by this. */
  private int threads;

  // Of the thread that looks after blocked ones: the writer's, and in the end another one.
  private @Nullable Write seen;
  private long seenNanos;

  /** A completer without a thread. */
  public Completer() {}

  /**
   * Makes sure that there is a thread, before a write is submitted that needs it.
   *
   * @throws StoreClosedException if the store was closed
   * @throws OutOfMemoryError if there is no thread to be had
   */
  public void begin() {
    if (runner == null) {
      beginNow();
    }
  }

  private synchronized void beginNow() {
    if (isClosed) {
      throw new StoreClosedException("the store is closed");
    }
    if (runner == null) {
      startThread();
    }
  }

  private void startThread() {
    Thread thread =
        Thread.ofPlatform()
            .inheritInheritableThreadLocals(false)
            .daemon()
            .name("hmap-completer")
            .unstarted(this::run);
    Thread before = runner;
    boolean isStarted = false;
    runner = thread;
    threads++;
    try {
      thread.start();
      isStarted = true;
    } finally {
      if (!isStarted) {
        runner = before;
        threads--;
      }
    }
  }

  /** Takes a write that is complete. Writer thread only; does not throw. */
  void add(Write write) {
    incomplete.incrementAndGet();
    Write newest;
    do {
      newest = added.get();
      write.before = newest;
    } while (!added.compareAndSet(newest, write));
    if (newest == null) {
      LockSupport.unpark(runner);
    }
  }

  /** Whether all that was added is complete. Any thread. */
  boolean isDone() {
    return incomplete.get() == 0;
  }

  /** No write comes any more: the thread ends when it is done with the rest. After the writer. */
  public void close() {
    synchronized (this) {
      isClosed = true;
    }
    LockSupport.unpark(runner);
    if (hasMore()) {
      try {
        Thread.ofPlatform().daemon().name("hmap-completer").start(this::relieveToTheEnd);
      } catch (OutOfMemoryError _) {
        // no thread to be had: what is left goes on by itself, unless it waits for its like
      }
    }
  }

  private void relieveToTheEnd() {
    while (hasMore()) {
      LockSupport.parkNanos(this, MOMENT_NANOS);
      relieve();
    }
  }

  private void run() {
    try {
      while (true) {
        Write next = next();
        if (next != null) {
          complete(next);
        } else if (runner != Thread.currentThread() || isClosed && added.get() == null) {
          return;
        } else {
          LockSupport.park(this);
        }
      }
    } finally {
      synchronized (this) {
        threads--;
      }
    }
  }

  private void complete(Write write) {
    Runnable then = write.completion;
    try {
      if (then != null) {
        then.run();
      }
    } catch (Throwable _) {
      // the completion has told its future, or there is nobody left to tell
    } finally {
      incomplete.decrementAndGet();
    }
  }

  /** The next write, if it is the calling thread's turn. */
  private synchronized @Nullable Write next() {
    if (runner != Thread.currentThread()) {
      return null;
    }
    if (taken == null) {
      taken = reversed(added.getAndSet(null));
    }
    Write next = taken;
    if (next != null) {
      taken = next.before;
      next.before = null;
    }
    running = next;
    return next;
  }

  private static @Nullable Write reversed(@Nullable Write newest) {
    Write oldest = null;
    for (Write write = newest; write != null; ) {
      Write before = write.before;
      write.before = oldest;
      oldest = write;
      write = before;
    }
    return oldest;
  }

  // ---------------------------------------------------------------- the writer, now and then

  /**
   * Nanoseconds until it is known whether a completion blocks while others wait; {@link
   * Long#MAX_VALUE} if none does.
   */
  long nanosUntilRelief() {
    if (!hasMore()) {
      seen = null;
      return Long.MAX_VALUE;
    }
    Write now = running;
    if (now == null || !now.isFutureDone()) {
      return MOMENT_NANOS; // until it is, it holds the others up, as they come after it
    }
    if (now != seen) {
      seen = now;
      seenNanos = System.nanoTime();
    }
    return Math.max(0, MOMENT_NANOS - (System.nanoTime() - seenNanos));
  }

  private boolean hasMore() {
    return runner != null && (taken != null || added.get() != null);
  }

  /** Has another thread go on with the rest, if a completion has blocked for a moment. */
  void relieve() {
    if (nanosUntilRelief() == 0) {
      relieveNow();
    }
  }

  private synchronized void relieveNow() {
    seenNanos = System.nanoTime();
    if (running != seen || threads >= MAX_THREADS) {
      return;
    }
    try {
      startThread();
    } catch (OutOfMemoryError _) {
      // no thread to be had: again in a moment
    }
  }
}
