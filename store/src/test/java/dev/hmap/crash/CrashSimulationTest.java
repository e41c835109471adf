package dev.hmap.crash;

import dev.hmap.Budget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
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
class CrashSimulationTest {
  private static final int IMAGES_PER_CALL = 8;

  @Test
  void shouldOpenAsAPrefixAfterSomeCrashes() throws Exception {
    run(10_000, Budget.rounds(10_000), Long.getLong("crash.seed", 2));
  }

  @Test
  @Tag("verify")
  void shouldOpenAsAPrefixAfterAnyCrash() throws Exception {
    run(100_000, Budget.rounds(100_000), Long.getLong("crash.seed", 1));
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
    run(
        Long.MAX_VALUE,
        Budget.of(1, Long.getLong("crash.images", 1_000_000)),
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

  /**
   * Runs workloads until there are enough images.
   *
   * @param sample so many images are spread over all workloads, with crashes at some of the calls
   * @param budget counts images
   */
  private static void run(long sample, Budget budget, long firstSeed) throws Exception {
    // a sample that happens to write on from a large store would go on for minutes
    Campaign.Counts counts =
        new Campaign.Counts(sample == Long.MAX_VALUE ? sample : sample * 3 / 2);
    String only = System.getProperty("crash.workload");
    List<Workload> workloads =
        Arrays.stream(Workload.values())
            .filter(w -> only == null || w.name().equals(only))
            .toList();
    AtomicLong next = new AtomicLong();
    long begun = System.nanoTime();
    List<Future<?>> workers = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < 2; i++) {
        workers.add(
            executor.submit(() -> {
              while (budget.isLeft(counts.images.get())) {
                long n = next.getAndIncrement();
                Workload workload = workloads.get((int) (n % workloads.size()));
                long seed = firstSeed + n / workloads.size();
                try {
                  new Campaign(workload, seed, IMAGES_PER_CALL, f -> f, counts)
                      .run(script(workload, seed), sample / workloads.size());
                } catch (AssertionError | RuntimeException e) {
                  throw shrunk(workload, seed, e);
                }
                if (sample == Long.MAX_VALUE) {
                  System.out.printf(
                      "crash simulation: %,d images after %s, seed %d%n",
                      counts.images.get(), workload, seed);
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
        "crash simulation from seed %d: %s; %d s%n",
        firstSeed, counts, (System.nanoTime() - begun) / 1_000_000_000);
  }
}
