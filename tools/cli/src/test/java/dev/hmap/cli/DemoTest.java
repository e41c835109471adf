package dev.hmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.cli.demo.DemoData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo, with less data, as a process that starts and kills another. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Tag("verify")
class DemoTest {
  @TempDir Path folder;

  @Test
  void killedWriterLosesNothingAcknowledged() throws Exception {
    Process demo = start("--classes", "2000", "--longs", "30000");
    String out = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(demo.waitFor()).as(out).isZero();
    assertThat(out)
        .contains(
            "2,000 classes are acknowledged",
            "killed with SIGKILL",
            "growing from 2^11 to 2^12",
            "evacuation done after",
            "longs acknowledged before the kill are right",
            "all 2,000 classes acknowledged are right");
    assertThat(out.lines().count()).isLessThanOrEqualTo(40);
    assertThat(left()).isEmpty();
  }

  @Test
  void keptStoresCanBeOpened() throws Exception {
    Process demo = start("--keep", "--classes", "10", "--longs", "1000");
    String out = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(demo.waitFor()).as(out).isZero();
    assertThat(left()).hasSize(1);
    Cli get = Cli.run("get", left().getFirst().resolve(DemoData.LONGS_FILE), 999);
    assertThat(get.out()).isEqualTo(DemoData.valueOf(999) + "\n");
  }

  private Process start(String... options) throws IOException {
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-Djava.io.tmpdir=" + folder,
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    "demo"),
                Stream.of(options))
            .toList();
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(p -> p.getFileName().toString().startsWith("hmap-demo-")).toList();
    }
  }
}
