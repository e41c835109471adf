package dev.hmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every public method that may touch a file, called by a thread that is interrupted: it does its
 * work, keeps the flag, and leaves the store usable. (Java closes a file under a thread that is.)
 */
@Timeout(60)
class InterruptTest {
  private static final int ENTRIES = 500;

  @TempDir Path folder;

  /** What is called. */
  private interface Action {
    void run() throws Exception;
  }

  private final Map<String, Action> actions = new LinkedHashMap<>();

  @AfterEach
  void clearFlag() {
    Thread.interrupted(); // should a test have failed
  }

  private Path path(String name) {
    return folder.resolve(name + ".hmap");
  }

  private static HMap<Long, String> open(Path path) {
    return HMap.open(path, Codec.LONG, Codec.STRING);
  }

  private static void fill(HMap<Long, String> map) {
    map.write(batch -> {
      for (long key = 0; key < ENTRIES; key++) {
        batch.put(key, "value " + key);
      }
    });
  }

  private void runAllInterrupted(Action usable) throws Exception {
    for (Map.Entry<String, Action> action : actions.entrySet()) {
      String name = action.getKey();
      Thread.currentThread().interrupt();
      try {
        action.getValue().run();
      } catch (Exception | Error e) {
        throw new AssertionError(name + " failed", e);
      }
      assertThat(Thread.interrupted()).as("the flag, after %s", name).isTrue();
      try {
        usable.run();
      } catch (Exception | Error e) {
        throw new AssertionError("the store, after " + name, e);
      }
    }
  }

  @Test
  void aWritableMapStaysUsable() throws Exception {
    try (HMap<Long, String> map = open(path("store"))) {
      fill(map);
      addReads(map);
      actions.put("put", () -> map.put(1L, "one"));
      actions.put("putIfAbsent", () -> map.putIfAbsent(-1L, "one"));
      actions.put("replace", () -> map.replace(1L, "uno"));
      actions.put("replace if equal", () -> map.replace(1L, "uno", "eins"));
      actions.put("remove", () -> map.remove(-1L));
      actions.put("remove if equal", () -> map.remove(1L, "none"));
      actions.put("compute", () -> map.compute(1L, (_, value) -> value + "!"));
      actions.put("merge", () -> map.merge(1L, "!", String::concat));
      actions.put("replaceAll", () -> map.replaceAll((_, value) -> value));
      actions.put("putAll", () -> map.putAll(Map.of(1L, "one", 2L, "two")));
      actions.put("remove by iterator", () -> map.keySet().removeIf(key -> key == 3));
      actions.put("write", () -> map.write(batch -> batch.put(1L, "one")));
      actions.put("putAsync", () -> map.putAsync(1L, "one").join());
      actions.put("writeAsync", () -> map.writeAsync(batch -> batch.remove(1L)).join());
      actions.put("sync", map::sync);
      actions.put("checkpoint", map::checkpoint);
      actions.put("clear", map::clear);
      actions.put("open another", () -> open(path("other")).close());
      runAllInterrupted(() -> {
        map.put(0L, "zero");
        map.checkpoint();
        assertThat(map.get(0L)).isEqualTo("zero");
        fill(map);
      });
    }
    try (HMap<Long, String> again = open(path("store"))) {
      assertThat(again).hasSizeGreaterThanOrEqualTo(ENTRIES);
    }
  }

