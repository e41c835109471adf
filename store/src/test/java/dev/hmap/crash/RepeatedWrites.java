package dev.hmap.crash;

import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.TestClock;
import dev.hmap.crash.Disk.Fate;
import dev.hmap.crash.Oracle.Bounds;
import dev.hmap.crash.Step.Kind;
import java.time.Duration;
import java.util.List;

/**
 * Three lives in which a caller repeats what was lost, the same bytes at the same place of the log.
 * In the first, the second of two records survives without the first; the second loses its record,
 * but keeps the segment, so that the third is given the slot of the first. Once the third has
 * written the first record again, the old second one stands after it as if it belonged there.
 */
final class RepeatedWrites {
  private static final Shape<String, String> SHAPE = Shape.STRINGS;
  private static final List<Step> BOTH =
      List.of(Step.of(Kind.PUT, 1, 1, 600), Step.of(Kind.PUT, 2, 2, 600));

  private RepeatedWrites() {}

  /** Runs all three; fails if the third shows a write that it was not given. */
  static void run() {
    Disk empty = new Disk();
    Disk first = life(empty, 2, 2);
    Disk second = life(first, 1, 1);
    Disk third = life(second, 1, 0);
    var _ =
        Oracle.check(
            new SimulatedFileSystem(third),
            true,
            new History(SHAPE, BOTH),
            new Bounds(true, 1, 1),
            true);
  }

  /**
   * Opens the store, writes, and crashes.
   *
   * @param writes how many of both
   * @param lost which write of the log from its end does not reach the medium, 0 for none
   */
  private static Disk life(Disk from, int writes, int lost) {
    SimulatedFileSystem fileSystem = new SimulatedFileSystem(from);
    HMap<String, String> map =
        CrashMaps.open(
            fileSystem,
            Runner.STORE,
            SHAPE.keys,
            SHAPE.values,
            Durability.ASYNC,
            Duration.ofHours(1),
            0,
            new TestClock(0));
    BOTH.subList(0, writes).forEach(step -> Runner.apply(map, SHAPE, step));
    List<Change> journal = fileSystem.journal();
    map.close();
    Disk disk = fileSystem.start();
    journal.forEach(disk::follow);
    int pieces = disk.pending().size();
    Fate[] fates = new Fate[pieces];
    for (int i = 0; i < pieces; i++) {
      fates[i] = i == pieces - lost ? Fate.DROP : Fate.KEEP;
    }
    return disk.image(fates, 0);
  }
}
