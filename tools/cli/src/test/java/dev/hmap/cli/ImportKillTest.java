package dev.hmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.Codec;
import dev.hmap.HMap;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An import is killed at a random moment: what is there is the first rows, whole and in order. */
@Tag("promise:1")
@Tag("promise:2")
@Tag("promise:5")
@Tag("verify")
class ImportKillTest {
  private static final int ROWS = 400_000;
  private static final int KILLS = 4;

  @TempDir Path folder;

  private static String value(long row) {
    return "value of row " + row;
  }

  @Test
  @Timeout(120)
  void leavesTheFirstRowsAndCanBeRepeated() throws Exception {
    long seed = Long.getLong("hmap.seed", System.nanoTime());
    System.out.printf("import kills: seed %d%n", seed);
    Random random = new Random(seed);
    Path store = folder.resolve("rows.hmap");
    long most = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      killImport(store, ROWS / 8 + random.nextInt(ROWS), random.nextInt(50_000_000));
      if (Files.exists(store)) {
        long rows = rows(store);
        assertThat(rows).as("seed %d, kill %d", seed, kill).isGreaterThanOrEqualTo(most);
        most = rows;
      }
    }
    System.out.printf("import kills: %d, %,d rows in the end%n", KILLS, most);
    assertThat(most).isPositive();
  }

  private static void killImport(Path store, int rows, int spins) throws Exception {
    Process importer =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    "import",
                    store.toString(),
                    "-",
                    "--key",
                    "long"))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.INHERIT)
            .start();
    try (OutputStream to = new BufferedOutputStream(importer.getOutputStream())) {
      for (long row = 0; row < rows; row++) {
        to.write((row + "\t" + value(row) + "\n").getBytes(StandardCharsets.UTF_8));
      }
      to.flush();
      for (int i = 0; i < spins; i++) {
        Thread.onSpinWait();
      }
      importer.destroyForcibly().waitFor();
    } catch (IOException e) {
      assertThat(importer.isAlive()).as("the pipe is closed because it was killed").isFalse();
    }
  }

  /** How many rows there are, which are the first ones. */
  private static long rows(Path store) {
    try (HMap<Long, String> map = HMap.at(store, Codec.LONG, Codec.STRING).openExisting()) {
      long rows = map.mappingCount();
      for (long row = 0; row < rows; row++) {
        assertThat(map.get(row)).isEqualTo(value(row));
      }
      return rows;
    }
  }
}
