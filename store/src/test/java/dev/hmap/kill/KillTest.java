package dev.hmap.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Durability;
import dev.hmap.HMap;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A writer is killed with SIGKILL at a random moment, again and again on the same store. What is
 * left must be what was written up to some operation, and every acknowledged one must be in it.
 */
class KillTest {
  private static final int UNACKNOWLEDGED = 1;

  @TempDir Path folder;

  @Test
  @Timeout(120)
  void everyAcknowledgedWriteSurvivesADozenKills() throws Exception {
    run(6, Durability.SYNC);
    run(6, Durability.ASYNC);
  }

  /** {@code mvn verify -Pcampaign -Dhmap.kills=2000} */
  @Test
  @Tag("campaign")
  void everyAcknowledgedWriteSurvivesThousandsOfKills() throws Exception {
    int kills = Integer.getInteger("hmap.kills", 2_000);
    run(kills / 2, Durability.SYNC);
    run(kills - kills / 2, Durability.ASYNC);
  }

  private void run(int kills, Durability durability) throws Exception {
    long seed = Long.getLong("hmap.seed", System.nanoTime());
    System.out.printf("kills: seed %d%n", seed);
    Random random = new Random(seed);
    Path path = folder.resolve(durability + ".hmap");
    Map<String, String> model = new HashMap<>();
    long next = 0;
    long longestNanos = 0;
    for (int kill = 0; kill < kills; kill++) {
      long acknowledged = writeAndKill(path, seed, next, durability, random);
      for (; next <= acknowledged; next++) {
        KilledWriter.apply(model, seed, next);
      }
      long begin = System.nanoTime();
      try (HMap<String, String> map = KilledWriter.open(path, durability)) {
        longestNanos = Math.max(longestNanos, System.nanoTime() - begin);
        Map<String, String> left = new HashMap<>(map);
        int more = 0;
        while (!left.equals(model)) {
          assertThat(more++)
              .as("seed %d, kill %d: not a prefix with the %d acknowledged", seed, kill, next)
              .isLessThan(UNACKNOWLEDGED);
          KilledWriter.apply(model, seed, next++);
        }
      }
    }
    System.out.printf(
        "kills: %d with %s, %,d acknowledged writes checked, longest recovery %.1f ms%n",
        kills, durability, next, longestNanos / 1e6);
  }

  /** Returns the last acknowledged operation. */
  private static long writeAndKill(
      Path path, long seed, long next, Durability durability, Random random)
      throws IOException, InterruptedException {
    Process writer =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-XX:TieredStopAtLevel=1",
                    "-Xshare:auto",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    KilledWriter.class.getName(),
                    path.toString(),
                    Long.toString(seed),
                    Long.toString(next),
                    durability.name()))
            .redirectError(Redirect.INHERIT)
            .start();
    long acknowledged = next - 1;
    try (DataInputStream in = new DataInputStream(writer.getInputStream())) {
      long target = next + random.nextInt(durability == Durability.SYNC ? 1_500 : 15_000);
      int spins = random.nextInt(100_000);
      while (acknowledged < target) {
        acknowledged = in.readLong();
      }
      for (int i = 0; i < spins; i++) {
        Thread.onSpinWait();
      }
      // not the process's own method, which would close the pipe with acknowledgements in it
      assertThat(writer.toHandle().destroyForcibly()).isTrue();
      while (true) {
        acknowledged = in.readLong();
      }
    } catch (EOFException _) {
      return acknowledged;
    } finally {
      writer.destroyForcibly().waitFor();
    }
  }
}
