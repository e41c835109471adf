package dev.hmap.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What these tests do with the files of stores. */
final class StoreFiles {
  private StoreFiles() {}

  static Path beside(Path path, String suffix) {
    return path.resolveSibling(path.getFileName() + suffix);
  }

  static Path log(Path path) {
    return beside(path, "-log");
  }

  static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  static List<Path> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** Makes a closed store of keys from 0 on, each with the value of round 0. */
  static Path store(Path path, long keys) {
    try (HMap<Long, String> map = Work.at(path).create()) {
      Work.fill(map, 0, keys, 0, 0);
    }
    return path;
  }

  /** Copies the files of a store to another folder, as a kill would leave them. */
  static Path asKilled(Path path, Path folder) throws IOException {
    Files.createDirectories(folder);
    Path copy = folder.resolve(path.getFileName());
    Files.copy(path, copy);
    if (Files.exists(log(path))) {
      Files.copy(log(path), log(copy));
    }
    return copy;
  }

  /** Opens a store and closes it: it must hold keys from 0 on, each as round 0 left it. */
  static void assertHolds(Path path, long keys) {
    try (HMap<Long, String> map = Work.at(path).openExisting()) {
      assertHolds(map, keys);
    }
    assertThat(HMapAdmin.verify(path, _ -> {}).findings()).isEmpty();
  }

  static void assertHolds(HMap<Long, String> map, long keys) {
    for (long key = 0; key < keys; key++) {
      assertThat(map.get(key)).isEqualTo(Work.value(key, 0, 0));
    }
    assertThat(map.mappingCount()).isEqualTo(keys);
  }

  /** Acknowledges each write by itself. */
  static void putEach(HMap<Long, String> map, long from, long to) {
    for (long key = from; key < to; key++) {
      map.put(key, Work.value(key, 0, 0));
    }
  }
}
