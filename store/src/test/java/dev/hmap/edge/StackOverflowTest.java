package dev.hmap.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Codec;
import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.HMapStats;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A program that recurses until its stack is full, catches that, and uses a map all the while. */
@Tag("verify")
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("promise:8")
@Tag("promise:callbacks")
class StackOverflowTest {
  private static final int ROUNDS = 10;
  private static final long STACK_BYTES = 256 << 10;

  /** Frames from the end of the stack upwards in which a call is tried. */
  private static final int FRAMES = 400;

  /** Until an idle writer is parked: to wake it takes the most room on the stack. */
  private static final long PAUSE_NANOS = 60_000;

  @TempDir Path folder;

  /** What is called where the stack is nearly full. */
  enum Call {
    PUT {
      @Override
      void on(HMap<Long, Long> map, long key) {
        map.put(key, key);
      }
    },
    REMOVE {
      @Override
      void on(HMap<Long, Long> map, long key) {
        map.remove(-key);
      }
    },
    MERGE {
      @Override
      void on(HMap<Long, Long> map, long key) {
        map.merge(key, key, (a, _) -> a);
      }
    },
    PUT_ASYNC {
      @Override
      void on(HMap<Long, Long> map, long key) {
        var _ = map.putAsync(key, key);
      }
    },
    STATS {
      @Override
      void on(HMap<Long, Long> map, long key) {
        assertThat(map.stats().count()).isNotNegative();
      }
    },
    ITERATE {
      @Override
      void on(HMap<Long, Long> map, long key) {
        assertThat(map.keySet().iterator().next()).isNotNull();
      }
    };

    abstract void on(HMap<Long, Long> map, long key);
  }

  @ParameterizedTest
  @EnumSource
  void aStackOverflowInACallBlocksNobody(Call call) throws InterruptedException {
    Path path = folder.resolve("x.hmap");
    boolean[] returned = new boolean[ROUNDS * (FRAMES + 1)];
    try (HMap<Long, Long> map = open(path)) {
      map.put(-1L, -1L);
      for (int round = 0; round < ROUNDS; round++) {
        int first = round * (FRAMES + 1);
        atTheEndOfTheStack(
            round,
            frame -> {
              call.on(map, first + frame + 1);
              returned[first + frame] = true;
            });
        map.put(-1L, -1L);
      }
      HMapStats stats = map.stats();
      assertThat(stats.count()).isPositive();
      map.sync();
      if (call == Call.PUT || call == Call.MERGE) {
        assertAllThere(map, returned);
      }
    }
    try (HMap<Long, Long> map = open(path)) {
      if (call == Call.PUT || call == Call.MERGE) {
        assertAllThere(map, returned);
      }
      map.put(0L, 0L);
    }
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void aStackOverflowInCloseLeavesItToTheNextClose(Durability durability)
      throws InterruptedException {
    for (int round = 0; round < 10; round++) {
      Path path = folder.resolve("x%d.hmap".formatted(round));
      HMap<Long, Long> map =
          HMap.at(path, Codec.LONG, Codec.LONG).durability(durability).withoutBean().open();
      map.put(1L, 1L);
      atTheEndOfTheStack(round, _ -> map.close());
      map.close();
      try (HMap<Long, Long> again = open(path)) {
        assertThat(again).containsEntry(1L, 1L);
      }
    }
  }

  private static void assertAllThere(HMap<Long, Long> map, boolean[] returned) {
    int count = 0;
    for (int i = 0; i < returned.length; i++) {
      if (returned[i]) {
        assertThat(map).containsKey(i + 1L);
        count++;
      }
    }
    assertThat(count).isPositive();
  }

  private static HMap<Long, Long> open(Path path) {
    return HMap.at(path, Codec.LONG, Codec.LONG).durability(Durability.ASYNC).withoutBean().open();
  }

  /** Has a call made in each of the last frames of a full stack, from the deepest one up. */
  private static void atTheEndOfTheStack(int round, IntConsumer call) throws InterruptedException {
    int[] frame = new int[1];
    Thread thread = new Thread(null, () -> recurse(round, 0, frame, call), "deep", STACK_BYTES);
    thread.start();
    Assertions.assertTrue(thread.join(Duration.ofSeconds(60)), "a call does not return");
    assertThat(frame[0]).isEqualTo(FRAMES);
  }

  /**
   * Begins with some frames of another size, so that the stack ends at another place of the call.
   */
  private static long recurse(int wider, long sum, int[] frame, IntConsumer call) {
    long deeper;
    try {
      deeper =
          wider > 0
              ? recurseWider(wider - 1, sum + 1, frame, call)
              : recurse(0, sum + 1, frame, call);
    } catch (StackOverflowError _) {
      deeper = 0;
    }
    return tryHere(frame, call) + deeper;
  }

  private static long recurseWider(int wider, long sum, int[] frame, IntConsumer call) {
    long more = sum + wider;
    return recurse(wider, more, frame, call) + more;
  }

  private static int tryHere(int[] frame, IntConsumer call) {
    if (frame[0] == FRAMES) {
      return 0;
    }
    try {
      LockSupport.parkNanos(PAUSE_NANOS);
      call.accept(frame[0]++);
    } catch (StackOverflowError _) {
      // as was to be expected
    }
    return 1;
  }
}
