package dev.hmap.memory;

import dev.hmap.Codec;
import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import dev.hmap.HMapBuilder;
import dev.hmap.error.HMapException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A store that was not closed is opened and looked after; whatever fails gives all back. */
final class OpeningScene implements Scene {
  private static final int KEYS = 60;
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private static HMapBuilder<Long, String> at(Path path) {
    return HMap.at(path, Codec.LONG, Codec.STRING)
        .durability(Durability.ASYNC)
        .maxLog(1 << 20)
        .withoutBean();
  }

  @Override
  public void play(Path folder, Runnable begin, Runnable end) {
    Path path = folder.resolve("store");
    Map<Long, String> held = leaveUnclosed(folder.resolve("before"), path);
    Path other = folder.resolve("other");
    begin.run();
    try {
      attempt(() -> close(at(path).readOnly().open()));
      look(() -> HMapAdmin.verify(path, _ -> {}));
      look(() -> HMapAdmin.salvage(path, folder.resolve("salvaged"), _ -> {}));
      attempt(() -> HMapAdmin.backup(path, folder.resolve("backup"), _ -> {}));
      attempt(() -> close(at(path).open()));
      look(() -> HMapAdmin.inspect(path));
      look(() -> HMapAdmin.compact(path, _ -> {}));
      attempt(() -> close(at(other).create()));
    } finally {
      end.run();
    }
    List<Path> open = descriptors(folder);
    if (!open.isEmpty()) {
      throw new AssertionError("left open: " + open);
    }
    try (HMap<Long, String> map = at(path).openExisting();
        HMap<Long, String> made = at(other).open()) {
      if (!new TreeMap<>(map).equals(held)) {
        throw new AssertionError("it holds something else");
      }
      made.put(1L, "alive");
    }
    checkIsTidy(path);
    checkIsTidy(other);
  }

  /** A copy of a store while it was open, as a process leaves it that dies. */
  private static Map<Long, String> leaveUnclosed(Path live, Path copy) {
    try (HMap<Long, String> map = at(live).create()) {
      for (long key = 0; key < KEYS; key++) {
        map.put(key, "first");
        if (key == KEYS / 2) {
          map.checkpoint();
        }
      }
      map.sync();
      Files.copy(live, copy);
      Files.copy(Path.of(live + "-log"), Path.of(copy + "-log"));
      return new TreeMap<>(map);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void attempt(Runnable call) {
    try {
      call.run();
    } catch (OutOfMemoryError | HMapException _) {
      // it says what it may
    }
  }

  private static void look(Supplier<?> call) {
    attempt(() -> {
      var _ = call.get();
    });
  }

  /** A call that found no memory may be repeated. */
  private static void close(HMap<Long, String> map) {
    try {
      map.close();
    } catch (OutOfMemoryError _) {
      map.close();
    }
  }

  /** The files in a folder that this process holds open, where the system tells. */
  private static List<Path> descriptors(Path folder) {
    List<Path> open = new ArrayList<>();
    if (Files.isDirectory(DESCRIPTORS)) {
      try (Stream<Path> all = Files.list(DESCRIPTORS)) {
        for (Path descriptor : all.toList()) {
          addTarget(descriptor, folder, open);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return open;
  }

  private static void addTarget(Path descriptor, Path folder, List<Path> open) throws IOException {
    try {
      Path target = Files.readSymbolicLink(descriptor);
      if (target.startsWith(folder)) {
        open.add(target);
      }
    } catch (FileSystemException _) {
      // it is closed by now
    }
  }

  /** Nothing half made is left beside a store that was opened since. */
  private static void checkIsTidy(Path store) {
    Path left = Path.of(store + "-new");
    if (Files.exists(left)) {
      throw new AssertionError("left half made: " + left);
    }
  }
}
