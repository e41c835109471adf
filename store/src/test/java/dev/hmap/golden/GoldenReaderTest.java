package dev.hmap.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The reader in {@code format-spec/reader}, which shares nothing with the library but the pages,
 * lists the golden stores as it should. Skipped where Node.js 18 or the reader's packages are not
 * installed.
 */
@Tag("promise:format")
class GoldenReaderTest {
  private static final Path READER = GoldenFiles.FORMAT_SPEC.resolve("reader");
  private static final int LEAST_NODE = 18;
  private static final int TIMEOUT_SECONDS = 60;

  @TempDir Path folder;

  @BeforeAll
  static void skipWithoutNode() {
    if (!Files.isDirectory(READER.resolve("node_modules"))) {
      skip("run `npm ci` in format-spec/reader");
    }
    try {
      Process node = new ProcessBuilder("node", "--version").start();
      String version = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (Integer.parseInt(version.replaceFirst("v(\\d+)(?s:.*)", "$1")) < LEAST_NODE) {
        skip("node is of version " + version.strip());
      }
    } catch (IOException e) {
      skip("there is no node");
    }
  }

  private static void skip(String why) {
    String line = "GoldenReaderTest is skipped: " + why;
    System.out.println(line);
    abort(line);
  }

  @Test
  void theReaderFindsWhatTheListingsSay() throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder("node", READER.resolve("check.js").toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    assertThat(Files.readAllLines(out, StandardCharsets.UTF_8))
        .containsExactlyInAnyOrderElementsOf(
            GoldenFiles.names().stream().map(name -> name + ": ok").toList());
    assertThat(process.exitValue()).isZero();
  }
}
