package dev.hmap.memory;

import dev.hmap.Codec;
import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.HMapAdmin;
import dev.hmap.error.HMapException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A caller writes in all the ways there are; what was acknowledged must be there, and no more. */
final class WritingScene implements Scene {
  private static final int KEYS = 40;
  private static final String PAD = "x".repeat(300);

  /** What each key may have: one value where it is known, null for none. */
  private final Map<Long, Set<@Nullable String>> possible = new HashMap<>();

  private final Durability durability;

  WritingScene(Durability durability) {
    this.durability = durability;
  }

  private HMap<Long, String> open(Path path) {
    return HMap.at(path, Codec.LONG, Codec.STRING)
        .durability(durability)
        .maxLog(1 << 20)
        .withoutBean()
        .open();
  }

  @Override
  public void play(Path folder, Runnable begin, Runnable end) {
    Path path = folder.resolve("store");
    possible.clear();
    HMap<Long, String> map = open(path);
    for (long key = 0; key < KEYS; key++) {
      map.put(key, "first");
      possible.put(key, Set.of("first"));
    }
    begin.run();
    try {
      writeAll(map, folder);
    } finally {
      end.run();
    }
    look(() -> map.get(1L));
    look(map::stats);
    attempt(map::sync);
    attempt(map::close);
    map.close();
    check(path);
  }

  private void writeAll(HMap<Long, String> map, Path folder) {
    write(map, Map.of(1L, "a"), (m, v) -> m.put(1L, v.get(1L)));
    write(map, Map.of(100L, PAD), (m, v) -> m.putIfAbsent(100L, v.get(100L)));
    write(map, none(2), (m, _) -> m.remove(2L));
    write(map, Map.of(3L, "b"), (m, v) -> m.replace(3L, "first", v.get(3L)));
    write(map, Map.of(4L, "c"), (m, v) -> m.merge(4L, "c", (_, n) -> n));
    write(map, Map.of(5L, "d"), (m, v) -> m.compute(5L, (_, _) -> v.get(5L)));
    write(map, none(6), (m, _) -> m.remove(6L, "first"));
    write(map, Map.of(7L, "e"), (m, v) -> m.putAsync(7L, v.get(7L)).join());
    write(map, none(8), (m, _) -> m.removeAsync(8L).join());
    Map<Long, String> many = new HashMap<>();
    for (long key = 200; key < 230; key++) {
      many.put(key, PAD + key);
    }
    write(map, many, (m, v) -> m.write(batch -> v.forEach(batch::put)));
    attempt(map::checkpoint);
    write(map, Map.of(9L, "f", 10L, "f"), Map::putAll);
    write(map, none(11), (m, _) -> m.keySet().removeAll(Set.of(11L)));
    write(map, none(12), (m, _) -> m.entrySet().removeIf(e -> e.getKey() == 12L));
    write(map, Map.of(13L, "g"), (m, v) -> setValue(m, 13L, v.get(13L)));
    look(() -> map.get(14L));
    look(() -> map.getAll(List.of(14L, 15L, 999L)));
    look(() -> map.containsValue("nothing"));
    attempt(() -> map.forEach((_, _) -> {}));
    attempt(() -> map.backupTo(folder.resolve("backup")));
    attempt(map::compact);
    look(map::stats);
    attempt(map::sync);
  }

  private static void setValue(HMap<Long, String> map, long key, String value) {
    for (Map.Entry<Long, String> entry : map.entrySet()) {
      if (entry.getKey() == key) {
        entry.setValue(value);
      }
    }
  }

  private static Map<Long, @Nullable String> none(long key) {
    Map<Long, @Nullable String> none = new HashMap<>();
    none.put(key, null);
    return none;
  }

  private void write(
      HMap<Long, String> map,
      Map<Long, @Nullable String> values,
      BiConsumer<HMap<Long, String>, Map<Long, String>> how) {
    boolean done = attempt(() -> how.accept(map, values));
    values.forEach((key, value) -> {
      Set<@Nullable String> now = new HashSet<>();
      if (!done) {
        now.addAll(possible.getOrDefault(key, nothing()));
      }
      now.add(value);
      possible.put(key, now);
    });
  }

  private static Set<@Nullable String> nothing() {
    Set<@Nullable String> nothing = new HashSet<>();
    nothing.add(null);
    return nothing;
  }

  /** Whether a call succeeds; else it must say what it may. */
  private static boolean attempt(Runnable call) {
    try {
      call.run();
      return true;
    } catch (OutOfMemoryError | HMapException _) {
      return false;
    } catch (CompletionException e) {
      if (e.getCause() instanceof OutOfMemoryError || e.getCause() instanceof HMapException) {
        return false;
      }
      throw e;
    }
  }

  private static void look(Supplier<?> call) {
    boolean _ =
        attempt(() -> {
          var _ = call.get();
        });
  }

  private void check(Path path) {
    if (!HMapAdmin.verify(path, _ -> {}).isSound()) {
      throw new AssertionError("it is not sound");
    }
    try (HMap<Long, String> map = open(path)) {
      Map<Long, String> left = new HashMap<>(map);
      List<String> wrong = new ArrayList<>();
      possible.forEach((key, values) -> {
        String found = left.remove(key);
        if (!values.contains(found)) {
          wrong.add("%d is %s and not one of %s".formatted(key, found, values));
        }
      });
      if (!wrong.isEmpty() || !left.isEmpty()) {
        throw new AssertionError(wrong + ", and " + left + " too much");
      }
      map.put(1L, "alive");
      if (!Objects.equals(map.get(1L), "alive")) {
        throw new AssertionError("what is opened again is dead");
      }
    }
  }
}
