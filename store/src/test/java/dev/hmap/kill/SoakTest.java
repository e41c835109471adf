package dev.hmap.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Budget;
import dev.hmap.Durability;
import dev.hmap.HMap;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Random operations against a model, in this process and in others that are killed, with growth,
 * checkpoints and reopening, beside followers, for a long time: nothing is lost, and nothing piles
 * up.
 */
@Isolated("it counts what this process holds")
@Tag("verify")
@EnabledOnOs(OS.LINUX) // which tells a process what it holds
@Tag("promise:given-back")
class SoakTest {
  private static final int OPERATIONS = 20_000;
  private static final int WARM_UP = 4;

  /** One of this many ends, and the next begins, beside a follower that does not refresh. */
  private static final int ROUNDS_FOR_STANDING = 4;

  /** For how long a follower may wait before it opens the store beside a writer that closes. */
  private static final int MAX_SPINS = 1_000_000;

  private static final long JAVA_HEAP_BELOW = 1L << 36;
  private static final String PRIVATE = "Private_Dirty:";
  private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-[0-9a-f]+ ");

  @TempDir Path folder;
  private final SoftAssertions flatness = new SoftAssertions();

  /**
   * What this process holds between two rounds.
   *
   * @param privateKiB memory that is not shared with a file, without the Java heap, which HotSpot
   *     puts at low addresses; with compiled code, and with what the C library keeps of freed
   *     buffers, which {@code tools/stress/stress soak} bounds
   * @param directBytes of direct buffers
   * @param descriptors open files
   * @param mappings of files of the store
   * @param threads alive
   * @param logBytes of the store's log before it was closed
   */
  private record Held(
      long privateKiB,
      long directBytes,
      long descriptors,
      long mappings,
      long threads,
      long logBytes) {}

  @Test
  void nothingPilesUpInAFewRounds() throws Exception {
    run(Budget.rounds(WARM_UP + 3));
  }

  /** {@code -Dstress.seconds=1800} is the half hour. */
  @Test
  @Tag("campaign")
  void nothingPilesUpInHalfAnHour() throws Exception {
    run(Budget.of(1, 300));
  }

  private void run(Budget budget) throws Exception {
    Kills kills = new Kills(folder, Durability.ASYNC, 1, true);
    try (Followers followers = new Followers(kills.path(0))) {
      run(budget, kills, followers);
    }
  }

  private void run(Budget budget, Kills kills, Followers followers) throws Exception {
    Random random = new Random(1);
    List<Held> held = new ArrayList<>();
    long operations = 0;
    long growths = 0;
    long checkpoints = 0;
    for (int round = 0; round <= WARM_UP || budget.isLeft(round); round++) {
      kills.killWriter();
      long logBytes;
      try (HMap<String, String> map = kills.check(0)) {
        followers.leave();
        followers.begin();
        kills.apply(map, 0, OPERATIONS / 2);
        if (round % 2 == 0) {
          map.checkpoint();
        }
        kills.apply(map, 0, OPERATIONS / 2);
        growths += map.stats().growth().growths();
        checkpoints += map.stats().log().checkpoints();
        logBytes = kills.logBytes(0);
        assertThat(new HashMap<>(map)).isEqualTo(kills.model(0));
        followers.compare(kills.model(0));
        if (round % ROUNDS_FOR_STANDING == 1) {
          followers.stand(kills.model(0));
        }
        followers.open(random.nextInt(MAX_SPINS));
      }
      followers.compareOpened(kills.model(0));
      operations += OPERATIONS;
      held.add(held(logBytes));
    }
    List<Held> early = held.subList(WARM_UP, Math.max(WARM_UP + 1, held.size() / 4));
    List<Held> late = held.subList(held.size() - Math.max(1, held.size() / 4), held.size());
    System.out.printf(
        "soak: %,d rounds, each with a kill, a reopening and three followers, %,d operations, %,d"
            + " growths, %,d checkpoints, %,d entries%n",
        held.size(), operations, growths, checkpoints, kills.model(0).size());
    System.out.printf("soak: private KiB over time %s%n", course(held, Held::privateKiB));
    flat("private KiB", early, late, Held::privateKiB, 48 << 10);
    flat("direct bytes", early, late, Held::directBytes, 4 << 20);
    flat("descriptors", early, late, Held::descriptors, 2);
    flat("mappings", early, late, Held::mappings, 0);
    flat("threads", early, late, Held::threads, 2);
    flat("log bytes", early, late, Held::logBytes, 8 << 20);
    flatness.assertAll();
  }

  /** The medians of the first rounds and of the last are the same but for some slack. */
  private void flat(
      String what, List<Held> early, List<Held> late, ToLongFunction<Held> of, long slack) {
    long before = median(early, of);
    long after = median(late, of);
    System.out.printf("soak: %-12s %,12d at first, %,12d at last%n", what, before, after);
    flatness.assertThat(after).as(what).isLessThanOrEqualTo(before + slack);
  }

  /** The medians of ten parts of the run, one after the other. */
  private static String course(List<Held> held, ToLongFunction<Held> of) {
    int part = Math.max(1, held.size() / 10);
    return IntStream.range(0, held.size() / part)
        .mapToObj(i -> "%,d".formatted(median(held.subList(i * part, (i + 1) * part), of)))
        .collect(Collectors.joining(" "));
  }

  private static long median(List<Held> all, ToLongFunction<Held> of) {
    return all.stream().mapToLong(of).sorted().skip(all.size() / 2).findFirst().orElseThrow();
  }

  private Held held(long logBytes) throws IOException {
    System.gc(); // so that dead buffers do not count
    Path self = Path.of("/proc/self");
    long privateKiB = 0;
    boolean isCounted = false;
    for (String line : Files.readAllLines(self.resolve("smaps"))) {
      Matcher mapping = MAPPING.matcher(line);
      if (mapping.lookingAt()) {
        isCounted =
            line.endsWith("[heap]")
                || Long.parseUnsignedLong(mapping.group(1), 16) >= JAVA_HEAP_BELOW;
      } else if (isCounted && line.startsWith(PRIVATE)) {
        privateKiB += Long.parseLong(line.substring(PRIVATE.length(), line.length() - 3).strip());
      }
    }
    long directBytes = 0;
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      directBytes += pool.getName().equals("direct") ? pool.getMemoryUsed() : 0;
    }
    long descriptors;
    try (Stream<Path> open = Files.list(self.resolve("fd"))) {
      descriptors = open.count();
    }
    long mappings;
    try (Stream<String> lines = Files.lines(self.resolve("maps"))) {
      mappings = lines.filter(line -> line.contains(folder.toString())).count();
    }
    return new Held(
        privateKiB,
        directBytes,
        descriptors,
        mappings,
        Thread.getAllStackTraces().size(),
        logBytes);
  }
}
