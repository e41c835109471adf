package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.KeyHistory.Call;
import dev.hmap.KeyHistory.Operation;
import dev.hmap.store.StoreAccess;
import dev.hmap.table.NewArrayReader;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Four threads on a few keys of a store in files, while it grows: each key's history must be
 * linearizable, and that of two planted flaws must not. A round begins just below the load at which
 * the map doubles, and writes less than the evacuation takes; so most of it runs beside that.
 *
 * <p>Not with Lincheck, which wants thousands of maps: a store takes milliseconds to create.
 */
@Tag("verify")
@Tag("promise:moments")
class LinearizabilityTest {
  private static final int THREADS = 4;
  private static final int CALLS = 300;
  private static final int HOT_KEYS = 12;
  private static final int VALUES = 3;
  private static final int ROUNDS = 150;
  private static final int B = 10;

  /** The most entries that fit: Go's load factor is 6.5. */
  private static final int FULL = 13 * (1 << B) / 2;

  @TempDir Path folder;

  /** What is stored. */
  @SuppressWarnings("ImmutableEnumChecker") // codecs are, by their contract
  enum Kind {
    IN_BUCKETS(Codec.LONG, i -> (long) i, Codec.LONG, i -> (long) i),
    ENTRIES(Codec.STRING, i -> "key " + i, Codec.STRING, i -> "v".repeat(i * 40)),
    ENCRYPTED(Codec.LONG, i -> (long) i, new EncryptingCodec<>(Codec.LONG), i -> (long) i);

    final Codec<Object> keys;
    final IntFunction<Object> key;
    final Codec<Object> values;
    final IntFunction<Object> value;

    @SuppressWarnings("unchecked") // each constant's functions fit its codecs
    <K, V> Kind(Codec<K> keys, IntFunction<K> key, Codec<V> values, IntFunction<V> value) {
      this.keys = (Codec<Object>) keys;
      this.key = (IntFunction<Object>) key;
      this.values = (Codec<Object>) values;
      this.value = (IntFunction<Object>) value;
    }
  }

  /** A map that does what another does, but for what it overrides. */
  private static class Flawed extends AbstractMap<Object, Object>
      implements ConcurrentMap<Object, Object> {
    final HMap<Object, Object> map;

    Flawed(HMap<Object, Object> map) {
      this.map = map;
    }

    @Override
    public Object get(Object key) {
      return map.get(key);
    }

    @Override
    public Object put(Object key, Object value) {
      return map.put(key, value);
    }

    @Override
    public Object remove(Object key) {
      return map.remove(key);
    }

    @Override
    public Object putIfAbsent(Object key, Object value) {
      return map.putIfAbsent(key, value);
    }

    @Override
    public Object replace(Object key, Object value) {
      return map.replace(key, value);
    }

    @Override
    public boolean replace(Object key, Object expected, Object value) {
      return map.replace(key, expected, value);
    }

    @Override
    public boolean remove(Object key, Object expected) {
      return map.remove(key, expected);
    }

    @Override
    public Set<Map.Entry<Object, Object>> entrySet() {
      return map.entrySet();
    }
  }

  /** Planted: looks, and then puts. */
  private static final class PutIfAbsentInTwoSteps extends Flawed {
    PutIfAbsentInTwoSteps(HMap<Object, Object> map) {
      super(map);
    }

    @Override
    public Object putIfAbsent(Object key, Object value) {
      Object before = map.get(key);
      if (before == null) {
        map.put(key, value);
      }
      return before;
    }
  }

  /** Planted: does not look at the array that is being evacuated. */
  private static final class GetFromNewArrayOnly extends Flawed {
    private final Kind kind;

    GetFromNewArrayOnly(HMap<Object, Object> map, Kind kind) {
      super(map);
      this.kind = kind;
    }

