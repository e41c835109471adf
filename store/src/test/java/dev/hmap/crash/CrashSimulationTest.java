package dev.hmap.crash;

import dev.hmap.Budget;
import dev.hmap.Silence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * After a crash at any call, whatever the medium kept of what was not forced, a store opens as an
 * exact prefix of its writes with every acknowledged durable one.
 *
 * <p>A violation is told with its workload and seed, and with the fewest steps of that script which
 * still fail; {@code -Dcrash.workload=NAME -Dcrash.seed=N -Dcrash.steps=...} runs them alone. The
 * threads of a store may interleave otherwise the next time, and salts are random, so the image
 * itself is kept too, in {@code target/crash-images}.
 */
@ExtendWith(Silence.class)
@Tag("promise:1")
@Tag("promise:2")
@Tag("promise:3")
@Tag("promise:5")
@Tag("promise:6")
@Tag("promise:7")
class CrashSimulationTest {
  private static final int IMAGES_PER_CALL = 8;

  @Test
  void shouldOpenAsAPrefixAfterSomeCrashes() throws Exception {
    run(10_000, 15_000, Budget.rounds(10_000), Long.getLong("crash.seed", 2));
  }

  @Test
  @Tag("verify")
  void shouldOpenAsAPrefixAfterAnyCrash() throws Exception {
    run(100_000, 150_000, Budget.rounds(100_000), Long.getLong("crash.seed", 1));
  }

  @Test
  void shouldNotBringAnOldRecordBackBehindOneThatIsWrittenAgain() {
    RepeatedWrites.run();
  }

  @Test
  void shouldKeepWhatALifeWithoutWritesReplayed() {
    UnwrittenLife.run();
  }

  /**
   * A reader leaves the store unclean. Its log goes with the compaction, by it or by the next
   * writer; if that is kept, so is the new name of the data file.
   */
  @Test
  void aCompactionOfAnUncleanStoreLosesItWithTheRename() {
    List<Step> script =
        List.of(
            Step.of(Step.Kind.PUT, 1, 1, 10),
            Step.of(Step.Kind.READ),
            Step.of(Step.Kind.REOPEN),
            Step.of(Step.Kind.PUT, 2, 2, 10),
            Step.of(Step.Kind.COMPACT),
            Step.of(Step.Kind.PUT, 3, 3, 10));
    new Campaign(Workload.READERS, 1, IMAGES_PER_CALL, f -> f, new Campaign.Counts())
        .run(script, Long.MAX_VALUE);
  }

  @Test
  @Tag("campaign")
  void shouldOpenAsAPrefixAfterAMillionCrashes() throws Exception {
    long images = Long.getLong("crash.images", 1_000_000);
    run(
        images,
        Long.MAX_VALUE,
        Budget.of(1, images),
        Long.getLong("crash.seed", System.nanoTime()));
  }

  private static List<Step> script(Workload workload, long seed) {
    List<Step> all = workload.script(seed);
    String steps = System.getProperty("crash.steps");
    return steps == null
        ? all
        : Shrinker.steps(
            all, Pattern.compile(",").splitAsStream(steps).map(Integer::valueOf).toList());
  }

  private static AssertionError shrunk(Workload workload, long seed, Throwable e) {
    Shrinker shrinker = new Shrinker(workload, seed, f -> f);
    return new AssertionError(
        "workload %s, seed %d: %s%n%s"
            .formatted(workload, seed, e.getMessage(), shrinker.describe(shrinker.shrink())),
        e);
  }

  /** Deals out scripts, so that all workloads come to as many images, however many one has. */
  private static final class Turns {
    private final EnumMap<Workload, Long> images = new EnumMap<>(Workload.class);
    private final EnumMap<Workload, Long> nextSeed = new EnumMap<>(Workload.class);

    Turns(long firstSeed) {
      String only = System.getProperty("crash.workload");
      for (Workload workload : Workload.values()) {
        if (only == null || workload.name().equals(only)) {
          images.put(workload, 0L);
          nextSeed.put(workload, firstSeed);
        }
      }
    }

    int workloads() {
      return images.size();
    }

    /** Whether a workload has not had its turn, for others came to more than was wanted. */
    synchronized boolean hasUntaken() {
      return images.containsValue(0L);
    }

    /** Takes the workload with the fewest images, for about this many more. */
    synchronized Turn take(long wanted) {
      Workload workload = Collections.min(images.entrySet(), Map.Entry.comparingByValue()).getKey();
      images.merge(workload, wanted, Long::sum);
      return new Turn(workload, nextSeed.merge(workload, 1L, Long::sum) - 1, wanted);
    }

    /** Puts right what a script came to. */
    synchronized void end(Turn turn, long came) {
      images.merge(turn.workload, came - turn.wanted, Long::sum);
    }

    @Override
    public synchronized String toString() {
      return images.entrySet().stream()
          .map(e -> "%s %,d".formatted(e.getKey(), e.getValue()))
          .collect(Collectors.joining(", "));
    }
  }

  /** One script of a workload, for about as many images as wanted. */
  private record Turn(Workload workload, long seed, long wanted) {}

  /**
   * Runs workloads until there are enough images.
   *
   * @param sample this many images are spread over all workloads, with crashes at all calls of a
   *     script that has no more than its part, else at some
   * @param most where a script that has more after all ends
   * @param budget counts images
   */
  private static void run(long sample, long most, Budget budget, long firstSeed) throws Exception {
    Campaign.Counts counts = new Campaign.Counts(most);
    Turns turns = new Turns(firstSeed);
    long begun = System.nanoTime();
    List<Future<?>> workers = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < 2; i++) {
        workers.add(
            executor.submit(() -> {
              while (budget.isLeft(counts.images.get()) || turns.hasUntaken()) {
                Turn turn = turns.take(sample / turns.workloads());
                Campaign campaign =
                    new Campaign(turn.workload, turn.seed, IMAGES_PER_CALL, f -> f, counts);
                try {
                  campaign.run(script(turn.workload, turn.seed), turn.wanted);
                } catch (AssertionError | RuntimeException e) {
                  throw shrunk(turn.workload, turn.seed, e);
                }
                turns.end(turn, campaign.images());
                if (most == Long.MAX_VALUE) {
                  System.out.printf(
                      "crash simulation: %,d images after %s, seed %d%n",
                      counts.images.get(), turn.workload, turn.seed);
                }
              }
            }));
      }
    }
    for (Future<?> worker : workers) {
      try {
        worker.get();
      } catch (ExecutionException e) {
        throw new AssertionError(e.getCause().getMessage(), e.getCause());
      }
    }
    System.out.printf(
        "crash simulation from seed %d: %s; %s; %d s%n",
        firstSeed, counts, turns, (System.nanoTime() - begun) / 1_000_000_000);
  }
}
