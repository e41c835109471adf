package dev.hmap.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The reader protocol under the model checker, and whether the model checker finds readers with a
 * planted bug. {@code -Dlincheck.invocations=N} sets how many interleavings of each scenario are
 * tried; a random scenario is told with its seed, and {@code -Dlincheck.seed=N} begins there.
 */
@Tag("verify")
class LincheckReaderTest {
  private static final int FEW = 50;
  private static final int QUICK = 200;
  private static final int CAMPAIGN = 10_000;
  private static final int RANDOM_SCENARIOS = 20;

  @Test
  void entriesThatMoveAreNotMixed() {
    passes(CheckedEntries.class, Scenarios.ENTRIES, QUICK);
  }

  @Test
  void keysAreFoundWhileTheMapDoubles() {
    passes(CheckedDoubling.class, Scenarios.DOUBLING, QUICK);
  }

  @Test
  void whatWasCopiedIsNotReturnedOnceItHasChanged() {
    passes(CheckedEntries.class, Scenarios.ITERATION, QUICK);
  }

  @Test
  void whatAnEvacuatedChainReferredToIsNotReturned() {
    passes(CheckedEvacuation.class, Scenarios.EVACUATION, QUICK);
  }

  @Test
  void flawedReaderWithoutItsFlawPasses() {
    passes(CheckedEntries.ReadWithoutFlaw.class, Scenarios.ENTRIES, FEW);
    passes(CheckedDoubling.ReadWithoutFlaw.class, Scenarios.DOUBLING, FEW);
    passes(CheckedEvacuation.ReadWithoutFlaw.class, Scenarios.EVACUATION, FEW);
  }

  @Test
  void missingVersionRecheckIsFound() {
    fails(CheckedEntries.PlantedNoVersionRecheck.class, Scenarios.ENTRIES);
  }

  @Test
  void missingVersionOfACopyIsFound() {
    fails(CheckedEntries.PlantedNoVersionOfCopy.class, Scenarios.ITERATION);
  }

  @Test
  void missingTableRecheckIsFound() {
    fails(CheckedEntries.PlantedNoTableRecheck.class, Scenarios.ENTRIES);
  }

  @Test
  void readingAtAnOddVersionIsFound() {
    fails(CheckedDoubling.PlantedOddVersionIsRead.class, Scenarios.DOUBLING);
  }

  @Test
  void trustingTheNewArrayIsFound() {
    fails(CheckedDoubling.PlantedNewArrayIsTrusted.class, Scenarios.DOUBLING);
  }

  @Test
  void missingMarkRecheckIsFound() {
    fails(CheckedEvacuation.PlantedNoMarkRecheck.class, Scenarios.EVACUATION);
  }

  @Test
  @Tag("campaign")
  void moreInterleavings() {
    passes(CheckedEntries.class, Scenarios.ENTRIES, CAMPAIGN);
    passes(CheckedDoubling.class, Scenarios.DOUBLING, CAMPAIGN);
    passes(CheckedEntries.class, Scenarios.ITERATION, CAMPAIGN);
    passes(CheckedEvacuation.class, Scenarios.EVACUATION, CAMPAIGN);
  }

  @Test
  @Tag("campaign")
  void randomScenarios() {
    long seed = Long.getLong("lincheck.seed", System.nanoTime());
    Long seconds = Long.getLong("stress.seconds");
    long begun = System.nanoTime();
    for (int i = 0; seconds == null ? i < RANDOM_SCENARIOS : !isOver(begun, seconds); i++) {
      System.out.printf("scenario of seed %d%n", seed);
      List<ExecutionScenario> scenario = List.of(Scenarios.random(seed));
      passes(CheckedEntries.class, scenario, CAMPAIGN / 10);
      passes(CheckedDoubling.class, scenario, CAMPAIGN / 10);
      passes(CheckedEvacuation.class, scenario, CAMPAIGN / 10);
      seed++;
    }
  }

  private static boolean isOver(long begun, long seconds) {
    return System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(seconds);
  }

  private static void passes(
      Class<? extends CheckedMap> map, List<ExecutionScenario> scenarios, int invocations) {
    int wanted = Integer.getInteger("lincheck.invocations", invocations);
    int tried = ModelChecker.check(map, scenarios, wanted);
    System.out.printf("%s: passed %,d interleavings%n", name(map), tried);
    assertThat(tried).isPositive();
  }

  /** The bug must show in what a look-up returns, not in an exception or an endless loop. */
  private static void fails(Class<? extends CheckedMap> map, List<ExecutionScenario> scenarios) {
    assertThatThrownBy(() -> ModelChecker.check(map, scenarios, QUICK))
        .isInstanceOf(LincheckAssertionError.class)
        .hasMessageContaining("Invalid execution results")
        .hasMessageNotContaining("Exception #");
    System.out.printf("%s: found by interleaving %,d%n", name(map), CheckedMap.MADE.get());
  }

  private static String name(Class<?> map) {
    return map.getName().substring(map.getPackageName().length() + 1);
  }
}
