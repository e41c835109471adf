package dev.hmap.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** A thread of which nobody waits gives way to the others, and only that thread. */
class BackgroundPriorityTest {
  private static final int NICE_FIELD = 16; // of those after the name, which is in parentheses

  private static int nice() throws IOException {
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[NICE_FIELD]);
  }

  @Test
  void onlyTheThreadThatAsksForItIsLowered() throws Exception {
    assumeTrue(NativeMemory.isAvailable());
    int before = nice();
    FutureTask<Integer> lowered =
        new FutureTask<>(() -> {
          BackgroundPriority.lower();
          return nice();
        });
    Thread.ofPlatform().start(lowered);
    assertThat(lowered.get()).isEqualTo(Math.min(before + 10, 19));
    assertThat(nice()).isEqualTo(before);
  }
}
