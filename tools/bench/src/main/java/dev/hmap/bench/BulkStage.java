package dev.hmap.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * From an empty map to a full one, 1,000 entries at a time in a small heap: how long each batch
 * took that the application waited for, the longest log, and the closing.
 */
final class BulkStage {
  private static final int BATCH = 1000;
  private static final int DIGITS = 3;

  /** Batches between two looks at the length of the log. */
  private static final int LOOK = 100;

  private static final double[] PERCENTILES = {50, 99, 99.9, 100};

  private BulkStage() {}

  static <K, V> void run(Engine engine, Shape<K, V> shape, Place place, Consumer<Figure> figures) {
    WarmUp.fill(engine, shape, place);
    Histogram batches = new Histogram(DIGITS);
    Path log = place.file(HMapStore.FILE + "-log");
    long logBytes = 0;
    long total = 0;
    long closing;
    try (Store<K, V> store = engine.open(place, shape)) {
      for (long from = 0; from < place.entries(); from += BATCH) {
        int n = (int) Math.min(BATCH, place.entries() - from);
        List<K> keys = new ArrayList<>(n);
        List<V> values = new ArrayList<>(n);
        for (long i = from; i < from + n; i++) {
          keys.add(shape.keyOf(i));
          values.add(shape.valueOf(i));
        }
        long start = System.nanoTime();
        store.putAll(keys, values);
        long nanos = System.nanoTime() - start;
        batches.recordValue(nanos);
        total += nanos;
        if (from / BATCH % LOOK == 0) {
          logBytes = Math.max(logBytes, size(log));
        }
      }
      closing = System.nanoTime();
    }
    closing = System.nanoTime() - closing;
    say(engine, "", Unit.NS, (double) total / place.entries(), figures);
    for (double p : PERCENTILES) {
      say(
          engine,
          " batch " + GrowthStage.label(p),
          Unit.MS,
          batches.getValueAtPercentile(p) / 1e6,
          figures);
    }
    say(engine, " close", Unit.MS, closing / 1e6, figures);
    if (logBytes > 0) {
      say(engine, " log", Unit.BYTES, (double) logBytes, figures);
    }
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void say(
      Engine engine, String more, Unit unit, double value, Consumer<Figure> figures) {
    figures.accept(new Figure(engine.label(), Workload.BULK.label() + more, unit, value));
  }
}
