package dev.hmap.kill;

import dev.hmap.Budget;
import dev.hmap.Durability;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A writer is killed with SIGKILL at a random moment, again and again on the same store. What is
 * left must be what was written up to some operation, and every acknowledged one must be in it.
 */
@Tag("verify")
@Tag("promise:1")
@Tag("promise:2")
@Tag("promise:5")
class KillTest {
  @TempDir Path folder;

  @Test
  @Timeout(120)
  void everyAcknowledgedWriteSurvivesADozenKills() throws Exception {
    new Kills(folder, Durability.SYNC, 1, false).run(Budget.rounds(4));
    new Kills(folder, Durability.ASYNC, 1, false).run(Budget.rounds(4));
    new Kills(folder, Durability.SYNC, 2, true).run(Budget.rounds(4));
  }

  @Test
  @Timeout(120)
  void aStoreSurvivesKillsOfItsCompaction() throws Exception {
    new Kills(folder, Durability.ASYNC, 1, false).runCompactions(Budget.rounds(5));
  }

  /** {@code -Dhmap.kills=2000}, or {@code -Dstress.seconds}. */
  @Test
  @Tag("campaign")
  void everyAcknowledgedWriteSurvivesThousandsOfKills() throws Exception {
    int kills = Integer.getInteger("hmap.kills", 2_000);
    new Kills(folder, Durability.SYNC, 1, false).run(Budget.of(0.3, kills * 3 / 10));
    new Kills(folder, Durability.ASYNC, 1, false).run(Budget.of(0.3, kills * 3 / 10));
    new Kills(folder, Durability.ASYNC, 2, true).run(Budget.of(0.2, kills / 5));
    new Kills(folder, Durability.SYNC, 2, true).run(Budget.of(0.1, kills / 10));
    Path other = folder.resolve("compacted");
    Files.createDirectory(other);
    new Kills(other, Durability.ASYNC, 1, false).runCompactions(Budget.of(0.1, kills / 10));
  }
}
