package dev.hmap.crash;

import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.TestClock;
import dev.hmap.crash.Oracle.Bounds;
import dev.hmap.crash.Step.Kind;
import java.time.Duration;
import java.util.List;

/**
 * A life in which nothing is written, after one that ended in a crash. The crash finds a header of
 * a closed store, since a reader held the last checkpoint up when the store was closed, and a
 * record after it, of the next life. The unwritten life replays that record; its end must not take
 * the record for something that the file has.
 */
final class UnwrittenLife {
  private static final Shape<String, String> SHAPE = Shape.STRINGS;
  private static final List<Step> BOTH =
      List.of(Step.of(Kind.PUT, 1, 1, 600), Step.of(Kind.PUT, 2, 2, 600));

  private UnwrittenLife() {}

  /** Runs all lives; fails if the last does not show both writes. */
  static void run() {
    SimulatedFileSystem crashed = new SimulatedFileSystem(written());
    open(crashed).close();
    var _ = Oracle.check(crashed, true, new History(SHAPE, BOTH), new Bounds(true, 2, 2), true);
  }

  /** What the process leaves that dies behind the second write. */
  private static Disk written() {
    SimulatedFileSystem fileSystem = new SimulatedFileSystem();
    BesideReader reader;
    try (HMap<String, String> first = open(fileSystem)) {
      Runner.apply(first, SHAPE, BOTH.getFirst());
      reader = new BesideReader(fileSystem);
    }
    List<Change> journal;
    try (HMap<String, String> second = open(fileSystem)) {
      Runner.apply(second, SHAPE, BOTH.getLast());
      journal = fileSystem.journal();
    } finally {
      reader.close();
    }
    Disk disk = fileSystem.start();
    journal.forEach(disk::follow);
    return disk.fork();
  }

  private static HMap<String, String> open(SimulatedFileSystem fileSystem) {
    return CrashMaps.open(
        fileSystem,
        Runner.STORE,
        SHAPE.keys,
        SHAPE.values,
        Durability.SYNC,
        Duration.ofHours(1),
        0,
        new TestClock(0));
  }
}
