package dev.hmap.table;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.util.LoggingLevel;

/**
 * Runs Lincheck's model checker: for each scenario it tries interleavings of its threads, first all
 * with one switch between them, then with two, and so on, each time at a read or write of memory
 * that threads share, and asks whether what the operations returned could be so if they had
 * happened one at a time. Memory is sequentially consistent there: that fences are missing is for
 * jcstress to find. The order of the interleavings is the same in every run.
 */
final class ModelChecker {
  /** More than the 17 times that a loop over the words of a wide key tests its condition. */
  private static final int LOOPS_BEFORE_SWITCH = 20;

  /** A thread that goes round more often waits for something that will not come. */
  private static final int LOOP_BOUND = 1000;

  /**
   * What Lincheck need not look into. It gives up on the views of byte arrays in a hash; the rest
   * is immutable or the writer's alone, and left out for speed.
   */
  private static final Set<String> CLASSES =
      Set.of(
          "dev.hmap.format.KeyHasher",
          "dev.hmap.format.BucketLayout",
          "dev.hmap.format.EntryLayout",
          "dev.hmap.format.SizeClasses",
          "dev.hmap.table.BucketArray",
          "dev.hmap.table.ExtentAllocator",
          "dev.hmap.table.Hmap.Outcome");

  /** Classes in which these methods, too, touch nothing that threads share. */
  private static final Set<String> OTHER_CLASSES =
      Set.of(
          "dev.hmap.table.ArrayMemory",
          "dev.hmap.table.CheckedDoubling",
          "dev.hmap.table.CheckedEntries",
          "dev.hmap.table.CheckedMap",
          "dev.hmap.table.Cursor",
          "dev.hmap.table.EntryStore",
          "dev.hmap.table.Growth",
          "dev.hmap.table.Hmap",
          "dev.hmap.table.HmapState",
          "dev.hmap.table.KeyBytes",
          "dev.hmap.table.SlabIndex");

  private static final Set<String> METHODS =
      Set.of(
          // ArrayMemory; copy is for evacuation, to where no reader looks yet
          "copy",
          "word",
          "shift",
          "with",
          "toBytes",
          "fromBytes",
          // CheckedDoubling, CheckedEntries: before the threads start
          "filled",
          // CheckedMap
          "bytes",
          "value",
          // Cursor
          "to",
          "go",
          // SlabIndex
          "at",
          "add",
          // EntryStore
          "addRoom",
          "removeRoom",
          "newSlab",
          "release",
          // Growth
          "countChains",
          // HmapState
          "setCount",
          // KeyBytes
          "set",
          "hash",
          "length",
          "isWord");

  private ModelChecker() {}

  /**
   * Checks a map.
   *
   * @param invocations interleavings to try of each scenario
   * @return interleavings that were tried
   * @throws org.jetbrains.lincheck.LincheckAssertionError if operations returned what they could
   *     not, with the scenario and the interleaving
   */
  static int check(
      Class<? extends CheckedMap> map, List<ExecutionScenario> scenarios, int invocations) {
    ModelCheckingOptions options =
        new ModelCheckingOptions()
            .iterations(0)
            .invocationsPerIteration(invocations)
            .loopIterationsBeforeThreadSwitch(LOOPS_BEFORE_SWITCH)
            .loopBound(LOOP_BOUND)
            .logLevel(LoggingLevel.ERROR)
            .sequentialSpecification(MapModel.class)
            .addGuarantee(unseen(CLASSES, m -> true))
            .addGuarantee(unseen(OTHER_CLASSES, METHODS::contains))
            .addGuarantee(unseen(Set.of("dev.hmap.table.Evacuation"), "hashBits"::equals));
    scenarios.forEach(options::addCustomScenario);
    CheckedMap.MADE.set(0);
    options.check(map);
    return CheckedMap.MADE.get();
  }

  private static ManagedStrategyGuarantee unseen(Set<String> classes, Predicate<String> methods) {
    return ManagedStrategyGuaranteeKt.forClasses(c -> classes.contains(c))
        .methods(m -> methods.test(m))
        .ignore();
  }
}
