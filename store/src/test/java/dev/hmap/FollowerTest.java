package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hmap.error.StoreClosedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A reader that follows a writer. */
@Timeout(120)
@Tag("promise:7")
@Tag("verify")
class FollowerTest {
  private static final int KEYS = 20_000;

  @TempDir Path folder;

  private static HMapBuilder<Long, Long> at(Path path) {
    return HMap.at(path, Codec.LONG, Codec.LONG).durability(Durability.ASYNC).maxLog(1 << 20);
  }

  /**
   * The writer's process: write {@code i} puts {@code i} to key {@code i mod KEYS}, at full speed.
   */
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) throws IOException {
      try (HMap<Long, Long> map = at(Path.of(args[0])).open()) {
        for (long i = 0; System.in.available() == 0; i += 100) {
          long first = i;
          map.write(batch -> {
            for (long j = first; j < first + 100; j++) {
              batch.put(j % KEYS, j);
            }
          });
        }
      }
    }
  }

  /** How many writes a map is the result of; fails if it is no prefix of them. */
  private static long writes(HMap<Long, Long> map) {
    long[] values = new long[KEYS];
    Arrays.fill(values, -1);
    map.forEach((key, value) -> values[Math.toIntExact(key)] = value);
    long last = Arrays.stream(values).max().orElse(-1);
    for (int key = 0; key < KEYS; key++) {
      long expected = Math.max(-1, last - Math.floorMod(last - key, (long) KEYS));
      assertThat(values[key]).isEqualTo(expected);
    }
    return last + 1;
  }

  /** What it was read from is still mapped, but with other bytes than a moment before. */
  @Test
  void aReaderThatIsClosedWhileItReadsGivesNoAnswer() {
    Path path = folder.resolve("store.hmap");
    try (HMap<Long, Long> writer = at(path).open()) {
      writer.put(1L, 1L);
      HMap<Long, Long> reader = at(path).readOnly().open();
      assertThatThrownBy(() ->
              reader.read(
                  1L,
                  value -> {
                    reader.close();
                    return value.byteSize();
                  }))
          .isInstanceOf(StoreClosedException.class);
    }
  }

  @Test
  void aFollowerInAnotherProcessSeesEveryValueInOrder() throws Exception {
    Path path = folder.resolve("store.hmap");
    at(path).create().close();
    Process writer =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                path.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (HMap<Long, Long> map = at(path).readOnly().open()) {
      long seen = 0;
      long refreshes = 0;
      long reopened = 0;
      long worstLag = 0;
      long lags = 0;
      Budget budget = Budget.of(0.05, 300);
      while (budget.isLeft(refreshes) || seen < 1_000_000) {
        long lag = map.stats().lag().records();
        worstLag = Math.max(worstLag, lag);
        lags += lag;
        long wait = System.nanoTime();
        map.refresh();
        reopened += System.nanoTime() - wait > 1_000_000 ? 1 : 0;
        long now = writes(map);
        assertThat(now).isGreaterThanOrEqualTo(seen);
        seen = now;
        refreshes++;
      }
      System.out.printf(
          "follower: %,d writes seen by %,d refreshes, %,d of more than 1 ms; lag before each: %,d"
              + " batches on average, %,d at most%n",
          seen, refreshes, reopened, lags / refreshes, worstLag);
      writer.getOutputStream().write('x');
      writer.getOutputStream().flush();
      while (writer.isAlive()) {
        map.refresh(); // so that its last checkpoint passes
      }
      assertThat(writer.exitValue()).isZero();
      map.refresh();
      long all = writes(map);
      assertThat(map.stats().lag().records()).isZero();
      try (HMap<Long, Long> after = at(path).readOnly().open()) {
        assertThat(writes(after)).isEqualTo(all);
      }
    } finally {
      writer.destroyForcibly();
    }
  }

  @Test
  void othersReadAndIterateWhileItIsRefreshed() throws Exception {
    Path path = folder.resolve("store.hmap");
    AtomicBoolean stop = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (HMap<Long, Long> writer = at(path).open()) {
      for (long i = 0; i < KEYS; i++) {
        writer.put(i, 0L);
      }
      try (HMap<Long, Long> map = at(path).readOnly().open()) {
        Thread reader =
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    long last = 0;
                    while (!stop.get()) {
                      long entries = 0;
                      Iterator<Map.Entry<Long, Long>> all = map.entrySet().iterator();
                      while (all.hasNext()) {
                        all.next();
                        entries++;
                      }
                      assertThat(entries).isEqualTo(KEYS);
                      Long value = map.get(7L);
                      assertThat(value).isGreaterThanOrEqualTo(last);
                      last = value;
                    }
                  } catch (Throwable e) {
                    failure.set(e);
                  }
                });
        for (long round = 1; round <= 40; round++) {
          long value = round;
          writer.write(batch -> {
            for (long i = 0; i < KEYS; i++) {
              batch.put(i, value);
            }
          });
          map.refresh();
          assertThat(map.get(7L)).isEqualTo(value);
        }
        stop.set(true);
        reader.join();
        assertThat(failure.get()).isNull();
        assertThat(writer.stats().log().checkpoints()).isPositive();
      }
    }
  }

  @Test
  void itFollowsThroughClosingOpeningClearingAndCompaction() {
    Path path = folder.resolve("store.hmap");
    try (HMap<Long, Long> writer = at(path).open()) {
      writer.put(1L, 1L);
    }
    try (HMap<Long, Long> map = at(path).readOnly().open()) {
      assertThat(map).containsOnly(Map.entry(1L, 1L));
      try (HMap<Long, Long> writer = at(path).open()) {
        writer.put(2L, 2L);
        map.refresh();
        assertThat(map).containsOnly(Map.entry(1L, 1L), Map.entry(2L, 2L));
        writer.clear();
        writer.put(3L, 3L);
        assertThat(map.stats().lag().records()).isEqualTo(2);
        map.refresh();
        assertThat(map.stats().lag().records()).isZero();
        assertThat(map).containsOnly(Map.entry(3L, 3L));
        writer.write(batch -> batch.mark(new byte[] {5}));
        map.refresh();
        assertThat(map.mark()).containsExactly(5);
      }
      map.refresh();
      assertThat(map).containsOnly(Map.entry(3L, 3L));
      CompletableFuture<Void> compacted =
          CompletableFuture.runAsync(() -> {
            var _ = HMapAdmin.compact(path, _ -> {});
          });
      while (!compacted.isDone()) {
        map.refresh(); // so that the checkpoint that the writer left can be finished
      }
      compacted.join();
      map.refresh();
      assertThat(map).containsOnly(Map.entry(3L, 3L));
      try (HMap<Long, Long> writer = at(path).open()) {
        writer.put(4L, 4L);
        map.refresh();
        assertThat(map).containsOnly(Map.entry(3L, 3L), Map.entry(4L, 4L));
      }
    }
  }
}
