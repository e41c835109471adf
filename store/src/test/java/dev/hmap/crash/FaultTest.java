package dev.hmap.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hmap.Budget;
import dev.hmap.Silence;
import dev.hmap.crash.FaultyFileSystem.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whichever call fails, once, a few times or for good: each operation succeeds or says why not,
 * nothing hangs, and a store reopened holds what was acknowledged and nothing that was refused.
 */
@Tag("verify")
@ExtendWith(Silence.class)
@Tag("promise:4")
@Tag("promise:callbacks")
class FaultTest {
  private static final int A_FEW = 12;
  private static final long SECONDS = 30;

  /** By which part of itself the number of the failing call grows; 0 fails every call. */
  private static final double STRIDE =
      Double.parseDouble(System.getProperty("fault.stride", "0.12"));

  /** Calls that fail, one after the other, each in a run of its own. */
  private record Sweep(Workload workload, Fault fault, int times) {}

  /** The sweeps over one script of each workload. */
  private static final class Sweeps {
    static final Ahead<Sweep, Boolean> AHEAD = new Ahead<>(all(), Sweeps::run);

    private static List<Sweep> all() {
      List<Sweep> sweeps = new ArrayList<>();
      for (Workload workload : Workload.withoutExpiry()) {
        for (int times : new int[] {1, A_FEW, Integer.MAX_VALUE}) {
          sweeps.add(new Sweep(workload, Fault.NO_SPACE, times));
          sweeps.add(new Sweep(workload, Fault.NO_SPACE_AHEAD, times));
        }
        sweeps.add(new Sweep(workload, Fault.IO_ERROR, 1));
        sweeps.add(new Sweep(workload, Fault.IO_ERROR, Integer.MAX_VALUE));
        sweeps.add(new Sweep(workload, Fault.NO_MEMORY, 1));
      }
      return sweeps;
    }

    private static boolean run(Sweep sweep) throws Exception {
      sweep(sweep.workload, 1, sweep.fault, sweep.times);
      return true;
    }
  }

  @ParameterizedTest
  @MethodSource("dev.hmap.crash.Workload#withoutExpiry")
  void shouldSayThatACallFailedAndRecover(Workload workload) throws Exception {
    await(workload, Fault.IO_ERROR, 1);
    await(workload, Fault.IO_ERROR, Integer.MAX_VALUE);
  }

  @ParameterizedTest
  @MethodSource("dev.hmap.crash.Workload#withoutExpiry")
  void shouldRefuseWritesOnAFullDiskAndHeal(Workload workload) throws Exception {
    await(workload, Fault.NO_SPACE, 1);
    await(workload, Fault.NO_SPACE, A_FEW);
    await(workload, Fault.NO_SPACE, Integer.MAX_VALUE);
  }

  @ParameterizedTest
  @MethodSource("dev.hmap.crash.Workload#withoutExpiry")
  void shouldRefuseWritesWhereALongerFileFindsNoRoomAndHeal(Workload workload) throws Exception {
    await(workload, Fault.NO_SPACE_AHEAD, 1);
    await(workload, Fault.NO_SPACE_AHEAD, A_FEW);
    await(workload, Fault.NO_SPACE_AHEAD, Integer.MAX_VALUE);
  }

  /** Other scripts, for {@code -Dstress.seconds}. */
  @Test
  @Tag("campaign")
  void shouldSayThatACallFailedInManyScripts() throws Exception {
    Budget budget = Budget.of(1, 30);
    for (long round = 0; budget.isLeft(round); round++) {
      List<Workload> all = Workload.withoutExpiry();
      Workload workload = all.get((int) (round % all.size()));
      long seed = System.nanoTime();
      sweep(workload, seed, Fault.IO_ERROR, 1);
      sweep(workload, seed, Fault.NO_SPACE, A_FEW);
      sweep(workload, seed, Fault.NO_SPACE_AHEAD, A_FEW);
      sweep(workload, seed, Fault.NO_MEMORY, 1);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.hmap.crash.Workload#withoutExpiry")
  void shouldNotHangWhenThereIsNoMemory(Workload workload) throws Exception {
    await(workload, Fault.NO_MEMORY, 1);
  }

  private static void await(Workload workload, Fault fault, int times) throws Exception {
    var _ = Sweeps.AHEAD.of(new Sweep(workload, fault, times));
  }

  private static void sweep(Workload workload, long seed, Fault fault, int times) throws Exception {
    int runs = 0;
    int failed = 0;
    int refused = 0;
    boolean struck = true;
    for (int call = 1; struck; call += 1 + (int) (call * STRIDE)) {
      SimulatedFileSystem simulated = new SimulatedFileSystem();
      FaultyFileSystem faulty = new FaultyFileSystem(simulated, fault, call, times);
      FaultRun<?, ?> run = run(workload.shape, workload, seed, simulated, faulty);
      String where =
          "workload %s, seed %d: call %d fails with %s, %d times"
              .formatted(workload, seed, call, fault, times);
      within(where, () -> run.run(workload.script(seed)));
      runs++;
      failed += run.hasFailed() ? 1 : 0;
      refused += run.refused();
      struck = faulty.hasStruck();
    }
    System.out.printf(
        "faults: %s, seed %d, %s x %,d: %,d runs, %,d stores failed, %,d writes refused%n",
        workload, seed, fault, times, runs, failed, refused);
    if (fault == Fault.NO_SPACE || fault == Fault.NO_SPACE_AHEAD) {
      assertEquals(0, failed, "stores that did not heal when there was room again");
    }
    assertTrue(runs > 3, "hardly any call was reached");
  }

  private static <K, V> FaultRun<K, V> run(
      Shape<K, V> shape,
      Workload workload,
      long seed,
      SimulatedFileSystem simulated,
      FaultyFileSystem faulty) {
    return new FaultRun<>(shape, workload, seed, simulated, faulty);
  }

  /** Does something in time, or fails with what all threads are at. */
  private static void within(String where, Runnable work) throws Exception {
    CompletableFuture<Void> done =
        CompletableFuture.runAsync(work, task -> Thread.ofPlatform().daemon().start(task));
    try {
      done.get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(where + ": " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      StringBuilder threads = new StringBuilder(where).append(": hangs").append('\n');
      Thread.getAllStackTraces()
          .forEach((thread, stack) -> {
            threads.append(thread.getName()).append('\n');
            for (StackTraceElement at : stack) {
              threads.append("    ").append(at).append('\n');
            }
          });
      throw new AssertionError(threads.toString(), e);
    }
  }
}
