package dev.hmap.cli.bench;

import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.cli.text.Text;
import dev.hmap.error.HMapException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** Measures a new store of some codecs: how it grows, then reads and writes of what it holds. */
public final class Bench<K, V> {
  private static final int VALUES = 256;
  private static final int MOST_MISSES = 10_000;
  private static final int THREADS = 64;
  private static final double WARM_UP = 0.25; // of the time that is measured

  private final Path path;
  private final Text<K> keyText;
  private final Text<V> valueText;
  private final int keyBytes;
  private final double seconds;
  private final List<K> keys = new ArrayList<>();
  private final List<V> values = new ArrayList<>();
  private final Consumer<Measured> result;

  /** One operation on an entry. */
  private interface Operation<K, V> {
    void on(K key, V value);
  }

  /**
   * For a store that is not there yet.
   *
   * @param keyBytes about how long keys are, where the codec leaves it open
   * @param valueBytes the same for values
   * @param entries it gets, if the codec knows as many keys
   * @param seconds that each measurement takes, but for that of the growth
   * @param result is given each
   */
  public Bench(
      Path path,
      Text<K> keyText,
      Text<V> valueText,
      int keyBytes,
      int valueBytes,
      int entries,
      double seconds,
      Consumer<Measured> result) {
    this.path = path;
    this.keyText = keyText;
    this.valueText = valueText;
    this.keyBytes = keyBytes;
    this.seconds = seconds;
    this.result = result;
    for (int n = 0; n < entries; n++) {
      keys.add(Samples.of(keyText, n, keyBytes));
    }
    for (int n = 0; n < VALUES; n++) {
      values.add(Samples.of(valueText, n, valueBytes));
    }
  }

  /** Measures all, and returns how many entries the store came to have. */
  public long run() {
    long entries;
    try (HMap<K, V> map = open(Durability.ASYNC)) {
      result.accept(growth(map));
      entries = map.mappingCount();
      result.accept(one("get, present", keys, (key, _) -> check(map.get(key) != null)));
      List<K> absent = absent(map);
      if (!absent.isEmpty()) {
        result.accept(one("get, absent", absent, (key, _) -> check(map.get(key) == null)));
      }
      result.accept(one("put, ASYNC", keys, map::put));
    }
    try (HMap<K, V> map = open(Durability.SYNC)) {
      result.accept(one("put, SYNC, 1 thread", keys, map::put));
      result.accept(many("put, SYNC, %d threads".formatted(THREADS), map::put));
    }
    return entries;
  }

  private HMap<K, V> open(Durability durability) {
    return HMap.at(path, keyText.codec(), valueText.codec()).durability(durability).open();
  }

  private static void check(boolean holds) {
    if (!holds) {
      throw new HMapException("bench: a read found what was not put, or not what was");
    }
  }

  private List<K> absent(HMap<K, V> map) {
    List<K> absent = new ArrayList<>();
    for (int n = 0; n < Math.min(keys.size(), MOST_MISSES); n++) {
      K key = Samples.of(keyText, (long) keys.size() + n, keyBytes);
      if (!map.containsKey(key)) {
        absent.add(key);
      }
    }
    return absent;
  }

  private Measured growth(HMap<K, V> map) {
    Histogram nanos = Measured.histogram();
    long begin = System.nanoTime();
    long last = begin;
    for (int n = 0; n < keys.size(); n++) {
      map.put(keys.get(n), values.get(n % VALUES));
      long now = System.nanoTime();
      nanos.recordValue(now - last);
      last = now;
    }
    return new Measured(
        "growth from 0 to %,d".formatted(map.mappingCount()), (last - begin) / 1e9, nanos);
  }

  private Measured one(String name, List<K> of, Operation<K, V> operation) {
    var _ = timed(of, operation, seconds * WARM_UP);
    return new Measured(name, seconds, timed(of, operation, seconds));
  }

  private Measured many(String name, Operation<K, V> operation) {
    Histogram all = Measured.histogram();
    try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
      List<Callable<Histogram>> tasks = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        tasks.add(() -> timed(keys, operation, seconds));
      }
      for (Future<Histogram> task : executor.invokeAll(tasks)) {
        all.add(task.get());
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof HMapException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return new Measured(name, seconds, all);
  }

  /** Repeats an operation on random keys; there is one time at least. */
  private Histogram timed(List<K> of, Operation<K, V> operation, double atMostSeconds) {
    Histogram nanos = Measured.histogram();
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long end = System.nanoTime() + Math.round(atMostSeconds * 1e9);
    long now;
    do {
      K key = of.get(random.nextInt(of.size()));
      V value = values.get(random.nextInt(VALUES));
      long begin = System.nanoTime();
      operation.on(key, value);
      now = System.nanoTime();
      nanos.recordValue(now - begin);
    } while (now < end);
    return nanos;
  }
}
