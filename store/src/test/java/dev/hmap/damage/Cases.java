package dev.hmap.damage;

import dev.hmap.Silence;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/** Runs cases one after another, each under a time limit, and counts them. */
final class Cases implements AutoCloseable {
  private static final long LIMIT_S = 10;

  private final @Nullable String name;
  private final long begun = System.nanoTime();
  private final ExecutorService executor;
  private volatile Thread thread = Thread.currentThread();
  private int count;

  /** Tells how many it ran under a name; nothing if there is none. */
  Cases(@Nullable String name) {
    this.name = name;
    Silence.begin(); // the store tells of each failure
    this.executor =
        Executors.newSingleThreadExecutor(work -> {
          thread = Thread.ofPlatform().daemon().name("case").unstarted(work);
          return thread;
        });
  }

  /** Runs one. */
  void run(Supplier<String> what, Executable work) {
    count++;
    Future<?> done =
        executor.submit(() -> {
          try {
            work.execute();
          } catch (Error | Exception e) {
            throw e;
          } catch (Throwable e) {
            throw new AssertionError(e);
          }
          return null;
        });
    try {
      done.get(LIMIT_S, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      AssertionError hang =
          new AssertionError("%s: it hangs; see what is suppressed".formatted(what.get()));
      Thread.getAllStackTraces()
          .forEach((t, trace) -> {
            if (t == thread || t.getName().startsWith("hmap")) {
              Throwable at = new Throwable(t.getName());
              at.setStackTrace(trace);
              hang.addSuppressed(at);
            }
          });
      throw hang;
    } catch (ExecutionException e) {
      throw new AssertionError("%s: %s".formatted(what.get(), e.getCause()), e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError(Arrays.toString(thread.getStackTrace()), e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
    Silence.end();
    if (name != null) {
      System.out.printf(
          "%s: %,d cases, %,d ms%n", name, count, (System.nanoTime() - begun) / 1_000_000);
    }
  }
}
