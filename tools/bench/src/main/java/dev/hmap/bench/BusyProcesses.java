package dev.hmap.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Processes that each keep a processor busy, as other applications on the machine would. */
final class BusyProcesses implements AutoCloseable {
  private static final long HEAP_BYTES = 16L << 20;

  private final List<Process> processes = new ArrayList<>();

  private BusyProcesses() {}

  /** Starts some. */
  static BusyProcesses start(int count, Path temporary) throws IOException {
    BusyProcesses busy = new BusyProcesses();
    boolean isDone = false;
    try {
      for (int i = 0; i < count; i++) {
        busy.processes.add(
            WorkerProcess.command(BusyProcesses.class, HEAP_BYTES, temporary)
                .start(ProcessBuilder.Redirect.DISCARD));
      }
      isDone = true;
      return busy;
    } finally {
      if (!isDone) {
        busy.close();
      }
    }
  }

  /** One of them: ends with its input, and so with the process that started it. */
  public static void main(String[] args) throws IOException {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (true) {
            Thread.onSpinWait();
          }
        });
    while (System.in.read() >= 0) {
      // nothing is said
    }
  }

  /** Whether all of them run. */
  boolean areAlive() {
    return processes.stream().allMatch(Process::isAlive);
  }

  /** Returns when none of them runs any more. */
  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
  }
}
