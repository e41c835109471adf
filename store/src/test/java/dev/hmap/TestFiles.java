package dev.hmap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What tests do with folders. */
final class TestFiles {
  private TestFiles() {}

  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  static void deleteTree(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Copies the files of a store as a process that is killed would leave them. */
  static void copyStore(Path from, Path to) throws IOException {
    Files.copy(from, to);
    Path log = from.resolveSibling(from.getFileName() + "-log");
    if (Files.exists(log)) {
      Files.copy(log, to.resolveSibling(to.getFileName() + "-log"));
    }
  }
}
