package dev.hmap.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Budget;
import dev.hmap.Durability;
import dev.hmap.HMap;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Has processes killed, on the same stores again and again, and looks at what is left. */
final class Kills {
  private static final int UNACKNOWLEDGED = 1;
  private static final int BETWEEN_LINES = 50;

  /** A store, and what it must hold. */
  private static final class Store {
    final Path path;
    final long seed;
    final Map<String, String> model = new HashMap<>();

    /** The first operation that the model lacks. */
    long next;

    /** The last one that the process acknowledged. */
    long acknowledged = -1;

    Store(Path path, long seed) {
      this.path = path;
      this.seed = seed;
    }
  }

  private final Durability durability;
  private final boolean interrupts;
  private final long seed;
  private final Random random;
  private final List<Store> stores = new ArrayList<>();
  private long kills;
  private long longestRecoveryNanos;

  /**
   * Kills of writers.
   *
   * @param count of stores, each with a thread of its own in the same process
   * @param interrupts whether those threads are interrupted all the time
   */
  Kills(Path folder, Durability durability, int count, boolean interrupts) {
    this.durability = durability;
    this.interrupts = interrupts;
    seed = Long.getLong("hmap.seed", System.nanoTime());
    random = new Random(seed);
    for (int i = 0; i < count; i++) {
      stores.add(
          new Store(
              folder.resolve("%s-%b-%d.hmap".formatted(durability, interrupts, i)), seed + i));
    }
    System.out.printf("kills: seed %d%n", seed);
  }

  /** Kills writers, and prints what was checked. */
  void run(Budget budget) throws IOException, InterruptedException {
    for (long done = 0; budget.isLeft(done); done++) {
      killWriter();
      for (Store store : stores) {
        check(store).close();
      }
    }
    System.out.printf(
        "kills: %,d of %d stores with %s%s, %,d acknowledged writes checked, longest recovery %.1f"
            + " ms%n",
        kills,
        stores.size(),
        durability,
        interrupts ? " and interrupts" : "",
        stores.stream().mapToLong(s -> s.next).sum(),
        longestRecoveryNanos / 1e6);
  }

  /** Kills compactions of the first store, and prints what was checked. */
  void runCompactions(Budget budget) throws IOException, InterruptedException {
    killWriter();
    for (Store store : stores) {
      check(store).close();
    }
    Store store = stores.getFirst();
    long compactions = 0;
    long done = 0;
    for (; budget.isLeft(done); done++) {
      long before = store.acknowledged;
      store.acknowledged = -1;
      killAfter(start("COMPACT"), random.nextInt(4), 40_000_000);
      compactions += store.acknowledged;
      if ((done + 1) % BETWEEN_LINES == 0) {
        System.out.printf("kills: %,d of compactions%n", done + 1);
      }
      store.acknowledged = before;
      check(store).close();
      assertNoWorkshop(store.path.resolveSibling(store.path.getFileName() + "-new"));
    }
    System.out.printf(
        "kills: %,d during compaction, %,d compactions completed, %,d entries each%n",
        done, compactions, store.model.size());
  }

  /** At most a folder in which nothing was begun yet, or all was removed. */
  private static void assertNoWorkshop(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files)
            .as("left behind by a kill")
            .allSatisfy(file -> assertThat(file).hasFileName("note").isEmptyFile());
      }
    }
  }

  /** Starts a writer and kills it at a random moment. */
  void killWriter() throws IOException, InterruptedException {
    if (++kills % BETWEEN_LINES == 0) {
      System.out.printf("kills: %,d%n", kills);
    }
    killAfter(
        start(durability.name()),
        random.nextInt(durability == Durability.SYNC ? 1_500 : 15_000),
        1_000_000);
  }

  /** The store of a number, checked and left open. */
  HMap<String, String> check(int store) {
    return check(stores.get(store));
  }

  /** What a store must hold. */
  Map<String, String> model(int store) {
    return stores.get(store).model;
  }

  /** Does some more operations on an open store and on its model. */
  void apply(HMap<String, String> map, int store, int operations) {
    Store s = stores.get(store);
    for (int i = 0; i < operations; i++) {
      KilledWriter.apply(map, s.seed, s.next);
      KilledWriter.apply(s.model, s.seed, s.next);
      s.acknowledged = s.next++;
    }
  }

  /** Opens a store and compares it with its model. */
  private HMap<String, String> check(Store store) {
    for (; store.next <= store.acknowledged; store.next++) {
      KilledWriter.apply(store.model, store.seed, store.next);
    }
    long begin = System.nanoTime();
    HMap<String, String> map = KilledWriter.open(store.path, durability);
    longestRecoveryNanos = Math.max(longestRecoveryNanos, System.nanoTime() - begin);
    Map<String, String> left = new HashMap<>(map);
    int more = 0;
    while (!left.equals(store.model)) {
      assertThat(more++)
          .as("seed %d, kill %d: not a prefix with the %d acknowledged", seed, kills, store.next)
          .isLessThan(UNACKNOWLEDGED);
      KilledWriter.apply(store.model, store.seed, store.next++);
    }
    assertThat(map.mappingCount()).isEqualTo(left.size());
    return map;
  }

  private Process start(String mode) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KilledWriter.class.getName(),
                Long.toString(seed),
                mode,
                Boolean.toString(interrupts)));
    for (Store store : stores) {
      command.add(store.path.toString());
      command.add(Long.toString(store.next));
    }
    return new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
  }

  /** Kills a process when it has acknowledged this many operations, and a random moment later. */
  private void killAfter(Process process, long count, int maxSpins)
      throws IOException, InterruptedException {
    int spins = random.nextInt(maxSpins);
    try (DataInputStream in = new DataInputStream(process.getInputStream())) {
      for (long i = 0; i <= count; i++) {
        acknowledged(in);
      }
      for (int i = 0; i < spins; i++) {
        Thread.onSpinWait();
      }
      // not the process's own method, which would close the pipe with acknowledgements in it
      assertThat(process.toHandle().destroyForcibly()).isTrue();
      while (true) {
        acknowledged(in);
      }
    } catch (EOFException _) {
      assertThat(process.waitFor()).as("it was not killed, but failed").isNotEqualTo(1);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private void acknowledged(DataInputStream in) throws IOException {
    byte[] bytes = new byte[KilledWriter.RECORD_BYTES];
    in.readFully(bytes);
    ByteBuffer record = ByteBuffer.wrap(bytes);
    stores.get(record.getInt()).acknowledged = record.getLong();
  }

  /** Where the store of a number is. */
  Path path(int store) {
    return stores.get(store).path;
  }

  /** Bytes of a store's log. */
  long logBytes(int store) throws IOException {
    Path log = Path.of(stores.get(store).path + "-log");
    return Files.exists(log) ? Files.size(log) : 0;
  }
}
