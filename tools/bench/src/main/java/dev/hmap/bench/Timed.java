package dev.hmap.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Does something again and again, and counts. The loop over the operations is the work's own, so
 * that what one work taught the compiler about it does not slow the next.
 */
final class Timed {
  /** Something to be done. */
  interface Work {
    /** Does this many operations; returns something made of all that was read. */
    long run(Mix random, int operations);
  }

  private static final long NANOS = 1_000_000_000;

  /** Where the results go, so that they are needed. */
  @Nullable static volatile Object sink;

  private Timed() {}

  /** Operations per second on one thread. */
  static double perSecond(double seconds, int atOnce, Work work) {
    return measure(seconds, atOnce, new Mix(1), work);
  }

  /** Operations per second of several threads together. */
  static double perSecond(
      double seconds, int atOnce, int threads, ThreadFactory factory, Work work) {
    try (ExecutorService executor = Executors.newThreadPerTaskExecutor(factory)) {
      List<Callable<Double>> tasks = new ArrayList<>();
      for (int t = 1; t <= threads; t++) {
        Mix random = new Mix(t);
        tasks.add(() -> measure(seconds, atOnce, random, work));
      }
      double sum = 0;
      for (Future<Double> f : executor.invokeAll(tasks)) {
        sum += f.get();
      }
      return sum;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double measure(double seconds, int atOnce, Mix random, Work work) {
    run(seconds / 2, atOnce, random, work);
    return run(seconds, atOnce, random, work);
  }

  private static double run(double seconds, int atOnce, Mix random, Work work) {
    long read = 0;
    long operations = 0;
    long start = System.nanoTime();
    long time;
    do {
      read += work.run(random, atOnce);
      operations += atOnce;
      time = System.nanoTime() - start;
    } while (time < seconds * NANOS);
    sink = read;
    return (double) operations / time * NANOS;
  }
}
