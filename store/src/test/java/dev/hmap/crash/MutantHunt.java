package dev.hmap.crash;

import dev.hmap.io.FileSystem;
import dev.hmap.table.ScarceRoom;
import java.util.List;
import java.util.function.UnaryOperator;

/** Looks for a crash that shows a mutant. */
final class MutantHunt {
  private static final int IMAGES_PER_CALL = 12;
  private static final int SCARCE_SEEDS = 4;

  /** Of one script: what readers show, they show in its run. */
  private static final long IMAGES_BESIDE_READERS = 2_000;

  private static final long ENOUGH_FOR_SCRIPT = 3_000;

  private MutantHunt() {}

  /** What a mutant in the classes is looked for with. */
  enum Instrument {
    /** Lives in a row, each of which loses the same bytes. */
    LIVES,
    /** Maps whose file cannot be extended. */
    SCARCE_ROOM,
    /** Workloads, and a crash at every call. */
    CRASHES
  }

  /** For a mutant in the classes themselves, called by name in their loader. */
  static long huntHere(List<String> instruments, List<String> workloads, long images) {
    long looked = 0;
    for (String instrument : instruments) {
      looked =
          switch (Instrument.valueOf(instrument)) {
            case LIVES -> caughtAfter(3, MutantHunt::live);
            case SCARCE_ROOM -> caughtAfter(1, MutantHunt::fill);
            case CRASHES ->
                hunt(workloads.stream().map(Workload::valueOf).toList(), images, f -> f);
          };
      if (looked >= 0) {
        return looked;
      }
    }
    return looked;
  }

  private static long caughtAfter(int lives, Runnable check) {
    try {
      check.run();
      return -lives;
    } catch (AssertionError | RuntimeException _) {
      return lives;
    }
  }

  private static void live() {
    RepeatedWrites.run();
    UnwrittenLife.run();
  }

  private static void fill() {
    for (long seed = 1; seed <= SCARCE_SEEDS; seed++) {
      ScarceRoom.run(ScarceRoom.Phase.HALVING, false, seed);
      ScarceRoom.run(ScarceRoom.Phase.EVACUATION, true, seed);
    }
  }

  /**
   * Runs workloads until one fails.
   *
   * @param images at most
   * @param around what the store sees in place of the file system
   * @return how many images it took; negative if this many did not show it
   */
  static long hunt(List<Workload> workloads, long images, UnaryOperator<FileSystem> around) {
    Campaign.Counts counts = new Campaign.Counts(images);
    for (long n = 0; !counts.areEnough(); n++) {
      Workload workload = workloads.get((int) (n % workloads.size()));
      try {
        long seed = 1 + n / workloads.size();
        new Campaign(workload, seed, IMAGES_PER_CALL, around, counts)
            .run(workload.script(seed), wanted(workload, images / workloads.size()));
      } catch (AssertionError | RuntimeException _) {
        return counts.images.get(); // by an image, or the store could not be opened in the run
      }
    }
    return -counts.images.get();
  }

  /** Of one script: all of it where there is room for that, else a share. */
  private static long wanted(Workload workload, long share) {
    if (workload == Workload.READERS) {
      return IMAGES_BESIDE_READERS;
    }
    return share < ENOUGH_FOR_SCRIPT ? share : Long.MAX_VALUE;
  }
}
