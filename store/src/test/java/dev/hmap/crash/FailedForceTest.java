package dev.hmap.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Budget;
import dev.hmap.Durability;
import dev.hmap.Silence;
import dev.hmap.crash.FaultyFileSystem.Fault;
import dev.hmap.crash.Oracle.Bounds;
import dev.hmap.io.FileSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A force fails, and what it was to write never reaches the medium, but is there for all who read
 * the file. The store is reopened on that, without a restart of the machine, and written on; then
 * the power is cut. Every write that was acknowledged before or after must be there.
 */
@ExtendWith(Silence.class)
@Tag("promise:1")
@Tag("promise:2")
class FailedForceTest {
  private static final int IMAGES_PER_CALL = 4;

  private static final double STRIDE = 0.2;
  private static final double SHARE = 0.2;

  private final Campaign.Counts counts = new Campaign.Counts();

  @ParameterizedTest
  @Tag("verify")
  @MethodSource("dev.hmap.crash.Workload#withoutExpiry")
  void shouldLoseNothingAcknowledgedBehindIt(Workload workload) throws Exception {
    assertThat(Sweeps.AHEAD.of(workload)).as("runs").isGreaterThan(3);
  }

  /** The sweeps over the forces of one script of each workload. */
  private static final class Sweeps {
    static final Ahead<Workload, Integer> AHEAD =
        new Ahead<>(
            Workload.withoutExpiry(),
            workload -> {
              FailedForceTest test = new FailedForceTest();
              int runs = test.sweep(workload, 1, STRIDE, SHARE, Budget.rounds(Long.MAX_VALUE));
              System.out.printf(
                  "failed forces: %s, %d runs, %,d images at %,d calls%n",
                  workload, runs, test.counts.images.get(), test.counts.calls.get());
              return runs;
            });
  }

  /** A reader holds up the checkpoint in which all is made durable: the opening does not wait. */
  @Test
  @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldOpenBesideAReader() {
    SimulatedFileSystem simulated = new SimulatedFileSystem();
    FaultyFileSystem faulty = new FaultyFileSystem(simulated, Fault.FORCE_ERROR, 20, 1);
    List<Step> puts =
        IntStream.range(0, 50).mapToObj(i -> Step.of(Step.Kind.PUT, i, i, 8)).toList();
    List<Step> beside = new ArrayList<>(puts);
    beside.addFirst(Step.of(Step.Kind.READ));
    History all =
        behindFailure(Shape.LONGS, Workload.READERS, simulated, faulty, puts, _ -> beside);
    assertThat(faulty.hasStruck()).isTrue();
    new Campaign(Workload.READERS, 1, IMAGES_PER_CALL, f -> f, counts)
        .runBehindFailedForce(simulated, all, 1);
  }

  /** Other scripts, for {@code -Dstress.seconds}. */
  @Test
  @Tag("campaign")
  void shouldLoseNothingInManyScripts() {
    List<Workload> all = Workload.withoutExpiry();
    Budget budget = Budget.of(1, 20);
    int runs = 0;
    for (long round = 0; budget.isLeft(round); round++) {
      runs += sweep(all.get((int) (round % all.size())), System.nanoTime(), STRIDE, 1, budget);
    }
    System.out.printf(
        "failed forces: %,d runs, %,d images at %,d calls%n",
        runs, counts.images.get(), counts.calls.get());
  }

  /**
   * Has one force after the other fail, each in a run of its own.
   *
   * @param stride by which part of itself the number of the force grows
   * @param share of the calls after it that are crash points
   */
  private int sweep(Workload workload, long seed, double stride, double share, Budget budget) {
    int runs = 0;
    boolean struck = true;
    for (int call = 1; struck && budget.isLeft(0); call += 1 + (int) (call * stride)) {
      try {
        struck = run(workload.shape, workload, seed, call, share);
      } catch (AssertionError e) {
        throw new AssertionError(
            "workload %s, seed %d, force %d fails: %s"
                .formatted(workload, seed, call, e.getMessage()),
            e);
      }
      runs++;
    }
    return runs;
  }

  /** Whether there was such a force. */
  private <K, V> boolean run(
      Shape<K, V> shape, Workload workload, long seed, int call, double share) {
    SimulatedFileSystem simulated = new SimulatedFileSystem();
    FaultyFileSystem faulty = new FaultyFileSystem(simulated, Fault.FORCE_ERROR, call, 1);
    History all =
        behindFailure(
            shape,
            workload,
            simulated,
            faulty,
            workload.script(seed),
            model -> opened(workload.more(call, model, 9_000_000)));
    if (faulty.hasStruck()) {
      new Campaign(workload, call, IMAGES_PER_CALL, f -> f, counts)
          .runBehindFailedForce(simulated, all, share);
    }
    return faulty.hasStruck();
  }

  /** Runs one script until a force fails, and another on what that left. */
  private static <K, V> History behindFailure(
      Shape<K, V> shape,
      Workload workload,
      SimulatedFileSystem simulated,
      FaultyFileSystem faulty,
      List<Step> script,
      Function<Model, List<Step>> more) {
    History before =
        runner(shape, workload, faulty, simulated, new History(shape, List.of()))
            .runUntilFailure(script);
    if (!faulty.hasStruck()) {
      return before;
    }
    Bounds any = new Bounds(false, 0, before.size());
    int prefix = Math.max(0, Oracle.check(simulated, false, before, any, true));
    History held = before.cut(prefix);
    return runner(shape, workload, simulated, simulated, held)
        .run(more.apply(Model.after(held, prefix)));
  }

  /**
   * Without readers who come before the writer: where a committed checkpoint is in doubt, it waits
   * for them.
   */
  private static List<Step> opened(List<Step> script) {
    return script.stream().dropWhile(step -> step.kind() == Step.Kind.READ).toList();
  }

  private static <K, V> Runner<K, V> runner(
      Shape<K, V> shape,
      Workload workload,
      FileSystem seen,
      SimulatedFileSystem simulated,
      History before) {
    return new Runner<>(shape, Durability.SYNC, workload.syncInterval(0), seen, simulated, before);
  }
}
