package dev.hmap.bench;

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

  private GrowthStage() {}

  static <K, V> void run(
      Engine engine, Shape<K, V> shape, Place place, Settings settings, Consumer<Figure> figures) {
    Place small = WarmUp.place(place);
    try (Store<K, V> store = engine.open(small, shape)) {
      Histogram unused = new Histogram(DIGITS);
      grow(store, shape, small.entries(), Long.MAX_VALUE, unused, unused);
    }
    Folder.delete(small.folder());
    try (Store<K, V> store = engine.open(place, shape)) {
      run(store, engine.label(), shape, place.entries(), settings.putsPerSecond(), figures);
    }
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
