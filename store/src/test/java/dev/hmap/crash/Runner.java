package dev.hmap.crash;

import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.TestClock;
import dev.hmap.error.HMapException;
import dev.hmap.format.FileNames;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.Recovery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Gives a script to a map, marking in the journal where it stands. */
final class Runner<K, V> {
  static final Path STORE = Path.of("/sim/orders.hmap");

  /** Where backups go, in turn. */
  static final List<FileNames> BACKUPS =
      IntStream.range(0, 100)
          .mapToObj(i -> new FileNames(Path.of("/sim/backup%d.hmap".formatted(i))))
          .toList();

  /** What the clock says at first. */
  private static final long START = 1_700_000_000_000L;

  private final Shape<K, V> shape;
  private final Durability durability;
  private final Duration syncInterval;
  private final FileSystem seen;
  private final SimulatedFileSystem simulated;
  private final History before;
  private final TestClock clock;
  private final Map<Integer, Object> results = new ConcurrentHashMap<>();
  private final List<Step> operations = new ArrayList<>();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final Map<Long, Integer> offsets = new HashMap<>();
  private final List<CompletableFuture<?>> waiting = new ArrayList<>();

  /** The horizons that compactions have put into headers. */
  private final List<Logged.Entry> compactions = new ArrayList<>();

  /** Null while the store is closed. */
  private HMap<K, V> map;

  /** Those that are open beside it. */
  private final List<BesideReader> readers = new ArrayList<>();

  private int backups;
  private CompletableFuture<Void> checkpoint = CompletableFuture.completedFuture(null);

  /**
   * A runner.
   *
   * @param seen what the map is given: the simulated file system, or one around it
   * @param simulated where the marks go
   * @param before what the store holds already
   */
  Runner(
      Shape<K, V> shape,
      Durability durability,
      Duration syncInterval,
      FileSystem seen,
      SimulatedFileSystem simulated,
      History before) {
    this.shape = shape;
    this.durability = durability;
    this.syncInterval = syncInterval;
    this.seen = seen;
    this.simulated = simulated;
    this.before = before;
    operations.addAll(before.operations);
    offsets.putAll(before.offsets());
    acknowledged.set(before.size());
    long last = before.size() == 0 ? 0 : before.time(before.size() - 1);
    clock = new TestClock(Math.max(START, last));
  }

  /** Runs a script to its end and closes the map; all operations, those before included. */
  History run(List<Step> script) {
    try {
      List<Step> begin = closed(script);
      begin.forEach(this::control);
      open();
      for (Step step : script.subList(begin.size(), script.size())) {
        if (step.isOperation()) {
          operations.add(step);
          simulated.mark(Change.Kind.ISSUED, operations.size());
          execute(step, operations.size());
        } else {
          control(step);
        }
      }
      close();
      leave();
    } catch (RuntimeException | Error e) {
      abandon(e);
      throw e;
    }
    History history = history();
    checkResults(history);
    return history;
  }

  /** No thread of a store that failed is left behind, and no reader. */
  private void abandon(Throwable cause) {
    if (map != null) {
      try {
        map.close();
      } catch (RuntimeException | Error e) {
        cause.addSuppressed(e); // it says again that it failed
      }
    }
    readers.forEach(BesideReader::close);
    readers.clear();
  }

  /** What the script begins with before it opens the store, which must be there. */
  private List<Step> closed(List<Step> script) {
    int count = 0;
    while (Recovery.exists(simulated, Oracle.NAMES) && script.get(count).isOfClosed()) {
      count++;
    }
    return script.subList(0, count);
  }

  private History history() {
    Logged logged = Logged.NOTHING;
    if (shape.expires()) {
      logged = before.logged().and(Logged.of(simulated.journal())).and(compactions);
    }
    return new History(shape, operations, offsets, logged);
  }

  /** What the operations returned, against the model at the times that the log bears. */
  private void checkResults(History history) {
    Model model = Model.after(history, before.size());
    for (int i = before.size(); i < operations.size(); i++) {
      Step step = operations.get(i);
      Object expected = model.result(step, history.time(i));
      Object shown = results.get(i + 1);
      if (!Objects.equals(shown, expected)) {
        throw new AssertionError(
            "operation %d, %s, showed %s and not %s".formatted(i + 1, step, shown, expected));
      }
      model.apply(step, history.time(i));
    }
  }

  /** Runs a script until the store fails, and closes the map; all operations that were issued. */
  History runUntilFailure(List<Step> script) {
    try {
      return run(script);
    } catch (HMapException | CompletionException _) {
      return history();
    }
  }

  private void open() {
    map =
        CrashMaps.open(
            seen,
            STORE,
            shape.keys,
            shape.values,
            durability,
            syncInterval,
            shape.lifeMillis,
            clock);
    simulated.mark(Change.Kind.OPENED, 0);
    durable(acknowledged.get()); // recovery forces what it found
  }

  private void close() {
    settle();
    map.close();
    map = null;
    durable(acknowledged.get());
  }

  private void read(int acknowledgedBefore, BesideReader reader) {
    readers.add(reader);
    reader.see(history(), acknowledgedBefore);
  }

  private void refresh(int acknowledgedBefore) {
    for (BesideReader reader : readers) {
      reader.seeAgain(history());
      reader.refresh();
      reader.see(history(), acknowledgedBefore);
    }
  }

  private void leave() {
    for (BesideReader reader : readers) {
      reader.seeAgain(history());
      reader.close();
    }
    readers.clear();
  }

