package dev.hmap.crash;

import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.TestClock;
import dev.hmap.crash.Disk.Fate;
import dev.hmap.crash.Oracle.Bounds;
import dev.hmap.crash.Step.Kind;
import dev.hmap.io.FileSystem;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The header of a checkpoint has reached the page cache, and not the medium. What the log held for
 * the header before it, records and page images, is written over from then on; so a power cut that
 * takes the header away must not be possible any more.
 */
final class LostHeader {
  private static final Shape<String, String> SHAPE = Shape.STRINGS;
  private static final int HEADERS_END = 2 * 4096;
  private static final int BEFORE = 8;

  /** More than the slots of records and images take. */
  private static final List<Step> STEPS =
      IntStream.rangeClosed(1, 38).mapToObj(i -> Step.of(Kind.PUT, i, i, 30_000)).toList();

  private LostHeader() {}

  /** The checkpoint goes on to its end. */
  static void runInOneLife(UnaryOperator<FileSystem> around) {
    SimulatedFileSystem fileSystem = new SimulatedFileSystem();
    Disk disk = fileSystem.start();
    try (HMap<String, String> map = open(fileSystem, around)) {
      checkpoint(map);
      go(map, STEPS.subList(BEFORE, STEPS.size()));
      fileSystem.journal().forEach(disk::follow);
    }
    check(disk);
  }

  /** The process dies behind the write of the header, and the next one goes on. */
  static void runInTwoLives(UnaryOperator<FileSystem> around) {
    SimulatedFileSystem fileSystem = new SimulatedFileSystem(killed(around));
    Disk disk = fileSystem.start();
    try (HMap<String, String> map = open(fileSystem, around)) {
      go(map, STEPS.subList(BEFORE, STEPS.size()));
      fileSystem.journal().forEach(disk::follow);
    }
    check(disk);
  }

  private static Disk killed(UnaryOperator<FileSystem> around) {
    SimulatedFileSystem fileSystem = new SimulatedFileSystem();
    Disk disk = fileSystem.start();
    try (HMap<String, String> map = open(fileSystem, around)) {
      checkpoint(map);
      List<Change> journal = fileSystem.journal();
      int header = journal.size() - 1;
      Disk whole = disk.fork();
      journal.forEach(whole::follow);
      while (!isHeader(whole, journal.get(header))) {
        header--;
      }
      journal.subList(0, header + 1).forEach(disk::follow);
    }
    return disk;
  }

  private static void checkpoint(HMap<String, String> map) {
    go(map, STEPS.subList(0, BEFORE));
    map.checkpoint();
  }

  private static void go(HMap<String, String> map, List<Step> steps) {
    steps.forEach(step -> Runner.apply(map, SHAPE, step));
  }

  /** Cuts the power, which takes the headers that are not durable. */
  private static void check(Disk disk) {
    Fate[] fates =
        disk.pending().stream()
            .map(piece -> isHeader(disk, piece) ? Fate.DROP : Fate.KEEP)
            .toArray(Fate[]::new);
    var _ =
        Oracle.check(
            new SimulatedFileSystem(disk.image(fates, 0)),
            true,
            new History(SHAPE, STEPS),
            new Bounds(true, STEPS.size(), STEPS.size()),
            true);
  }

  private static boolean isHeader(Disk disk, Change change) {
    return change instanceof Change.Write write
        && write.position() < HEADERS_END
        && Integer.valueOf(write.file()).equals(disk.names().get(Oracle.NAMES.data()));
  }

  private static HMap<String, String> open(
      SimulatedFileSystem fileSystem, UnaryOperator<FileSystem> around) {
    return CrashMaps.open(
        around.apply(fileSystem),
        Runner.STORE,
        SHAPE.keys,
        SHAPE.values,
        Durability.SYNC,
        Duration.ofHours(1),
        0,
        new TestClock(0));
  }
}
