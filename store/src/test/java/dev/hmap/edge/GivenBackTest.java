package dev.hmap.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.HMap;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a store took is given back. */
@Tag("verify")
@Timeout(120)
@Tag("promise:8")
@Tag("promise:given-back")
class GivenBackTest {
  private static final int KEYS = 60_000;
  private static final int PAD = 400;

  @TempDir Path folder;

  @Test
  void aPoolThreadThatWroteOnceKeepsTheApplicationsClasses()
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Redeployed.class.getName(),
                folder.resolve("store").toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void aReaderCannotOpenWhileALargeCheckpointWaits() throws IOException {
    Path path = folder.resolve("store");
    try (HMap<Long, String> map = Work.at(path, "async").open()) {
      Work.fill(map, 0, KEYS, 0, PAD);
      map.checkpoint();
      try (HMap<Long, String> first = Work.at(path).readOnly().open();
          Child second = Child.withDirectMemory("4m")) {
        assertThat(first).hasSize(KEYS);
        Work.fill(map, 0, KEYS, 1, PAD);
        map.checkpoint(); // waits for the first reader: all its pages are images in the log
        second.does("read", "m", path);
        assertThat(second.ask("wrong", "m", 0, KEYS, 1)).isEqualTo("0");
      }
    }
  }
}
