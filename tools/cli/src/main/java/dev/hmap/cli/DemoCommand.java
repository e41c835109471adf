package dev.hmap.cli;

import dev.hmap.Codec;
import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import dev.hmap.HMapStats;
import dev.hmap.cli.console.ExitCode;
import dev.hmap.cli.console.TemporaryFolder;
import dev.hmap.cli.console.UsageException;
import dev.hmap.cli.demo.DemoData;
import dev.hmap.cli.demo.DemoVictim;
import dev.hmap.cli.report.InspectionText;
import dev.hmap.error.HMapException;
import dev.hmap.report.Inspection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows on real data that a kill in the middle of an evacuation costs nothing. */
@Command(
    name = "demo",
    description = {
      "Kills a process that writes, reopens its stores, and proves that nothing is lost.",
      "The process stores the classes of the running JDK and a million longs, and is killed in the",
      "middle of an evacuation; every acknowledged entry is compared byte by byte. Works in a",
      "temporary folder, which it removes."
    },
    footer = {"", "Example:", "  hmap demo"})
final class DemoCommand implements Callable<Integer> {
  private static final int MIN_LONGS = 1000;
  private static final int LONGS_AT_ONCE = 250;

  @Spec private CommandSpec spec;

  @Option(names = "--keep", description = "Keep the folder with the stores, and say where it is.")
  private boolean keep;

