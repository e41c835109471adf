package dev.hmap.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM like this one, with its classes and with the options in {@code jvm.options}. */
final class WorkerProcess {
  /** The property that says where {@code jvm.options} is. */
  private static final String OPTIONS = "bench.jvm.options";

  private final List<String> command = new ArrayList<>();

  private WorkerProcess() {}

  /**
   * Begins its command.
   *
   * @param temporary where engines unpack native libraries, which a killed process leaves behind
   */
  static WorkerProcess command(Class<?> main, long heapBytes, Path temporary) {
    String options = System.getProperty(OPTIONS);
    if (options == null) {
      throw new IllegalStateException("-D%s is not set: see tools/bench/bench".formatted(OPTIONS));
    }
    WorkerProcess process = new WorkerProcess();
    process.command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + options,
            "-D%s=%s".formatted(OPTIONS, options),
            "-Djava.io.tmpdir=" + temporary,
            "-Djna.tmpdir=" + temporary,
            "-Xmx" + heapBytes,
            "-XX:+UseG1GC",
            "-XX:+AlwaysPreTouch",
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    return process;
  }

  WorkerProcess args(Object... args) {
    for (Object arg : args) {
      command.add(arg.toString());
    }
    return this;
  }

  /** Starts it; what it says of errors goes where it goes here. */
  Process start(ProcessBuilder.Redirect output) throws IOException {
    return new ProcessBuilder(command)
        .redirectOutput(output)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
