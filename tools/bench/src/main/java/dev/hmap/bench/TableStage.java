package dev.hmap.bench;

import com.sun.management.ThreadMXBean;
import dev.hmap.HMap;
import dev.hmap.LongLongHMap;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One map: filled, read, updated, closed, and opened again. */
final class TableStage<K, V> {
  private static final int AT_ONCE = 100;
  private static final int KEYS_AT_ONCE = 64;
  private static final int OPENINGS = 5;
  private static final double NANOS = 1e9;

  private final Engine engine;
  private final Shape<K, V> shape;
  private final Place place;
  private final Settings settings;
  private final Consumer<Figure> figures;
  private final long entries;
  private Store<K, V> store;

  TableStage(
      Engine engine, Shape<K, V> shape, Place place, Settings settings, Consumer<Figure> figures) {
    this.engine = engine;
    this.shape = shape;
    this.place = place;
    this.settings = settings;
    this.figures = figures;
    this.entries = place.entries();
    this.store = engine.open(place, shape);
  }

  void run() {
    if (settings.has(Workload.INSERT_ASYNC)) {
      insertAsync();
    }
    insert();
    store.settle();
    oneThread(Workload.GET_HIT, this::getHit);
    if (settings.has(Workload.GET_PRIMITIVE) && store instanceof HMapStore<K, V> own) {
      getPrimitive(own.map());
    }
    oneThread(Workload.GET_MISS, this::getMiss);
    oneThread(Workload.GET_ALL, this::getAll);
    manyThreads(Workload.READERS, 0);
    if (settings.has(Workload.MEMORY)) {
      memory();
    }
    if (settings.has(Workload.ITERATE) && engine != Engine.NONE) {
      iterate();
    }
    if (engine.isOnDisk()) {
      atRest();
    }
    oneThread(Workload.UPDATE, this::update);
    manyThreads(Workload.MIXED_95_5, 5);
    manyThreads(Workload.MIXED_50_50, 50);
    store.close();
  }

  /** Before updates: how many there will be depends on the engine. */
  private void atRest() {
    store.close();
    if (settings.has(Workload.OPEN)) {
      open();
    }
    if (settings.has(Workload.SIZE)) {
      say(Workload.SIZE, "", Unit.BYTES, (double) Folder.diskBytes(place.folder()));
    }
    store = engine.open(place, shape);
  }

  private void say(Workload workload, String more, Unit unit, double value) {
    figures.accept(new Figure(engine.label(), workload.label() + more, unit, value));
  }

  private void insert() {
    long start = System.nanoTime();
    WarmUp.fill(store, shape, entries);
    if (settings.has(Workload.INSERT)) {
      say(Workload.INSERT, "", Unit.NS, (double) (System.nanoTime() - start) / entries);
    }
  }

  /** Into a map of its own, which is removed. */
  private void insertAsync() {
    Place other = place.beside("insert-async");
    try (Store<K, V> into = engine.open(other, shape)) {
      long start = System.nanoTime();
      into.putEach(shape, entries);
      double nanos = System.nanoTime() - start;
      say(Workload.INSERT_ASYNC, "", Unit.NS, nanos / entries);
    }
    Folder.delete(other.folder());
  }

  /** What is allocated is counted over one round, when all is compiled. */
  @SuppressWarnings("unchecked") // of this shape, keys and values are longs
  private void getPrimitive(HMap<K, V> map) {
    if (!shape.equals(Shape.LONG)) {
      return;
    }
    LongLongHMap longs = LongLongHMap.of((HMap<Long, Long>) map);
    Timed.Work work =
        (random, operations) -> {
          long read = 0;
          for (int i = 0; i < operations; i++) {
            read += longs.get(Mix.of(random.below(entries)), -1);
          }
          return read;
        };
    oneThread(Workload.GET_PRIMITIVE, work);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int operations = 1_000_000;
    Mix random = new Mix(2);
    long before = threads.getCurrentThreadAllocatedBytes();
    Timed.sink = work.run(random, operations);
    double bytes = threads.getCurrentThreadAllocatedBytes() - before;
    say(Workload.GET_PRIMITIVE, " bytes allocated", Unit.COUNT, Math.floor(bytes / operations));
  }

