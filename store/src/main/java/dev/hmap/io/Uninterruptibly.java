package dev.hmap.io;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one place for work that no interrupt may reach: an interrupt closes the files that its thread
 * is reading or writing, so such work runs on threads that no user knows.
 */
public final class Uninterruptibly {
  private Uninterruptibly() {}

  /** A result, or what was thrown instead. */
  private static final class Result<T> {
    private @Nullable T value;
    private @Nullable Throwable thrown;
    private volatile boolean isDone;

    /** The caller was cut off, for example by a {@link StackOverflowError} while it waited. */
    private volatile boolean isAbandoned;

    private void compute(Supplier<T> work) {
      try {
        value = work.get();
      } catch (Throwable e) {
        thrown = e;
      }
      isDone = true;
      if (isAbandoned) {
        discard();
      }
    }

    /** Closes what nobody will. */
    private synchronized void discard() {
      if (value instanceof AutoCloseable open) {
        value = null;
        try {
          open.close();
        } catch (Exception e) {
          thrown = e; // nobody asks for it any more
        }
      }
    }
  }

  /** Runs on a thread of its own and waits, as {@link #call} does. */
  public static void run(String name, Runnable work) {
    var _ =
        call(
            name,
            () -> {
              work.run();
              return true;
            });
  }

  /**
   * Calls on a thread of its own and waits; an interrupt does not end the wait and is kept. What
   * nobody waits for any more is closed.
   */
  public static <T> T call(String name, Supplier<T> work) {
    Result<T> result = new Result<>();
    Thread thread =
        Thread.ofPlatform()
            .inheritInheritableThreadLocals(false)
            .daemon()
            .name(name)
            .start(() -> result.compute(work));
    try {
      join(thread);
    } catch (Throwable cutOff) {
      result.isAbandoned = true;
      if (result.isDone) {
        result.discard();
      }
      throw cutOff;
    }
    Throwable thrown = result.thrown;
    if (thrown instanceof RuntimeException e) {
      e.addSuppressed(new CalledFrom());
      throw e;
    }
    if (thrown != null) {
      Uninterruptibly.<RuntimeException>rethrow(thrown);
    }
    T value = result.value;
    if (value == null) {
      throw new IllegalStateException("no result");
    }
    return value;
  }

  /** Declared or not: a user's function may throw anything. */
  @SuppressWarnings("unchecked") // no cast is made
  private static <X extends Throwable> void rethrow(Throwable thrown) throws X {
    throw (X) thrown;
  }

  /** Waits until a thread has ended; an interrupt does not end the wait and is kept. */
  public static void join(Thread thread) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          thread.join();
          return;
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Shows the caller's stack in the trace of what was thrown on the own thread. */
  private static final class CalledFrom extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CalledFrom() {
      super("called from");
    }
  }
}
