package dev.hmap.bench;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Puts that return when they are on disk, from few callers and from many. */
final class DurableStage {
  private DurableStage() {}

  static <K, V> void run(
      Engine engine, Shape<K, V> shape, Place place, Settings settings, Consumer<Figure> figures) {
    ThreadFactory factory =
        engine.takesVirtualThreads() ? Thread.ofVirtual().factory() : Thread.ofPlatform().factory();
    try (Store<K, V> store = engine.open(place, shape)) {
      LongAdder puts = new LongAdder();
      Timed.Work work =
          (random, operations) -> {
            for (int i = 0; i < operations; i++) {
              long index = random.below(place.entries());
              store.put(shape.keyOf(index), shape.valueOf(index));
            }
            puts.add(operations);
            return operations;
          };
      for (int callers : settings.callers()) {
        puts.reset();
        long before = store.forces();
        double perSecond = Timed.perSecond(settings.seconds(), 1, callers, factory, work);
        figures.accept(new Figure(engine.label(), metric(callers), Unit.PER_SECOND, perSecond));
        if (before >= 0) {
          double perForce = (double) puts.sum() / (store.forces() - before);
          String metric = metric(callers) + " puts per force";
          figures.accept(new Figure(engine.label(), metric, Unit.COUNT, perForce));
        }
      }
    }
  }

  static String metric(int callers) {
    return Workload.DURABLE.label() + " x" + callers;
  }
}
