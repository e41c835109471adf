package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreFullException;
import dev.hmap.store.Environment;
import dev.hmap.table.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On a full disk, and at each limit: what cannot be is refused, and the store goes on. */
@Timeout(120)
@Tag("promise:4")
class FullStoreTest {
  /** A limit, scaled down. */
  @SuppressWarnings("ImmutableEnumChecker") // limits are numbers
  enum Limit {
    PAGES(new Limits(1_100, Limits.FORMAT.extents(), Limits.FORMAT.buckets())),
    EXTENTS(new Limits(Limits.FORMAT.pages(), 90, Limits.FORMAT.buckets())),
    BUCKETS(new Limits(Limits.FORMAT.pages(), Limits.FORMAT.extents(), 150));

    final Limits limits;

    Limit(Limits limits) {
      this.limits = limits;
    }
  }

  /** As many as fill twice the roots that {@code ENTRIES - REMOVED} need, just so. */
  private static final long ENTRIES = 220_000;

  private static final long REMOVED = 8_000;

  /** With an extent of its own. */
  private static final int LONG_VALUE = 140_000;

  @TempDir Path folder;

  private final SmallDisk disk = new SmallDisk();

  private HMapBuilder<Long, String> at(Limits limits) {
    return HMap.at(folder.resolve("store.hmap"), Codec.LONG, Codec.STRING)
        .in(Environment.REAL.with(disk).with(limits))
        .durability(Durability.ASYNC);
  }

  private static String value(long key, int length) {
    return "v".repeat(length) + key;
  }

  @Test
  void compactionOnAFullDiskLosesEntriesAndHangsReaders() throws Exception {
    Map<Long, String> model = new HashMap<>();
    try (HMap<Long, String> map = at(Limits.FORMAT).open()) {
      for (long i = 0; i < ENTRIES; i++) {
        var _ = map.putAsync(i, value(i, (int) (i % 3)));
        model.put(i, value(i, (int) (i % 3)));
      }
      for (long i = 0; i < ENTRIES; i += ENTRIES / REMOVED) {
        var _ = map.removeAsync(i);
        model.remove(i);
      }
      map.checkpoint();
      disk.setFull(true);
      beside(map, model, () -> compactWithMoreAndMoreRoom(map));
      assertThat(map).isEqualTo(model);
      disk.setFull(false);
      map.compact();
      assertThat(map).isEqualTo(model);
    }
    assertSound(model);
  }

  /** Fills the file, then makes room bit by bit, until the array can be halved. */
  private static void compactWithMoreAndMoreRoom(HMap<Long, String> map) {
    long filler = ENTRIES;
    try {
      while (true) {
        map.put(filler, value(filler, LONG_VALUE));
        filler++;
      }
    } catch (StoreFullException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
    int b = map.stats().growth().b();
    while (--filler >= ENTRIES) {
      map.remove(filler);
      if (map.stats().growth().b() == b) {
        compactIfThereIsRoom(map);
      }
    }
    assertThat(map.stats().growth().b()).isLessThan(b);
  }

  private static void compactIfThereIsRoom(HMap<Long, String> map) {
    try {
      map.compact();
    } catch (StoreFullException e) {
      assertThat(e).hasMessageContaining("no room");
    }
  }

  /** Does something beside readers, who find what there is, and come to an end. */
  private static void beside(HMap<Long, String> map, Map<Long, String> model, Runnable work)
      throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> readers = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        readers.add(
            threads.submit(() -> {
              while (!stop.get()) {
                long key = ThreadLocalRandom.current().nextLong(ENTRIES);
                assertThat(map.get(key)).isEqualTo(model.get(key));
              }
            }));
      }
      try {
        work.run();
      } finally {
        stop.set(true);
      }
      for (Future<?> reader : readers) {
        reader.get();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Limit.class)
  void aPutThatWouldPassALimitFailsTheStore(Limit limit) {
    Map<Long, String> model = new HashMap<>();
    try (HMap<Long, String> map = at(limit.limits).open()) {
      long full = fill(map, model, 0, limit);
      goOn(map, model, full, limit);
      map.checkpoint();
      assertThat(map).isEqualTo(model);
    }
    try (HMap<Long, String> map = at(limit.limits).open()) {
      assertThat(map).isEqualTo(model);
      goOn(map, model, fill(map, model, 1_000_000, limit), limit);
      map.clear();
      model.clear();
      fill(map, model, 2_000_000, limit);
      assertThat(model).isNotEmpty();
    }
    assertSound(model);
  }

  /** Puts until one is refused; returns its key. */
  private static long fill(
      HMap<Long, String> map, Map<Long, String> model, long from, Limit limit) {
    for (long key = from; ; key++) {
      int length = limit == Limit.BUCKETS ? 10 : key % 20 == 0 ? 140_000 : (int) (key % 3_000);
      try {
        map.put(key, value(key, length));
        model.put(key, value(key, length));
      } catch (StoreFullException e) {
        assertThat(e).hasMessageContaining("limit");
        return key;
      }
    }
  }

  /** What was refused left no trace; removals, overwrites and reading go on, then puts do. */
  private static void goOn(
      HMap<Long, String> map, Map<Long, String> model, long full, Limit limit) {
    assertThat(map).isEqualTo(model);
    assertThatThrownBy(() -> map.put(full, value(full, 150_000)))
        .isInstanceOf(StoreFullException.class);
    assertThat(map.get(full)).isNull();
    for (long key : List.copyOf(model.keySet())) {
      if (key % 3 == 0) {
        assertThat(map.put(key, model.get(key))).isEqualTo(model.get(key));
      } else if (key % 3 == 1) {
        assertThat(map.remove(key)).isEqualTo(model.remove(key));
      }
    }
    assertThat(map).isEqualTo(model);
    if (limit == Limit.BUCKETS) {
      map.compact(); // an overflow bucket stays one, empty or not, until the array is packed
    }
    map.put(full, "short");
    model.put(full, "short");
  }

  private void assertSound(Map<Long, String> model) {
    assertThat(HMapAdmin.verify(folder.resolve("store.hmap"), _ -> {}).findings()).isEmpty();
    try (HMap<Long, String> map = at(Limits.FORMAT).open()) {
      assertThat(map).isEqualTo(model);
    }
  }
}
