package dev.hmap.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What this process takes of the machine's memory. */
final class Memory {
  private static final Path SMAPS = Path.of("/proc/self/smaps_rollup");
  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final long KB = 1024;

  /** Time that the collector needs to give memory back. */
  private static final int UNCOMMIT_MS = 500;

  private Memory() {}

  /** Bytes of the Java heap in use, after a collection. */
  static long heapBytes() {
    System.gc();
    System.gc(); // some engines free in a cleaner, which the first one starts
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /**
   * Bytes outside the Java heap that are no copy of a file's: native memory, private copies of
   * pages, what the JVM itself needs. Right where committed heap is touched, which a worker's
   * {@code AlwaysPreTouch} sees to.
   */
  static long privateBytes() {
    try {
      Thread.sleep(UNCOMMIT_MS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return Math.max(0, bytes(SMAPS, "Anonymous:") - Runtime.getRuntime().totalMemory());
  }

  /** Bytes in memory, of files too: those can be given back when memory is short. */
  static long residentBytes() {
    return bytes(SMAPS, "Rss:");
  }

  /** Bytes of memory that the machine has. */
  static long machineBytes() {
    return bytes(MEMINFO, "MemTotal:");
  }

  private static long bytes(Path file, String field) {
    try {
      List<String> lines = Files.readAllLines(file);
      String line = lines.stream().filter(l -> l.startsWith(field)).findAny().orElseThrow();
      return Long.parseLong(line.replaceAll("[^0-9]", "")) * KB;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