  private void oneThread(Workload workload, Timed.Work work) {
    if (settings.has(workload)) {
      double perSecond = Timed.perSecond(settings.seconds(), AT_ONCE, work);
      say(workload, "", Unit.NS, NANOS / perSecond);
    }
  }

  private long getHit(Mix random, int operations) {
    long read = 0;
    for (int i = 0; i < operations; i++) {
      read += shape.check().applyAsLong(present(random.below(entries)));
    }
    return read;
  }

  /** A figure is for each key, not for each call. */
  private long getAll(Mix random, int operations) {
    long read = 0;
    for (int done = 0; done < operations; done += KEYS_AT_ONCE) {
      List<K> keys = new ArrayList<>(KEYS_AT_ONCE);
      for (int i = done; i < Math.min(operations, done + KEYS_AT_ONCE); i++) {
        keys.add(shape.keyOf(random.below(entries)));
      }
      for (V value : store.getAll(keys)) {
        read += shape.check().applyAsLong(value);
      }
    }
    return read;
  }

  private V present(long index) {
    @Nullable V value = store.get(shape.keyOf(index));
    if (value == null) {
      throw new IllegalStateException("entry %,d of %,d is missing".formatted(index, entries));
    }
    return value;
  }

  private long getMiss(Mix random, int operations) {
    long found = 0;
    for (int i = 0; i < operations; i++) {
      if (store.get(shape.keyOf(Shape.ABSENT + random.below(entries))) != null) {
        found++;
      }
    }
    if (found > 0 && engine != Engine.NONE) {
      throw new IllegalStateException("found %,d keys that are not there".formatted(found));
    }
    return found;
  }

  private long update(Mix random, int operations) {
    for (int i = 0; i < operations; i++) {
      long index = random.below(entries);
      store.put(shape.keyOf(index), shape.valueOf(index + entries));
    }
    return operations;
  }

  private void manyThreads(Workload workload, int updates) {
    if (!settings.has(workload)) {
      return;
    }
    Timed.Work work =
        (random, operations) -> {
          long read = 0;
          for (int i = 0; i < operations; i++) {
            read += random.below(100) < updates ? update(random, 1) : getHit(random, 1);
          }
          return read;
        };
    ThreadFactory factory = Thread.ofPlatform().factory();
    for (int threads = 1; threads <= settings.threads(); threads *= 2) {
      double perSecond = Timed.perSecond(settings.seconds(), AT_ONCE, threads, factory, work);
      say(workload, " x" + threads, Unit.PER_SECOND, perSecond);
    }
  }

  private void memory() {
    say(Workload.MEMORY, " heap", Unit.BYTES, (double) Memory.heapBytes());
    say(Workload.MEMORY, " private", Unit.BYTES, (double) Memory.privateBytes());
    say(Workload.MEMORY, " resident", Unit.BYTES, (double) Memory.residentBytes());
  }

  private void iterate() {
    AtomicLong read = new AtomicLong();
    long start = System.nanoTime();
    long seen = 0;
    long time;
    do {
      long[] count = {0};
      store.forEach((_, value) -> {
        count[0]++;
        read.setPlain(read.getPlain() + shape.check().applyAsLong(value));
      });
      if (count[0] != entries) {
        throw new IllegalStateException("saw %,d entries of %,d".formatted(count[0], entries));
      }
      seen += entries;
      time = System.nanoTime() - start;
    } while (time < settings.seconds() * NANOS);
    Timed.sink = read;
    say(Workload.ITERATE, "", Unit.NS, (double) time / seen);
  }

  private void open() {
    double[] ms = new double[OPENINGS];
    for (int i = 0; i < OPENINGS; i++) {
      long start = System.nanoTime();
      store = engine.open(place, shape);
      present(i % entries);
      ms[i] = (System.nanoTime() - start) / 1e6;
      store.close();
    }
    Arrays.sort(ms);
    say(Workload.OPEN, "", Unit.MS, ms[OPENINGS / 2]);
  }
}
