package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreClosedException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.store.Environment;
import java.io.Closeable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that hangs inside a force, or is slow: who waits, for what, and at what cost. */
@Timeout(60)
class SlowDiskTest {
  /** Writes that may be on their way. */
  private static final int PLACES = 1_024;

  private static final int CALLERS = 8;
  private static final double WAITING_PROCESSOR_SHARE = 0.1;

  @TempDir Path folder;
  private final GatedFileSystem disk = new GatedFileSystem();

  @AfterEach
  void openGate() {
    disk.openGate(); // or a store would never be closed
  }

  private HMap<Long, String> open() {
    return HMap.at(folder.resolve("store.hmap"), Codec.LONG, Codec.STRING)
        .in(Environment.REAL.with(disk))
        .open();
  }

  /** Fills the ring while a force hangs: these writes do not wait. */
  private List<CompletableFuture<String>> fillRing(HMap<Long, String> map)
      throws InterruptedException {
    disk.closeGate();
    List<CompletableFuture<String>> futures = new ArrayList<>();
    futures.add(map.putAsync(0L, "value 0"));
    disk.awaitForce();
    for (long key = 1; key < PLACES; key++) {
      futures.add(map.putAsync(key, "value " + key));
    }
    return futures;
  }

  private static void awaitParked(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      assertThat(thread.isAlive()).isTrue();
      assertThat(Thread.currentThread().isInterrupted()).as("timed out").isFalse();
      Thread.onSpinWait();
    }
  }

  @Test
  void behindAThousandWritesCallersParkAndKeepTheirInterrupts() throws Exception {
    try (HMap<Long, String> map = open();
        Closeable _ = disk::openGate) {
      List<CompletableFuture<String>> futures = fillRing(map);
      assertThat(futures).noneMatch(CompletableFuture::isDone);
      assertThat(map.get(0L)).as("what is not durable is not seen").isNull();

      AtomicInteger flagsKept = new AtomicInteger();
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        long key = (long) PLACES + i;
        callers.add(
            Thread.ofPlatform()
                .start(() -> {
                  if (key % 2 == 0) {
                    map.put(key, "value " + key);
                  } else {
                    var _ = map.putAsync(key, "value " + key);
                  }
                  flagsKept.addAndGet(Thread.interrupted() ? 1 : 0);
                }));
      }
      callers.forEach(SlowDiskTest::awaitParked);
      double share = processorShare(callers);
      System.out.printf(
          "slow disk: %d callers that wait for a place use %.2f%% of a processor%n",
          CALLERS, 100 * share);
      assertThat(share).isLessThan(WAITING_PROCESSOR_SHARE);
      callers.forEach(Thread::interrupt);
      callers.forEach(SlowDiskTest::awaitParked);
      assertThat(futures).noneMatch(CompletableFuture::isDone);

      disk.openGate();
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(flagsKept).hasValue(CALLERS);
      map.sync();
      for (long key = 0; key < PLACES + CALLERS; key++) {
        assertThat(map.get(key)).isEqualTo("value " + key);
      }
    }
  }

  private static double processorShare(List<Thread> threads) throws InterruptedException {
    ThreadMXBean bean = ManagementFactory.getThreadMXBean();
    long before = threads.stream().mapToLong(t -> bean.getThreadCpuTime(t.threadId())).sum();
    long start = System.nanoTime();
    assertThat(new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS)).isFalse();
    long after = threads.stream().mapToLong(t -> bean.getThreadCpuTime(t.threadId())).sum();
    return (double) (after - before) / (System.nanoTime() - start);
  }

  @Test
  void waitingForAFutureCanBeGivenUpAndTheWriteIsMadeAllTheSame() throws Exception {
    try (HMap<Long, String> map = open();
        Closeable _ = disk::openGate) {
      disk.closeGate();
      CompletableFuture<String> future = map.putAsync(1L, "one");
      assertThatThrownBy(() -> future.get(1, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      Thread waiting =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  future.get();
                } catch (Exception e) {
                  thrown.complete(e);
                }
              });
      awaitParked(waiting);
      waiting.interrupt();
      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
      disk.openGate();
      assertThat(future.get()).isNull();
      assertThat(map).containsOnly(Map.entry(1L, "one"));
    }
  }

  @Test
  void aPutReturnsBehindItsForceAndNotBefore() throws Exception {
    int puts = 50;
    AtomicInteger returned = new AtomicInteger();
    try (HMap<Long, String> map = open();
        Closeable _ = disk::openGate) {
      disk.closeGate();
      Thread caller =
          Thread.ofPlatform()
              .start(() -> {
                for (long key = 0; key < puts; key++) {
                  map.put(key, "value " + key);
                  returned.incrementAndGet();
                }
              });
      disk.awaitForce();
      disk.passOne(); // of the new log file
      for (int i = 0; i < puts; i++) {
        disk.awaitForce();
        assertThat(returned).hasValue(i);
        assertThat(map).hasSize(i);
        disk.passOne();
      }
      caller.join();
      disk.openGate();
      assertThat(map).hasSize(puts);
    }
  }

  @Test
  void closingBehindAFullRingAnswersEveryCaller() throws Exception {
    int callers = 3 * PLACES;
    ConcurrentHashMap<Long, String> model = new ConcurrentHashMap<>();
    AtomicInteger refused = new AtomicInteger();
    HMap<Long, String> map = open();
    List<CompletableFuture<String>> futures = fillRing(map);
    for (long key = 0; key < PLACES; key++) {
      model.put(key, "value " + key);
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch started = new CountDownLatch(callers / 2);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        long key = (long) PLACES + i;
        all.add(
            threads.submit(() -> {
              started.countDown();
              try {
                map.put(key, "value " + key);
                model.put(key, "value " + key);
              } catch (StoreClosedException _) {
                refused.incrementAndGet();
              }
            }));
      }
      started.await();
      Thread closer = Thread.ofPlatform().start(map::close);
      awaitParked(closer);
      disk.openGate();
      closer.join();
      for (Future<?> future : all) {
        future.get();
      }
    }
    for (CompletableFuture<String> future : futures) {
      assertThat(future.get()).isNull();
    }
    System.out.printf(
        "slow disk: %,d callers, %,d of them refused by closing%n", callers, refused.get());
    assertThat(model).hasSize(PLACES + callers - refused.get());
    try (HMap<Long, String> again = open()) {
      assertThat(again).isEqualTo(model);
    }
  }

  @Test
  void aCheckpointThatRunsOutOfMemoryHoldsUpNobody() {
    int entries = 1_500;
    String value = "v".repeat(60_000); // together more than the copies of pages may take
    HMap<Long, String> map =
        HMap.at(folder.resolve("store.hmap"), Codec.LONG, Codec.STRING)
            .durability(Durability.ASYNC)
            .in(Environment.REAL.with(disk))
            .open();
    for (long key = 0; key < entries; key++) {
      var _ = map.putAsync(key, value);
    }
    disk.failCheckpoints(true);
    assertThatThrownBy(map::close)
        .isInstanceOf(StoreFailedException.class)
        .hasMessageContaining("simulated");
    disk.failCheckpoints(false);
    try (HMap<Long, String> again = open()) {
      assertThat(again.mappingCount()).isEqualTo(entries);
      assertThat(again.get(7L)).isEqualTo(value);
    }
  }
}
