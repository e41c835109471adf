package dev.hmap.bench;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Puts one entry after the other into an empty map, at a fixed rate, and keeps how long each took.
 *
 * <p>Coordinated omission: who starts a put only when the one before has returned measures one long
 * put where a stall would have met all that were due meanwhile. So each put has a time at which it
 * is due; its response time counts from there, its service time from when it was begun. An engine
 * that cannot keep up with the rate falls behind, and its response times say so.
 */
final class GrowthStage {
  /** What is reported of a histogram; 100 is the longest. */
  static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99, 99.999, 100};

  static final String RESPONSE = "response";
  static final String SERVICE = "service";

  private static final long NANOS = 1_000_000_000;
  private static final int DIGITS = 3;
  private static final int WARM_UPS = 3;
  private static final long WARM_UP_ENTRIES = 1_000_000;

  private GrowthStage() {}

  static <K, V> void run(
      Engine engine, Shape<K, V> shape, Place place, Settings settings, Consumer<Figure> figures) {
    for (int round = 0; round < WARM_UPS; round++) {
      warmUp(engine, shape, place);
    }
    try (Store<K, V> store = engine.open(place, shape)) {
      run(store, engine.label(), shape, place.entries(), settings.putsPerSecond(), figures);
    }
  }

  /**
   * Fills a smaller store while its engine works in the background all the time. The compiler
   * leaves out what it has not seen yet: the first put beside a checkpoint, say, would have it
   * begin again, and all that are due meanwhile would wait.
   */
  private static <K, V> void warmUp(Engine engine, Shape<K, V> shape, Place place) {
    Place small = WarmUp.place(place, WARM_UP_ENTRIES);
    try (Store<K, V> store = engine.open(small, shape)) {
      AtomicBoolean isGrowing = new AtomicBoolean(true);
      Thread settling =
          Thread.ofPlatform()
              .start(() -> {
                while (isGrowing.get()) {
                  store.settle();
                  LockSupport.parkNanos(NANOS / 100);
                }
              });
      Histogram unused = new Histogram(DIGITS);
      grow(store, shape, small.entries(), Long.MAX_VALUE, unused, unused);
      isGrowing.set(false);
      settling.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    Folder.delete(small.folder());
  }

  static <K, V> void run(
      Store<K, V> store,
      String engine,
      Shape<K, V> shape,
      long entries,
      long putsPerSecond,
      Consumer<Figure> figures) {
    Histogram response = new Histogram(DIGITS);
    Histogram service = new Histogram(DIGITS);
    grow(store, shape, entries, putsPerSecond, response, service);
    say(engine, RESPONSE, response, figures);
    say(engine, SERVICE, service, figures);
  }

  private static <K, V> void grow(
      Store<K, V> store,
      Shape<K, V> shape,
      long entries,
      long putsPerSecond,
      Histogram response,
      Histogram service) {
    double interval = (double) NANOS / putsPerSecond;
    long start = System.nanoTime();
    for (long i = 0; i < entries; i++) {
      K key = shape.keyOf(i);
      V value = shape.valueOf(i);
      long due = start + (long) (i * interval);
      long begun;
      while ((begun = System.nanoTime()) < due) {
        Thread.onSpinWait();
      }
      store.put(key, value);
      long done = System.nanoTime();
      response.recordValue(done - due);
      service.recordValue(done - begun);
    }
  }

  private static void say(String engine, String kind, Histogram times, Consumer<Figure> figures) {
    for (double p : PERCENTILES) {
      double micros = times.getValueAtPercentile(p) / 1e3;
      figures.accept(new Figure(engine, metric(kind, p), Unit.MICROS, micros));
    }
  }

  static String metric(String kind, double percentile) {
    return "%s %s %s".formatted(Workload.GROWTH.label(), kind, label(percentile));
  }

  static String label(double percentile) {
    return percentile == 100 ? "max" : "p" + String.valueOf(percentile).replaceAll("\\.0$", "");
  }
}
