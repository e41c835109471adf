package dev.hmap.closing;

import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.error.StoreClosedException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * The process that may crash. Round after round it opens a store, has three threads read it, and
 * closes it under them. Until then a reader must find every key with a value of that key, and after
 * it {@link StoreClosedException}. Prints the number of each round that is over, and before it what
 * was wrong in it.
 */
final class ClosedReaders<K, V> {
  private static final int READERS = 3;

  /** As many as 64 buckets take before they become more; a fifth has an overflow bucket then. */
  private static final int KEYS = 416;

  private static final int MAX_SPINS = 5_000;
  private static final int MAX_PUTS = 20;
  private static final int ROUNDS_TO_A_WRITE = 8;

  /** Not one that a process ends with which the system kills. */
  static final int FAILED = 3;

  private final Path path;
  private final Values<K, V> values;
  private final List<K> keys;
  private final List<K> others;

  private ClosedReaders(Path path, Values<K, V> values) {
    this.path = path;
    this.values = values;
    this.keys = IntStream.range(0, KEYS).mapToObj(values::key).toList();
    this.others = IntStream.range(KEYS, 2 * KEYS).mapToObj(values::key).toList();
  }

  /** Arguments: path of the store, type of the values, number of rounds, seed. */
  public static void main(String[] args) throws Exception {
    try {
      new ClosedReaders<>(Path.of(args[0]), Values.of(Values.Type.valueOf(args[1])))
          .run(Integer.parseInt(args[2]), new Random(Long.parseLong(args[3])));
    } catch (RuntimeException | Error e) {
      e.printStackTrace();
      System.exit(FAILED);
    }
  }

  private HMap<K, V> open() {
    return HMap.at(path, values.keys, values.values).durability(Durability.ASYNC).open();
  }

  private void run(int rounds, Random random) throws InterruptedException {
    try (HMap<K, V> map = open()) {
      map.write(batch -> keys.forEach(key -> batch.put(key, values.value(key, 0))));
    }
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (int i = 0; i < rounds; i++) {
        round(threads, random);
        System.out.println(i);
      }
    }
  }

  private void round(ExecutorService threads, Random random) throws InterruptedException {
    HMap<K, V> map = open();
    CountDownLatch reading = new CountDownLatch(READERS);
    List<Future<?>> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      long seed = random.nextLong();
      readers.add(threads.submit(() -> readUntilClosed(map, new Random(seed), reading)));
    }
    reading.await();
    int most = random.nextInt(ROUNDS_TO_A_WRITE) == 0 ? MAX_PUTS : 1; // soonest closed without any
    for (int puts = random.nextInt(most); puts > 0; puts--) {
      K key = keys.get(random.nextInt(KEYS));
      var _ = map.putAsync(key, values.value(key, random.nextInt(Short.MAX_VALUE)));
    }
    for (int spins = random.nextInt(MAX_SPINS); spins > 0; spins--) {
      Thread.onSpinWait();
    }
    try {
      map.close();
    } catch (RuntimeException e) {
      System.out.println("wrong: close: " + e);
    }
    for (Future<?> reader : readers) {
      try {
        reader.get();
      } catch (ExecutionException e) {
        System.out.println("wrong: " + e.getCause());
      }
    }
  }

  private void readUntilClosed(HMap<K, V> map, Random random, CountDownLatch reading) {
    try {
      readOnce(map, random);
      reading.countDown();
      while (true) {
        readOnce(map, random);
      }
    } catch (StoreClosedException _) {
      // as it should be
    } finally {
      reading.countDown();
    }
  }

  private void readOnce(HMap<K, V> map, Random random) {
    int way = random.nextInt(1_000);
    if (way == 0) {
      walk(map, random);
    } else if (way < 20) {
      read(map, random);
    } else {
      get(map, random);
    }
  }

  private void get(HMap<K, V> map, Random random) {
    K key = keys.get(random.nextInt(KEYS));
    V value = map.get(key);
    check(value != null && values.isOf(key, value), "a value of another key", key);
    K other = others.get(random.nextInt(KEYS));
    check(!map.containsKey(other), "a key that was never put", other);
  }

  /** Through a segment, and through a buffer that the JDK holds fast while it works on it. */
  private void read(HMap<K, V> map, Random random) {
    K key = keys.get(random.nextInt(KEYS));
    V value =
        map.read(
            key,
            segment -> {
              byte[] bytes = segment.toArray(ValueLayout.JAVA_BYTE);
              CRC32 sum = new CRC32();
              sum.update(segment.asByteBuffer());
              CRC32 again = new CRC32();
              again.update(bytes);
              check(sum.getValue() == again.getValue(), "half a change", key);
              check(segment.mismatch(MemorySegment.ofArray(bytes)) < 0, "half a change", key);
              return values.values.decode(bytes, 0, bytes.length);
            });
    check(value != null && values.isOf(key, value), "a value of another key", key);
  }

  private void walk(HMap<K, V> map, Random random) {
    int seen = 0;
    for (Map.Entry<K, V> e : map.entrySet()) {
      seen++;
      check(values.isOf(e.getKey(), e.getValue()), "an entry of two", e.getKey());
    }
    check(seen == KEYS, "this many entries", seen);
    int from = random.nextInt(KEYS / 2);
    Map<K, V> some = map.getAll(keys.subList(from, from + KEYS / 2));
    check(some.size() == KEYS / 2, "this many values at once", some.size());
    some.forEach((key, value) -> check(values.isOf(key, value), "another key's value", key));
  }

  private static void check(boolean isRight, String otherwise, Object what) {
    if (!isRight) {
      throw new AssertionError(otherwise + ": " + what);
    }
  }
}
