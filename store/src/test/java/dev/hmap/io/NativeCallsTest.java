package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may call the system, in a JVM of its own for each way to start one. */
@Timeout(60)
class NativeCallsTest {

  @Test
  void theSystemIsCalledUnlessThatIsDeniedOrSwitchedOff() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"));
    assertThat(availability()).contains("WARNING").endsWith("available: true");
    assertThat(availability("--enable-native-access=ALL-UNNAMED")).isEqualTo("available: true");
    assertThat(availability("--illegal-native-access=deny")).isEqualTo("available: false");
    assertThat(availability("-Ddev.hmap.native=false")).isEqualTo("available: false");
  }

  private static String availability(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Asking.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.strip();
  }

  /** The program that is run. */
  static final class Asking {
    private Asking() {}

    public static void main(String[] args) {
      System.out.print("available: " + NativeMemory.isAvailable());
    }
  }
}
