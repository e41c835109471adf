package dev.hmap.crash;

import dev.hmap.io.FileSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Leaves steps out of a script that fails, as long as what is left fails too (delta debugging). The
 * threads of a store interleave otherwise each time, so a step may be kept without need.
 */
final class Shrinker {
  private static final int IMAGES_PER_CALL = 8;
  private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Workload workload;
  private final long seed;
  private final UnaryOperator<FileSystem> around;
  private final List<Step> script;
  private final long begun = System.nanoTime();

  Shrinker(Workload workload, long seed, UnaryOperator<FileSystem> around) {
    this.workload = workload;
    this.seed = seed;
    this.around = around;
    this.script = workload.script(seed);
  }

  /** The numbers of the fewest steps found that still fail; of all, if they do not fail again. */
  List<Integer> shrink() {
    List<Integer> kept = IntStream.range(0, script.size()).boxed().toList();
    int chunk = kept.size() / 2;
    while (chunk > 0) {
      for (int at = 0; at < kept.size() && System.nanoTime() - begun < MAX_NANOS; ) {
        List<Integer> fewer = new ArrayList<>(kept);
        fewer.subList(at, Math.min(kept.size(), at + chunk)).clear();
        if (fails(fewer)) {
          kept = fewer;
        } else {
          at += chunk;
        }
      }
      chunk /= 2;
    }
    return kept;
  }

  /** Whether the steps of these numbers fail. */
  boolean fails(List<Integer> numbers) {
    try {
      new Campaign(workload, seed, IMAGES_PER_CALL, around, new Campaign.Counts())
          .run(steps(script, numbers), Long.MAX_VALUE);
      return false;
    } catch (AssertionError | RuntimeException _) {
      return true;
    }
  }

  /** The steps of these numbers. */
  static List<Step> steps(List<Step> script, List<Integer> numbers) {
    return numbers.stream().map(script::get).toList();
  }

  /** What to run to see it again, and what it does. */
  String describe(List<Integer> numbers) {
    return "shrunk to %d of %d steps: -Dcrash.workload=%s -Dcrash.seed=%d -Dcrash.steps=%s%n%s"
        .formatted(
            numbers.size(),
            script.size(),
            workload,
            seed,
            numbers.stream().map(String::valueOf).collect(Collectors.joining(",")),
            steps(script, numbers).stream()
                .map(step -> "  " + step + "\n")
                .collect(Collectors.joining()));
  }
}
