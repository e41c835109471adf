package dev.hmap.bench;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * How long each get takes, of random keys that are there: first while nothing else happens; then
 * while another thread puts as many entries again, at the rate of {@link GrowthStage}, and asks for
 * a checkpoint now and then. A get includes reading the clock, which is the same in both.
 */
final class ReadLatencyStage {
  static final double[] PERCENTILES = {50, 99, 99.9, 99.99, 100};

  private static final int DIGITS = 3;
  private static final int CHECKPOINTS = 4;
  private static final long NANOS = 1_000_000_000;

  private ReadLatencyStage() {}

  static <K, V> void run(
      Engine engine, Shape<K, V> shape, Place place, Settings settings, Consumer<Figure> figures) {
    long half = place.entries() / 2;
    WarmUp.fill(engine, shape, place);
    try (Store<K, V> store = engine.open(place, shape)) {
      WarmUp.fill(store, shape, half);
      store.settle();
      long end = System.nanoTime() + (long) (2 * settings.seconds() * NANOS);
      gets(store, shape, half, () -> System.nanoTime() - end < -settings.seconds() * NANOS);
      say(engine, "quiet", gets(store, shape, half, () -> System.nanoTime() < end), figures);
      AtomicBoolean isGrowing = new AtomicBoolean(true);
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                grow(store, shape, half, settings.putsPerSecond());
                isGrowing.set(false);
              });
      say(engine, "growing", gets(store, shape, half, isGrowing::get), figures);
      writer.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <K, V> Histogram gets(
      Store<K, V> store, Shape<K, V> shape, long entries, BooleanSupplier goesOn) {
    Histogram times = new Histogram(DIGITS);
    Mix random = new Mix(3);
    long read = 0;
    do {
      for (int i = 0; i < 100; i++) {
        K key = shape.keyOf(random.below(entries));
        long begun = System.nanoTime();
        V value = store.get(key);
        times.recordValue(System.nanoTime() - begun);
        if (value == null) {
          throw new IllegalStateException("an entry is missing");
        }
        read += shape.check().applyAsLong(value);
      }
    } while (goesOn.getAsBoolean());
    Timed.sink = read;
    return times;
  }

  /** From n entries to twice as many. */
  private static <K, V> void grow(
      Store<K, V> store, Shape<K, V> shape, long entries, long putsPerSecond) {
    double interval = (double) NANOS / putsPerSecond;
    long start = System.nanoTime();
    for (long i = 0; i < entries; i++) {
      while (System.nanoTime() < start + (long) (i * interval)) {
        Thread.onSpinWait();
      }
      store.put(shape.keyOf(entries + i), shape.valueOf(entries + i));
      if ((i + 1) % Math.max(1, entries / CHECKPOINTS) == 0) {
        store.settle();
      }
    }
  }

  private static void say(Engine engine, String when, Histogram times, Consumer<Figure> figures) {
    for (double p : PERCENTILES) {
      double micros = times.getValueAtPercentile(p) / 1e3;
      String metric =
          "%s %s %s".formatted(Workload.READ_LATENCY.label(), when, GrowthStage.label(p));
      figures.accept(new Figure(engine.label(), metric, Unit.MICROS, micros));
    }
  }
}
