package dev.hmap.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * How much memory this process may have: the machine's, or the limit of the container it is in. As
 * Linux says it in files, which are read in a moment; elsewhere nothing is known. Not to be used on
 * a thread that users may interrupt.
 */
public final class MachineMemory {
  private static final Path MACHINE = Path.of("/proc/meminfo");
  private static final List<Path> LIMITS =
      List.of(
          Path.of("/sys/fs/cgroup/memory.max"),
          Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));

  private MachineMemory() {}

  /** Bytes, if known. */
  public static OptionalLong bytes() {
    return bytes(MACHINE, LIMITS);
  }

  static OptionalLong bytes(Path machine, List<Path> limits) {
    LongStream total =
        lines(machine)
            .filter(line -> line.startsWith("MemTotal:"))
            .flatMapToLong(line -> numbers(line.replaceAll("\\D", "")))
            .map(kib -> kib << 10);
    LongStream most =
        limits.stream().flatMap(MachineMemory::lines).flatMapToLong(MachineMemory::numbers);
    return LongStream.concat(total, most).filter(bytes -> bytes > 0).min();
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      return Stream.of(); // there is no such file here, or it is not for us
    }
  }

  /** The number, or none: where there is no limit a word may stand. */
  private static LongStream numbers(String text) {
    return text.matches("\\d{1,18}") ? LongStream.of(Long.parseLong(text)) : LongStream.of();
  }
}
