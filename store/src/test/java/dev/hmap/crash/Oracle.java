package dev.hmap.crash;

import dev.hmap.format.FileNames;
import dev.hmap.format.LogPosition;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.HmapCheck;
import dev.hmap.table.HmapIterator;
import dev.hmap.table.HmapReader;
import dev.hmap.table.KeyBytes;
import dev.hmap.table.ValueCopy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says whether a store is an exact prefix of what it was given. */
final class Oracle {
  static final FileNames NAMES = new FileNames(Runner.STORE);

  /** What {@link #check} returns for a store whose creation a crash undid. */
  static final int NO_STORE = -1;

  private Oracle() {}

  /** What a store must be. */
  record Bounds(boolean exists, int floor, int ceiling) {
    Bounds exactly(int prefix) {
      return prefix == NO_STORE ? new Bounds(false, 0, 0) : new Bounds(exists, prefix, prefix);
    }
  }

  /**
   * Opens the store, compares all of it with the history, and lets go of it.
   *
   * @return how many operations it holds, or {@link #NO_STORE}
   * @throws AssertionError if it is not what it must be
   */
  static int check(
      FileSystem fileSystem, boolean writable, History history, Bounds bounds, boolean thorough) {
    return check(fileSystem, NAMES, writable, history, bounds, thorough);
  }

  /** The same for each backup that there is. */
  static void checkBackups(FileSystem fileSystem, History history, Bounds bounds) {
    for (int i = 0; Recovery.exists(fileSystem, Runner.BACKUPS.get(i)); i++) {
      Bounds any = new Bounds(true, 0, bounds.ceiling());
      check(fileSystem, Runner.BACKUPS.get(i), false, history, any, false);
    }
  }

  static int check(
      FileSystem fileSystem,
      FileNames names,
      boolean writable,
      History history,
      Bounds bounds,
      boolean thorough) {
    if (!Recovery.exists(fileSystem, names)) {
      if (bounds.exists()) {
        throw new AssertionError("the store is gone");
      }
      return NO_STORE;
    }
    try (OpenedStore store = Recovery.open(fileSystem, names, writable, null)) {
      return check(store, store.end(), history, bounds, thorough);
    } catch (RuntimeException e) {
      throw new AssertionError("the store could not be opened or read: " + e, e);
    }
  }

  /**
   * The same of a store that is open.
   *
   * @param end up to where it has replayed its log
   */
  static int check(
      OpenedStore store, LogPosition end, History history, Bounds bounds, boolean thorough) {
    int prefix = history.prefix(store, end);
    if (prefix < bounds.floor() || prefix > bounds.ceiling()) {
      throw new AssertionError(
          "%d operations were recovered: of %d acknowledged and %d issued"
              .formatted(prefix, bounds.floor(), bounds.ceiling()));
    }
    if (!Arrays.equals(store.map().mark(), history.mark(prefix))) {
      throw new AssertionError("after operation %d the mark is another".formatted(prefix));
    }
    boolean expires = history.shape.expires();
    Model model = expires || thorough ? Model.after(history, prefix) : null;
    if (expires) {
      expire(store, end, history, model);
    }
    int expectedCount = expires ? model.count() : history.count(prefix);
    long expectedSum = expires ? model.sum() : history.sum(prefix);
    long sum = 0;
    long count = 0;
    HmapReader reader = store.map().reader();
    HmapIterator iterator = new HmapIterator(reader);
    Map<String, byte[]> found = thorough ? new HashMap<>() : null;
    for (EntryBytes e = iterator.next(); e != null; e = iterator.next()) {
      sum += Shape.hash(e.key(), e.value());
      count++;
      if (found != null && found.put(Arrays.toString(e.key()), e.value()) != null) {
        throw new AssertionError("a key was found twice");
      }
    }
    boolean isCounted =
        expires
            ? count <= store.map().count() && store.map().count() <= history.count(prefix)
            : count == store.map().count();
    if (!isCounted || count != expectedCount || sum != expectedSum) {
      throw new AssertionError(
          "after operation %d there are %d entries by its count, %d by iteration, %d by the model%s"
              .formatted(
                  prefix,
                  store.map().count(),
                  count,
                  expectedCount,
                  sum == expectedSum ? "" : ", and they are not the same"));
    }
    if (thorough) {
      List<String> problems = HmapCheck.check(store.map());
      if (!problems.isEmpty()) {
        throw new AssertionError("the structure is wrong: " + problems);
      }
      compare(reader, history.shape, model, found);
    }
    return prefix;
  }

  /** Has both be looked at from the store's horizon: nothing else is gone. */
  private static void expire(OpenedStore store, LogPosition end, History history, Model model) {
    long horizon = store.map().horizon();
    if (!history.isHorizon(store, end)) {
      throw new AssertionError("the horizon is %d, and another was logged".formatted(horizon));
    }
    model.expire(horizon);
    store.map().setTime(InstantSource.fixed(Instant.EPOCH)); // readers do not go before the horizon
  }

  private static <K, V> void compare(
      HmapReader reader, Shape<K, V> shape, Model model, Map<String, byte[]> found) {
    model
        .entries()
        .forEach((number, value) -> {
          byte[] key = shape.keys.encode(shape.key(number));
          byte[] expected = shape.values.encode(shape.value(value.tag(), value.length()));
          ValueCopy got = new ValueCopy();
          if (!reader.get(new KeyBytes(key), got) || !Arrays.equals(got.bytes(), expected)) {
            throw new AssertionError("get of key %d is wrong".formatted(number));
          }
          if (!Arrays.equals(found.remove(Arrays.toString(key)), expected)) {
            throw new AssertionError("iteration over key %d is wrong".formatted(number));
          }
        });
    if (!found.isEmpty()) {
      throw new AssertionError("keys that should not be there: " + found.keySet());
    }
  }
}