  @Option(
      names = "--classes",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Store no more classes than this; by default all.")
  private int mostClasses;

  @Option(
      names = "--longs",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Store this many longs; default ${DEFAULT-VALUE}.")
  private long mostLongs;

  private long begin;

  @Override
  public Integer call() throws IOException {
    begin = System.nanoTime();
    if (mostClasses < 1 || mostLongs < MIN_LONGS) {
      throw new UsageException(
          "the demo needs a class and %,d longs at least".formatted(MIN_LONGS));
    }
    try (TemporaryFolder folder = new TemporaryFolder("hmap-demo-", keep)) {
      run(folder.path());
      say(keep ? "done; the stores are kept in " + folder.path() : "done; the stores are removed");
    }
    return ExitCode.DONE;
  }

  private void run(Path folder) throws IOException {
    Path classesPath = folder.resolve(DemoData.CLASSES_FILE);
    Path longsPath = folder.resolve(DemoData.LONGS_FILE);
    try (DemoVictim victim = DemoVictim.start(folder, mostClasses, mostLongs)) {
      say(
          "process %d writes the JDK's classes (name to bytes, ASYNC), then longs (SYNC)"
              .formatted(victim.pid()));
      Thread killer = new Thread(victim::close, "demo-killer");
      Runtime.getRuntime().addShutdownHook(killer);
      victim.killInEvacuation(
          n -> say("  %,d classes are acknowledged; now the longs".formatted(n)));
      Runtime.getRuntime().removeShutdownHook(killer);
      check(victim.nevacuate() > 0, "the writing process ended by itself");
      say(
          "  it evacuates, nevacuate is %,d: killed with SIGKILL while it goes on writing"
              .formatted(victim.nevacuate()));
      say("  %,d longs were acknowledged until then".formatted(victim.longs()));

      say("what the kill left:");
      show(HMapAdmin.inspect(classesPath));
      Inspection longs = HMapAdmin.inspect(longsPath);
      show(longs);
      check(!longs.clean(), "the store of longs does not know that it was not closed");
      check(
          longs.nevacuate() > 0 && longs.nevacuate() < 1L << Math.max(longs.oldB(), 0),
          "the kill did not fall into an evacuation");

      checkLongs(longsPath, longs, victim.longs());
      checkClasses(classesPath, victim.classes());
    }
  }

  private void checkLongs(Path path, Inspection left, long acknowledged) {
    long opening = System.nanoTime();
    try (HMap<Long, Long> map =
        HMap.at(path, Codec.LONG, Codec.LONG).durability(Durability.ASYNC).openExisting()) {
      double ms = (System.nanoTime() - opening) / 1e6;
      HMapStats s = map.stats();
      say(
          ("reopened in %.0f ms: %,d log records replayed, B %d, oldbuckets %d, nevacuate %,d,"
                  + " count %,d")
              .formatted(
                  ms,
                  s.opening().recoveredRecords(),
                  s.growth().b(),
                  s.growth().oldbuckets(),
                  s.growth().nevacuate(),
                  s.count()));
      check(
          s.growth().b() == left.B()
              && s.growth().oldbuckets() == left.oldbuckets()
              && s.growth().nevacuate() >= left.nevacuate(),
          "the evacuation did not go on where it was");
      check(
          s.count() == acknowledged || s.count() == acknowledged + 1,
          "neither what was acknowledged is there nor one more, which was under way");
      finishEvacuation(map, s.count(), 1L << left.oldB());
      checkLongs(map, acknowledged);
    }
  }

  private void finishEvacuation(HMap<Long, Long> map, long from, long mostWrites) {
    long key = from;
    while (map.stats().growth().oldbuckets() != 0) {
      check(key - from <= mostWrites, "the evacuation takes more than 2^oldB writes");
      key = writeLongs(map, key, Math.min(key + LONGS_AT_ONCE, mostLongs));
    }
    HMapStats s = map.stats();
    say(
        ("evacuation done after at most %,d further writes (2^oldB is %,d), never more than %d"
                + " chains a write")
            .formatted(key - from, mostWrites, s.growth().maxChainsPerWrite()));
    check(s.growth().maxChainsPerWrite() <= 2, "a write evacuated more than two chains");
    while (key < mostLongs) {
      key = writeLongs(map, key, Math.min(key + LONGS_AT_ONCE, mostLongs));
    }
  }

  private static long writeLongs(HMap<Long, Long> map, long from, long to) {
    if (from >= to) {
      throw new HMapException("demo: there are no longs left to go on with");
    }
    map.write(batch -> {
      for (long key = from; key < to; key++) {
        batch.put(key, DemoData.valueOf(key));
      }
    });
    return to;
  }

  private void checkLongs(HMap<Long, Long> map, long acknowledged) {
    check(map.mappingCount() == mostLongs, "the store of longs has a wrong count");
    for (long key = 0; key < mostLongs; key++) {
      Long value = map.get(key);
      if (value == null || value != DemoData.valueOf(key)) {
        throw new HMapException("demo: the long %d is %s".formatted(key, value));
      }
    }
    say(
        "all %,d longs acknowledged before the kill are right, and the %,d written since"
            .formatted(acknowledged, mostLongs - acknowledged));
  }

  private void checkClasses(Path path, long acknowledged) {
    List<String> names = DemoData.classNames(mostClasses);
    try (HMap<String, byte[]> map = HMap.at(path, Codec.STRING, Codec.BYTES).openExisting()) {
      long bytes = 0;
      for (String name : names.subList(0, (int) acknowledged)) {
        byte[] stored = map.get(name);
        if (stored == null || !Arrays.equals(stored, DemoData.classBytes(name))) {
          throw new HMapException("demo: the class %s is missing or wrong".formatted(name));
        }
        bytes += stored.length;
      }
      check(map.mappingCount() == names.size(), "the store of classes has a wrong count");
      say(
          "all %,d classes acknowledged are right, %,d bytes compared with the JDK's own"
              .formatted(acknowledged, bytes));
    }
  }

  private void show(Inspection inspection) {
    PrintWriter out = spec.commandLine().getOut();
    InspectionText.summary(inspection).forEach(line -> out.print("          " + line + "\n"));
    out.flush();
  }

  private void say(String what) {
    PrintWriter out = spec.commandLine().getOut();
    double seconds = (System.nanoTime() - begin) / 1e9;
    out.print("%6.2f s  %s\n".formatted(seconds, what));
    out.flush();
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new HMapException("demo: " + otherwise);
    }
  }
}
