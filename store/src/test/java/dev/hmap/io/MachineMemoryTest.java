package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineMemoryTest {
  private static final String MEMINFO = "MemTotal:        2000 kB\nMemFree:         1000 kB\n";

  @TempDir Path folder;

  @Test
  void theLeastOfMachineAndLimitsCounts() throws IOException {
    Path machine = file("meminfo", MEMINFO);
    assertThat(MachineMemory.bytes(machine, List.of(file("none", "max\n")))).hasValue(2_048_000);
    assertThat(MachineMemory.bytes(machine, List.of(file("less", "1048576\n"))))
        .hasValue(1_048_576);
    assertThat(MachineMemory.bytes(machine, List.of(file("huge", "9223372036854771712\n"))))
        .hasValue(2_048_000);
  }

  @Test
  void nothingIsKnownWhereNoFileTells() throws IOException {
    Path missing = folder.resolve("missing");
    assertThat(MachineMemory.bytes(missing, List.of(missing))).isEmpty();
    assertThat(MachineMemory.bytes(file("odd", "MemTotal: many\n"), List.of())).isEmpty();
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
