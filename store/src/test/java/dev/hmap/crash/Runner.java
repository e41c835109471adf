package dev.hmap.crash;

import dev.hmap.CrashDoor;
import dev.hmap.Durability;
import dev.hmap.HMap;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives a script to a map, marking in the journal where it stands. */
final class Runner<K, V> {
  static final Path STORE = Path.of("/sim/orders.hmap");

  private final Shape<K, V> shape;
  private final Durability durability;
  private final Duration syncInterval;
  private final FileSystem seen;
  private final SimulatedFileSystem simulated;
  private final List<Step> operations = new ArrayList<>();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final Map<Long, Integer> offsets = new HashMap<>();
  private final List<CompletableFuture<?>> waiting = new ArrayList<>();
  private HMap<K, V> map;
  private int backups;
  private CompletableFuture<Void> checkpoint = CompletableFuture.completedFuture(null);

  /**
   * A runner.
   *
   * @param seen what the map is given: the simulated file system, or one around it
   * @param simulated where the marks go
   * @param before operations that the store holds already
   * @param offsets see {@link History}
   */
  Runner(
      Shape<K, V> shape,
      Durability durability,
      Duration syncInterval,
      FileSystem seen,
      SimulatedFileSystem simulated,
      List<Step> before,
      Map<Long, Integer> offsets) {
    this.shape = shape;
    this.durability = durability;
    this.syncInterval = syncInterval;
    this.seen = seen;
    this.simulated = simulated;
    operations.addAll(before);
    this.offsets.putAll(offsets);
    acknowledged.set(before.size());
  }

  /** Runs a script to its end and closes the map; all operations, those before included. */
  History run(List<Step> script) {
    open();
    for (Step step : script) {
      if (step.isOperation()) {
        operations.add(step);
        simulated.mark(Change.Kind.ISSUED, operations.size());
        execute(step, operations.size());
      } else {
        control(step);
      }
    }
    close();
    return new History(shape, operations, offsets);
  }

  /** Runs a script until the store fails, and closes the map; all operations that were issued. */
  History runUntilFailure(List<Step> script) {
    try {
      return run(script);
    } catch (HMapException | CompletionException _) {
      if (map != null) {
        try {
          map.close();
        } catch (HMapException _) {
          // it says again that it failed
        }
      }
      return new History(shape, operations, offsets);
    }
  }

  private void open() {
    map = CrashDoor.open(seen, STORE, shape.keys, shape.values, durability, syncInterval);
    simulated.mark(Change.Kind.OPENED, 0);
    durable(acknowledged.get()); // recovery forces what it found
  }

  private void close() {
    settle();
    map.close();
    durable(acknowledged.get());
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
        close();
        CrashDoor.compact(seen, STORE);
        StoreHeader header = Recovery.readHeader(simulated, Oracle.NAMES);
        offsets.put(header.storeIdLow(), operations.size() - ((int) header.log().sequence() - 1));
        open();
      }
      case BACKUP -> {
        while (Recovery.exists(simulated, backup(backups))) {
          backups++;
        }
        FileNames copy = backup(backups);
        map.backupTo(copy.data());
        History history = new History(shape, operations, offsets);
        Oracle.Bounds bounds = new Oracle.Bounds(true, before, operations.size());
        Oracle.check(simulated, copy, false, history, bounds, true);
      }
      default -> throw new IllegalArgumentException(step.toString());
    }
  }

  /** Where the i-th backup is. */
  static FileNames backup(int i) {
    return new FileNames(Path.of("/sim/backup%d.hmap".formatted(i)));
  }

  private void execute(Step step, int number) {
    K key = shape.key(step.key());
    if (step.async()) {
      CompletableFuture<V> future =
          step.kind() == Step.Kind.PUT
              ? map.putAsync(key, shape.value(step.tag(), step.length()))
              : map.removeAsync(key);
      waiting.add(future.thenRun(() -> acknowledge(number)));
      return;
    }
    apply(map, shape, step);
    acknowledge(number);
  }

  /** Does one operation, and waits for it. */
  static <K, V> void apply(HMap<K, V> map, Shape<K, V> shape, Step step) {
    K key = shape.key(step.key());
    V value = shape.value(step.tag(), step.length());
    switch (step.kind()) {
      case PUT -> map.put(key, value);
      case PUT_IF_ABSENT -> map.putIfAbsent(key, value);
      case REPLACE -> map.replace(key, value);
      case REPLACE_IF_EQUAL -> map.replace(key, expected(shape, step), value);
      case REMOVE -> map.remove(key);
      case REMOVE_IF_EQUAL -> map.remove(key, expected(shape, step));
      case CLEAR -> map.clear();
      case BATCH ->
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
      default -> throw new IllegalArgumentException(step.toString());
    }
  }

  private static <V> V expected(Shape<?, V> shape, Step step) {
    return shape.value(step.expected().tag(), step.expected().length());
  }
}
