package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.error.StoreClosedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing, interrupting and crowding a store while it is in use. */
@Timeout(60)
class UnderPressureTest {
  private static final int THREADS = 4;

  @TempDir Path folder;

  private HMap<Long, String> open(Durability durability) {
    return HMap.at(folder.resolve("store.hmap"), Codec.LONG, Codec.STRING)
        .durability(durability)
        .open();
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void closingWhileOthersReadAndWriteEndsThemWithStoreClosed(Durability durability)
      throws Exception {
    for (int round = 0; round < 5; round++) {
      HMap<Long, String> map = open(durability);
      long base = map.mappingCount();
      CountDownLatch busy = new CountDownLatch(THREADS * 2);
      List<Future<Long>> writers = new ArrayList<>();
      try (ExecutorService threads = Executors.newCachedThreadPool()) {
        for (int t = 0; t < THREADS; t++) {
          long first = base + t;
          writers.add(
              threads.submit(() -> {
                long key = first;
                try {
                  while (true) {
                    map.put(key, "value " + key);
                    key += THREADS;
                    busy.countDown();
                  }
                } catch (StoreClosedException _) {
                  return key;
                }
              }));
          var _ =
              threads.submit(() -> {
                try {
                  while (true) {
                    for (String value : map.values()) {
                      assertThat(value).startsWith("value ");
                    }
                    assertThat(map.get(-1L)).isNull();
                    busy.countDown();
                  }
                } catch (StoreClosedException _) {
                  return null;
                }
              });
        }
        busy.await();
        map.close();
      }
      try (HMap<Long, String> again = open(durability)) {
        for (int t = 0; t < THREADS; t++) {
          for (long key = base + t; key < writers.get(t).get(); key += THREADS) {
            assertThat(again.get(key)).isEqualTo("value " + key);
          }
        }
        again.clear();
      }
    }
  }

  @Test
  void interruptsOfCallersNeitherBreakTheStoreNorLoseTheFlag() throws Exception {
    ConcurrentHashMap<Long, String> model = new ConcurrentHashMap<>();
    try (HMap<Long, String> map = open(Durability.SYNC);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        long first = t;
        all.add(
            threads.submit(() -> {
              for (long key = first; key < 400; key += THREADS) {
                Thread.currentThread().interrupt();
                map.put(key, "value " + key);
                model.put(key, "value " + key);
                assertThat(map.get(key)).isEqualTo("value " + key);
                assertThat(Thread.interrupted()).as("the flag").isTrue();
              }
            }));
      }
      for (Future<?> future : all) {
        future.get();
      }
      Thread.currentThread().interrupt();
    }
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    try (HMap<Long, String> map = open(Durability.SYNC)) {
      assertThat(map).isEqualTo(model);
    }
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void moreCallersThanPlacesInTheRingAllGetThrough() throws Exception {
    int callers = 3_000;
    try (HMap<Long, String> map = open(Durability.SYNC)) {
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (long i = 0; i < callers; i++) {
          long key = i;
          var _ = threads.submit(() -> map.put(key, "value " + key));
        }
      }
      assertThat(map).hasSize(callers);
      assertThat(map.stats().log().forces()).as("writers share forces").isLessThan(callers / 2);
    }
  }

  @Test
  void futuresAreCompletedInOrderAndNotByTheWriter() {
    try (HMap<Long, String> map = open(Durability.ASYNC)) {
      List<Long> order = new ArrayList<>();
      AtomicBoolean onWriter = new AtomicBoolean();
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (long i = 0; i < 5_000; i++) {
        long key = i;
        all.add(
            map.putAsync(key % 100, "value " + key)
                .thenAccept(before -> {
                  synchronized (order) {
                    order.add(key);
                  }
                  if (Thread.currentThread().getName().startsWith("hmap-writer")) {
                    onWriter.set(true);
                  }
                  assertThat(before).isEqualTo(key < 100 ? null : "value " + (key - 100));
                }));
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
      assertThat(onWriter).isFalse();
    }
  }

  @Test
  void anErrorOfACodecFailsItsFutureAndNoOther() throws Exception {
    Codec<String> picky =
        new Codec<>() {
          @Override
          public String shape() {
            return "picky";
          }

          @Override
          public byte[] encode(String value) {
            return Codec.STRING.encode(value);
          }

          @Override
          public String decode(byte[] bytes, int offset, int length) {
            String value = Codec.STRING.decode(bytes, offset, length);
            if (value.equals("bad")) {
              throw new StackOverflowError("of a codec");
            }
            return value;
          }
        };
    try (HMap<Long, String> map = HMap.open(folder.resolve("picky.hmap"), Codec.LONG, picky)) {
      map.putAsync(1L, "bad").join();
      assertThat(map.putAsync(1L, "good")).failsWithin(Duration.ofSeconds(30));
      assertThat(map.putAsync(1L, "better").get(30, TimeUnit.SECONDS)).isEqualTo("good");
    }
  }
}
