package dev.hmap.bench;

import dev.hmap.HMap;
import dev.hmap.HMapStats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** A process writes and is killed before any checkpoint; how long does the next opening take? */
final class RecoveryStage {
  private RecoveryStage() {}

  static <K, V> void run(Trial trial, Shape<K, V> shape, Place place, Consumer<Figure> figures) {
    try {
      Process victim =
          WorkerProcess.command(RecoveryVictim.class, 1L << 30, place.folder())
              .args(shape.name(), place.entries(), place.folder())
              .start(ProcessBuilder.Redirect.PIPE);
      try {
        if (victim.getInputStream().read() != RecoveryVictim.READY) {
          throw new IllegalStateException("the process that was to be killed ended before");
        }
      } finally {
        victim.destroyForcibly();
        victim.onExit().join();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long start = System.nanoTime();
    try (HMap<K, V> map = RecoveryVictim.open(place, shape)) {
      double ms = (System.nanoTime() - start) / 1e6;
      HMapStats stats = map.stats();
      if (stats.count() != place.entries()) {
        throw new IllegalStateException(
            "recovered %,d entries of %,d".formatted(stats.count(), place.entries()));
      }
      String engine = trial.engine().label();
      String metric = Workload.RECOVERY.label();
      figures.accept(new Figure(engine, metric, Unit.MS, ms));
      figures.accept(
          new Figure(engine, metric + " records", Unit.COUNT, stats.opening().recoveredRecords()));
    }
  }
}