  private void settle() {
    waiting.forEach(CompletableFuture::join);
    waiting.clear();
    checkpoint.join();
  }

  private void durable(int operationCount) {
    simulated.mark(Change.Kind.DURABLE, operationCount);
  }

  private void acknowledge(int operation) {
    acknowledged.accumulateAndGet(operation, Math::max);
    simulated.mark(Change.Kind.ACKNOWLEDGED, operation);
    if (durability == Durability.SYNC) {
      durable(operation);
    }
  }

  private void control(Step step) {
    int before = acknowledged.get();
    switch (step.kind()) {
      case SYNC -> {
        map.sync();
        durable(before);
      }
      case CHECKPOINT -> {
        map.checkpoint();
        durable(before);
      }
      case CHECKPOINT_BESIDE, COMPACT_BESIDE -> {
        checkpoint.join();
        HMap<K, V> of = map;
        checkpoint =
            CompletableFuture.runAsync(
                () -> {
                  if (step.kind() == Step.Kind.COMPACT_BESIDE) {
                    of.compact();
                  } else {
                    of.checkpoint();
                  }
                  durable(before);
                },
                task -> Thread.ofPlatform().daemon().start(task));
      }
      case REOPEN -> {
        close();
        open();
      }
      case COMPACT -> {
        if (map == null) {
          compact();
        } else {
          close();
          compact();
          open();
        }
      }
      case READ -> read(before, new BesideReader(simulated));
      case REFRESH -> refresh(before);
      case LEAVE -> leave();
      case LEAVE_CLOSED -> {
        close();
        leave();
        open();
      }
      case READ_CLOSING -> {
        read(before, BesideReader.opening(simulated, step.tag(), this::close));
        open();
      }
      case READ_COMPACTING -> {
        close();
        read(before, BesideReader.opening(simulated, step.tag(), this::compact));
        open();
      }
      case BACKUP -> {
        while (Recovery.exists(simulated, BACKUPS.get(backups))) {
          backups++;
        }
        FileNames copy = BACKUPS.get(backups);
        settle();
        map.sync(); // else a power cut takes from the store what the backup still has
        durable(acknowledged.get());
        map.backupTo(copy.data());
        settle(); // the log is read by its journal, and must not grow meanwhile
        Oracle.Bounds bounds = new Oracle.Bounds(true, before, operations.size());
        var _ = Oracle.check(simulated, copy, false, history(), bounds, true);
      }
      case PASS -> clock.pass(step.tag());
      case JUMP -> clock.jump(step.tag());
      default -> throw new IllegalArgumentException(step.toString());
    }
  }

  /**
   * Compacts the closed store, which takes its horizon along, and leaves behind what has expired.
   */
  private void compact() {
    long horizon = Recovery.readHeader(simulated, Oracle.NAMES).horizon();
    CrashMaps.compact(seen, STORE, clock);
    StoreHeader header = Recovery.readHeader(simulated, Oracle.NAMES);
    if (!shape.expires()) {
      offsets.put(header.storeIdLow(), operations.size() - ((int) header.log().sequence() - 1));
      return;
    }
    if (header.horizon() != Math.max(horizon, clock.millis())) {
      throw new AssertionError(
          "the horizon is %d after compaction, which was %d before, at the time %d"
              .formatted(header.horizon(), horizon, clock.millis()));
    }
    offsets.put(header.storeIdLow(), operations.size());
    compactions.add(
        new Logged.Entry(header.storeIdLow(), 0, header.horizon(), operations.size(), true));
  }

  private void execute(Step step, int number) {
    K key = shape.key(step.key());
    if (step.async()) {
      CompletableFuture<V> future =
          step.kind() == Step.Kind.PUT
              ? map.putAsync(key, shape.value(step.tag(), step.length()))
              : map.removeAsync(key);
      waiting.add(
          future.thenAccept(previous -> {
            keepResult(number, previous);
            acknowledge(number);
          }));
      return;
    }
    keepResult(number, apply(map, shape, step));
    acknowledge(number);
  }

  private void keepResult(int number, Object result) {
    if (result != null) {
      results.put(number, result);
    }
  }

  /** Does one operation, waits for it, and returns what it did. */
  static <K, V> Object apply(HMap<K, V> map, Shape<K, V> shape, Step step) {
    K key = shape.key(step.key());
    V value = shape.value(step.tag(), step.length());
    return switch (step.kind()) {
      case PUT -> map.put(key, value);
      case PUT_IF_ABSENT -> map.putIfAbsent(key, value);
      case REPLACE -> map.replace(key, value);
      case REPLACE_IF_EQUAL -> map.replace(key, expected(shape, step), value);
      case REMOVE -> map.remove(key);
      case REMOVE_IF_EQUAL -> map.remove(key, expected(shape, step));
      case CLEAR -> {
        map.clear();
        yield null;
      }
      case BATCH -> {
        map.write(batch -> {
          batch.mark(Shape.mark(step.tag(), step.length()));
          for (Step part : step.parts()) {
            if (part.kind() == Step.Kind.PUT) {
              batch.put(shape.key(part.key()), shape.value(part.tag(), part.length()));
            } else {
              batch.remove(shape.key(part.key()));
            }
          }
        });
        yield null;
      }
      default -> throw new IllegalArgumentException(step.toString());
    };
  }

  private static <V> V expected(Shape<?, V> shape, Step step) {
    return shape.value(step.expected().tag(), step.expected().length());
  }
}