  private void addReads(HMap<Long, String> map) {
    actions.put("get", () -> assertThat(map.get(7L)).isEqualTo("value 7"));
    actions.put("getAll", () -> assertThat(map.getAll(List.of(7L, 8L))).hasSize(2));
    actions.put(
        "read",
        () -> {
          Long bytes = map.read(7L, MemorySegment::byteSize);
          assertThat(bytes).isEqualTo(7);
        });
    actions.put("containsKey", () -> assertThat(map.containsKey(7L)).isTrue());
    actions.put("containsValue", () -> assertThat(map.containsValue("value 7")).isTrue());
    actions.put("size", () -> assertThat(map.size()).isEqualTo(ENTRIES));
    actions.put("isEmpty", () -> assertThat(map.isEmpty()).isFalse());
    actions.put("mark", () -> assertThat(map.mark()).isEmpty());
    actions.put("iteration", () -> assertThat(Set.copyOf(map.keySet())).hasSize(ENTRIES));
    actions.put("stream", () -> assertThat(map.values().stream().count()).isEqualTo(ENTRIES));
    actions.put(
        "parallel stream",
        () -> assertThat(map.keySet().parallelStream().distinct().count()).isEqualTo(ENTRIES));
    actions.put("stats", () -> assertThat(map.stats().count()).isEqualTo(ENTRIES));
    actions.put("refresh", map::refresh);
    actions.put(
        "JMX",
        () -> {
          var server = ManagementFactory.getPlatformMBeanServer();
          ObjectName name = server.queryNames(new ObjectName("dev.hmap:*"), null).iterator().next();
          assertThat(server.getAttribute(name, "Count")).isEqualTo((long) ENTRIES);
        });
    actions.put(
        "backupTo",
        () -> {
          Path copy = path("copy" + System.nanoTime());
          map.backupTo(copy);
          try (HMap<Long, String> backup = open(copy)) {
            assertThat(backup).hasSize(ENTRIES);
          }
        });
  }

  @Test
  void aReaderStaysUsable() throws Exception {
    try (HMap<Long, String> writer = open(path("store"))) {
      fill(writer);
      try (HMap<Long, String> map =
          HMap.at(path("store"), Codec.LONG, Codec.STRING).readOnly().open()) {
        addReads(map);
        actions.remove("JMX"); // of which of the two?
        actions.put(
            "refresh after a write",
            () -> {
              writer.put(7L, "value 7");
              map.refresh();
            });
        runAllInterrupted(() -> {
          map.refresh();
          assertThat(map.get(8L)).isEqualTo("value 8");
        });
      }
    }
  }

  @Test
  void openingAndClosingAndTheAdministrationDoTheirWork() throws Exception {
    Path path = path("store");
    actions.put(
        "create",
        () ->
            HMap.at(path("fresh" + System.nanoTime()), Codec.LONG, Codec.STRING).create().close());
    actions.put("open and close", () -> open(path).close());
    actions.put(
        "open for reading",
        () -> HMap.at(path, Codec.LONG, Codec.STRING).readOnly().open().close());
    actions.put("open after a crash", () -> openBehindACrash(path));
    actions.put("shapes", () -> assertThat(HMapAdmin.shapes(path).key()).isEqualTo("long"));
    actions.put("inspect", () -> assertThat(HMapAdmin.inspect(path)).isNotNull());
    actions.put("verify", () -> assertThat(HMapAdmin.verify(path, _ -> {}).isSound()).isTrue());
    actions.put("compact", () -> assertThat(HMapAdmin.compact(path, _ -> {})).isNotNull());
    actions.put("backup", () -> HMapAdmin.backup(path, path("copy" + System.nanoTime()), _ -> {}));
    actions.put(
        "salvage",
        () ->
            assertThat(
                    HMapAdmin.salvage(path, path("saved" + System.nanoTime()), _ -> {}).entries())
                .isEqualTo(ENTRIES));
    try (HMap<Long, String> map = open(path)) {
      fill(map);
    }
    runAllInterrupted(() -> {
      try (HMap<Long, String> map = open(path)) {
        assertThat(map).hasSize(ENTRIES);
      }
    });
  }

  private void openBehindACrash(Path path) throws IOException {
    Path left = path("left" + System.nanoTime());
    boolean flag = Thread.interrupted(); // the test's own copying would be cut off
    try (HMap<Long, String> map = open(path)) {
      map.put(1L, "value 1");
      TestFiles.copyStore(path, left);
    }
    if (flag) {
      Thread.currentThread().interrupt();
    }
    try (HMap<Long, String> map = open(left)) {
      assertThat(map.stats().opening().wasClean()).isFalse();
      assertThat(map).hasSize(ENTRIES);
    }
  }
}
