package dev.hmap.edge;

import dev.hmap.Codec;
import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import dev.hmap.HMapBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Does with stores what a line says, words with a space between, and answers with a line: in
 * another process, or in another class loader. What goes wrong is answered by the exception's name
 * and message.
 */
final class Work {
  private static final int BATCH = 500;
  private static final Map<String, HMap<Long, String>> MAPS = new HashMap<>();

  private Work() {}

  /** Answers the lines of its input until that ends, by halting: nothing is closed. */
  public static void main(String[] args) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(answer(line));
      System.out.flush();
    }
    Runtime.getRuntime().halt(0);
  }

  /** What the key has after a round of writes, {@code pad} characters longer. */
  static String value(long key, long round, int pad) {
    return key + ":" + round + ":" + "x".repeat(pad);
  }

  /**
   * The maps of these tests; {@code options} may say {@code small}, {@code async}, {@code bean}.
   */
  static HMapBuilder<Long, String> at(Path path, String... options) {
    HMapBuilder<Long, String> builder = HMap.at(path, Codec.LONG, Codec.STRING);
    if (!List.of(options).contains("bean")) {
      builder.withoutBean();
    }
    for (String option : options) {
      switch (option) {
        case "small" -> builder.maxLog(1 << 20).privateMemory(16 << 20);
        case "bean" -> {}
        case "async" -> builder.durability(Durability.ASYNC);
        default -> throw new IllegalArgumentException(option);
      }
    }
    return builder;
  }

  public static String answer(String line) {
    try {
      return answer(line.split(" ", -1));
    } catch (RuntimeException | IOException | Error e) {
      return (e.getClass().getSimpleName() + ": " + e.getMessage()).replace('\n', ' ');
    }
  }

  private static String answer(String[] w) throws IOException {
    switch (w[0]) {
      case "open", "create", "existing", "read" -> open(w);
      case "put" -> map(w).put(Long.parseLong(w[2]), w[3]);
      case "putAsync" -> map(w).putAsync(Long.parseLong(w[2]), w[3]).join();
      case "get" -> {
        return String.valueOf(map(w).get(Long.parseLong(w[2])));
      }
      case "size" -> {
        return String.valueOf(map(w).mappingCount());
      }
      case "fill" ->
          fill(
              map(w),
              Long.parseLong(w[2]),
              Long.parseLong(w[3]),
              Long.parseLong(w[4]),
              Integer.parseInt(w[5]));
      case "wrong" -> {
        return wrong(map(w), Long.parseLong(w[2]), Long.parseLong(w[3]), w[4]);
      }
      case "checkpoint" -> map(w).checkpoint();
      case "refresh" -> map(w).refresh();
      case "backupTo" -> map(w).backupTo(Path.of(w[2]));
      case "close" -> map(w).close();
      case "modes" -> {
        return modes(Path.of(w[1]));
      }
      default -> {
        return administer(w);
      }
    }
    return "ok";
  }

  private static String administer(String[] w) throws IOException {
    Path path = Path.of(w[1]);
    switch (w[0]) {
      case "compact" -> {
        TreeSet<String> seen = new TreeSet<>();
        var _ = HMapAdmin.compact(path, _ -> seen.addAll(List.of(modesOrThrow(path).split(" "))));
        return String.join(" ", seen);
      }
      case "verify" -> {
        return String.valueOf(HMapAdmin.verify(path, _ -> {}).isSound());
      }
      case "inspect" -> {
        var _ = HMapAdmin.inspect(path);
      }
      case "backup" -> HMapAdmin.backup(path, Path.of(w[2]), _ -> {});
      case "salvage" -> {
        var _ = HMapAdmin.salvage(path, Path.of(w[2]), _ -> {});
      }
      default -> throw new IllegalArgumentException(w[0]);
    }
    return "ok";
  }

  private static HMap<Long, String> map(String[] w) {
    HMap<Long, String> map = MAPS.get(w[1]);
    if (map == null) {
      throw new IllegalArgumentException("no map " + w[1]);
    }
    return map;
  }

  private static void open(String[] w) {
    String[] options = Stream.of(w).skip(3).toArray(String[]::new);
    HMapBuilder<Long, String> builder = at(Path.of(w[2]), options);
    MAPS.put(
        w[1],
        switch (w[0]) {
          case "open" -> builder.open();
          case "create" -> builder.create();
          case "existing" -> builder.openExisting();
          default -> builder.readOnly().open();
        });
  }

  static void fill(HMap<Long, String> map, long from, long to, long round, int pad) {
    for (long i = from; i < to; i += BATCH) {
      long first = i;
      map.write(batch -> {
        for (long key = first; key < Math.min(to, first + BATCH); key++) {
          batch.put(key, value(key, round, pad));
        }
      });
    }
  }

  /** How many of these keys have no value, or not their own, or not of that round; and one. */
  private static String wrong(HMap<Long, String> map, long from, long to, String round) {
    long wrong = 0;
    String one = "";
    for (long key = from; key < to; key++) {
      String value = map.get(key);
      String start = round.equals("any") ? key + ":" : key + ":" + round + ":";
      if (value == null || !value.startsWith(start)) {
        wrong++;
        one = " " + key + "=" + value;
      }
    }
    return wrong + one;
  }

  private static String modesOrThrow(Path file) {
    try {
      return modes(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every file of a folder and its mode, as {@code name=rw-------}. */
  static String modes(Path folder) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        all.append(all.isEmpty() ? "" : " ")
            .append(file.getFileName())
            .append('=')
            .append(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      }
    }
    return all.toString();
  }
}
