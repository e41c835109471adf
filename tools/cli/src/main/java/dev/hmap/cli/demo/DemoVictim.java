package dev.hmap.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** The demo's writing process, seen from the one that kills it: what it acknowledged until then. */
public final class DemoVictim implements AutoCloseable {
  private final Process process;
  private long classes;
  private long longs;
  private long nevacuate = -1;

  private DemoVictim(Process process) {
    this.process = process;
  }

  /** Starts it, on the Java and with the classes of this process. */
  public static DemoVictim start(Path folder, int classes, long longs) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                DemoWriter.class.getName(),
                folder.toString(),
                String.valueOf(classes),
                String.valueOf(longs))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new DemoVictim(process);
  }

  /**
   * Lets it write, kills it with SIGKILL at once when it reports that it evacuates, and reads what
   * it had acknowledged until then.
   *
   * @param firstLong told how many classes are acknowledged when it goes on to the longs
   */
  public void killInEvacuation(LongConsumer firstLong) throws IOException {
    try (BufferedReader reports =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String line = reports.readLine(); line != null; line = reports.readLine()) {
        int space = line.indexOf(' ');
        long n = Long.parseLong(line.substring(space + 1));
        switch (line.substring(0, space)) {
          case DemoProtocol.EVACUATING -> {
            kill(); // first of all: it goes on writing meanwhile
            nevacuate = n;
          }
          case DemoProtocol.CLASSES -> classes = n;
          case DemoProtocol.LONGS -> {
            if (longs == 0) {
              firstLong.accept(classes);
            }
            longs = n;
          }
          default -> throw new IllegalStateException(line);
        }
      }
    }
    close();
  }

  /** Classes acknowledged. */
  public long classes() {
    return classes;
  }

  /** Longs acknowledged. */
  public long longs() {
    return longs;
  }

  /** What it said when it was killed; -1 if it ended by itself. */
  public long nevacuate() {
    return nevacuate;
  }

  public long pid() {
    return process.pid();
  }

  /** By its handle, since killing the process itself would close what is still to be read of it. */
  private void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Ends the process if it still runs; returns when it has ended. */
  @Override
  public void close() {
    kill();
    process.onExit().join();
  }
}