    @Override
    public Object get(Object key) {
      var opened = StoreAccess.map(((AbstractStoreMap<?, ?>) map).reader);
      return NewArrayReader.misses(opened, kind.keys.encode(key)) ? null : map.get(key);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(120)
  void aGrowingMapIsLinearizable(Kind kind) throws Exception {
    assertThat(firstFlaw(kind, map -> map, 1, Budget.rounds(ROUNDS))).isNull();
  }

  @ParameterizedTest
  @EnumSource
  @Tag("campaign")
  void aGrowingMapIsLinearizableForLong(Kind kind) throws Exception {
    Budget budget = Budget.of(0.5, 10 * ROUNDS);
    assertThat(firstFlaw(kind, map -> map, System.nanoTime(), budget)).isNull();
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(120)
  void aPutIfAbsentInTwoStepsIsFound(Kind kind) throws Exception {
    assertThat(firstFlaw(kind, PutIfAbsentInTwoSteps::new, 1, Budget.rounds(100 * ROUNDS)))
        .contains("PUT_IF_ABSENT");
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(120)
  void aReaderThatLooksAtTheNewArrayOnlyIsFound(Kind kind) throws Exception {
    assertThat(
            firstFlaw(
                kind, map -> new GetFromNewArrayOnly(map, kind), 1, Budget.rounds(100 * ROUNDS)))
        .contains("GET(null, null) = null");
  }

  @Test
  void theCheckerTellsHistoriesApart() {
    Call put = new Call(Operation.PUT, 1, null, null, 0, 10);
    assertThat(history(put, new Call(Operation.GET, null, null, 1, 5, 6)))
        .matches(KeyHistory::isLinearizable, "read while it was put");
    assertThat(history(put, new Call(Operation.GET, null, null, null, 5, 6)))
        .matches(KeyHistory::isLinearizable, "not yet read while it was put");
    assertThat(history(put, new Call(Operation.GET, null, null, null, 11, 12)))
        .matches(h -> !h.isLinearizable(), "not read after it was put");
    assertThat(history(put, new Call(Operation.PUT_IF_ABSENT, 2, null, null, 5, 6)))
        .matches(h -> !h.isLinearizable(), "both found nothing")
        .matches(h -> h.overlaps() == 1);
    assertThat(history(put, new Call(Operation.REMOVE_IF_EQUAL, 1, null, false, 11, 12)))
        .matches(h -> !h.isLinearizable(), "not removed though it was there");
  }

  private static KeyHistory history(Call one, Call other) {
    KeyHistory history = new KeyHistory(null);
    history.add(List.of(one));
    history.add(List.of(other));
    return history;
  }

  /** Runs rounds until a history is not linearizable, and returns that; null if all are. */
  private String firstFlaw(
      Kind kind,
      Function<HMap<Object, Object>, ConcurrentMap<Object, Object>> tested,
      long firstSeed,
      Budget budget)
      throws Exception {
    long calls = 0;
    long overlaps = 0;
    long seed = firstSeed;
    try (HMap<Object, Object> map =
            HMap.at(folder.resolve("store.hmap"), kind.keys, kind.values)
                .durability(Durability.ASYNC)
                .open();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (long round = 0; budget.isLeft(round); round++, seed++) {
        fill(kind, map);
        HMapStats.Growth before = map.stats().growth();
        assertThat(before.b()).isEqualTo(B);
        assertThat(before.oldbuckets()).as("no growth is under way").isZero();
        List<KeyHistory> histories = round(kind, tested.apply(map), threads, seed);
        HMapStats.Growth after = map.stats().growth();
        assertThat(after.b()).isEqualTo(B + 1);
        assertThat(after.evacuatedChains()).isGreaterThan(before.evacuatedChains());
        for (int key = 0; key < HOT_KEYS; key++) {
          KeyHistory history = histories.get(key);
          calls += history.calls();
          overlaps += history.overlaps();
          if (!history.isLinearizable()) {
            System.out.printf(
                "linear: %s: found in round %,d with seed %d%n", kind, round + 1, seed);
            return "seed %d, key %d %s".formatted(seed, key, history);
          }
        }
      }
      System.out.printf(
          "linear: %s: %,d calls from seed %d to %d, %,d of them beside others to the same key,"
              + " %,d chains evacuated%n",
          kind, calls, firstSeed, seed - 1, overlaps, map.stats().growth().evacuatedChains());
      assertThat(overlaps).isGreaterThan(calls / 100);
    }
    return null;
  }

  /** Fills a map with as many as fit, half of the hot keys among them. */
  private static void fill(Kind kind, HMap<Object, Object> map) {
    map.clear();
    map.write(batch -> {
      for (int i = 0; i < FULL; i++) {
        int key = i < HOT_KEYS / 2 ? i : HOT_KEYS + i;
        batch.put(kind.key.apply(key), kind.value.apply(0));
      }
    });
    assertThat(map).hasSize(FULL);
  }

  private static List<KeyHistory> round(
      Kind kind, ConcurrentMap<Object, Object> map, ExecutorService threads, long seed)
      throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Future<List<List<Call>>>> all = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int thread = t;
      all.add(
          threads.submit(() -> {
            Random random = new Random(seed * THREADS + thread);
            start.await();
            return calls(kind, map, random, 2 * FULL + thread * CALLS);
          }));
    }
    List<KeyHistory> histories = new ArrayList<>();
    for (int key = 0; key < HOT_KEYS; key++) {
      histories.add(new KeyHistory(key < HOT_KEYS / 2 ? kind.value.apply(0) : null));
    }
    for (Future<List<List<Call>>> future : all) {
      for (int key = 0; key < HOT_KEYS; key++) {
        histories.get(key).add(future.get().get(key));
      }
    }
    return histories;
  }

  /** One thread's calls to each hot key; now and then it puts a new key, which drives growth. */
  private static List<List<Call>> calls(
      Kind kind, ConcurrentMap<Object, Object> map, Random random, int newKeys) {
    List<List<Call>> calls = new ArrayList<>();
    for (int key = 0; key < HOT_KEYS; key++) {
      calls.add(new ArrayList<>());
    }
    Operation[] operations = Operation.values();
    int fresh = newKeys;
    for (int i = 0; i < CALLS; i++) {
      if (i % 8 == 0) {
        map.put(kind.key.apply(fresh++), kind.value.apply(1));
      }
      int key = random.nextInt(HOT_KEYS);
      calls
          .get(key)
          .add(
              call(
                  map,
                  kind.key.apply(key),
                  operations[random.nextInt(operations.length)],
                  kind.value.apply(random.nextInt(VALUES)),
                  kind.value.apply(random.nextInt(VALUES))));
    }
    return calls;
  }

  private static Call call(
      ConcurrentMap<Object, Object> map, Object key, Operation operation, Object a, Object b) {
    Object first = operation == Operation.GET || operation == Operation.REMOVE ? null : a;
    Object second = operation == Operation.REPLACE_IF_EQUAL ? b : null;
    long begun = System.nanoTime();
    Object result =
        switch (operation) {
          case GET -> map.get(key);
          case PUT -> map.put(key, a);
          case REMOVE -> map.remove(key);
          case PUT_IF_ABSENT -> map.putIfAbsent(key, a);
          case REPLACE -> map.replace(key, a);
          case REPLACE_IF_EQUAL -> map.replace(key, a, b);
          case REMOVE_IF_EQUAL -> map.remove(key, a);
        };
    return new Call(operation, first, second, result, begun, System.nanoTime());
  }
}
