package dev.hmap;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs what reads and writes files on a thread that no user can interrupt: an interrupt would close
 * the files under it.
 */
final class OwnThread {
  private OwnThread() {}

  /** A result, or what was thrown instead. */
  private static final class Result<T> {
    @Nullable T value;
    @Nullable Throwable thrown;
  }

  /** Runs on a thread of its own and waits, as {@link #call} does. */
  static void run(String name, Runnable work) {
    var _ =
        call(
            name,
            () -> {
              work.run();
              return true;
            });
  }

  /** Calls on a thread of its own and waits; an interrupt does not end the wait and is kept. */
  static <T> T call(String name, Supplier<T> work) {
    Result<T> result = new Result<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .start(() -> {
              try {
                result.value = work.get();
              } catch (RuntimeException | Error e) {
                result.thrown = e;
              }
            });
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable thrown = result.thrown;
    if (thrown instanceof RuntimeException e) {
      e.addSuppressed(new CalledFrom());
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    T value = result.value;
    if (value == null) {
      throw new IllegalStateException("no result");
    }
    return value;
  }

  /** Shows the caller's stack in the trace of what was thrown on the own thread. */
  private static final class CalledFrom extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CalledFrom() {
      super("called from");
    }
  }
}
