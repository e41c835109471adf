package dev.hmap.damage;

import dev.hmap.HMap;
import dev.hmap.error.HMapException;
import dev.hmap.maintenance.Verifier;
import dev.hmap.report.Finding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Does to a damaged store all that users do, and says what came of it. Anything but a result or an
 * exception of hmap's is a failure.
 */
final class Probe<K, V> {
  private static final int MAX_ENTRIES = 1 << 20;
  private static final int NEW_KEY = 50_000;
  private static final int WRITES = 24;

  /** What a user of the store was given. */
  enum Result {
    /** All that was written. */
    RIGHT,
    /** What was there after an earlier write. */
    PREFIX,
    /** Something else. */
    WRONG,
    /** An exception of hmap's. */
    REFUSED
  }

  private final Sample<K, V> sample;
  private final MemoryFiles files;
  private boolean isRefused;
  private boolean isPartRefused;
  private boolean isWrong;
  private boolean isPrefix;

  Probe(Sample<K, V> sample, MemoryFiles files) {
    this.sample = sample;
    this.files = files;
  }

  /** Opens to read, and reads all. */
  Result read() {
    attempt(() -> {
      try (HMap<K, V> map = Sample.openToRead(files, sample.kind)) {
        compare(readAll(map));
      }
    });
    return result();
  }

  /** Opens to read, opens to write, reads all, writes, closes, opens again. */
  Result use() {
    attempt(this::read);
    attempt(() -> {
      Map<K, V> before;
      try (HMap<K, V> map = open()) {
        before = readAll(map);
        compare(before);
        write(map, before);
      }
      if (isRight()) {
        try (HMap<K, V> map = open()) {
          isWrong |= !readAll(map).equals(before) && !isPartRefused;
        }
      }
    });
    if (files.isLimitPassed()) {
      throw new AssertionError("a file grew beyond all bounds");
    }
    return result();
  }

  /** Whether {@code verify} finds damage, or refuses. */
  boolean isFoundByVerify() {
    try {
      return Verifier.verify(files, Sample.NAMES, _ -> {}).stream().anyMatch(Finding::isDamage);
    } catch (HMapException e) {
      checkMessage(e);
      return true;
    }
  }

  private boolean isRight() {
    return !isRefused && !isWrong && !isPrefix;
  }

  private Result result() {
    if (isWrong) {
      return Result.WRONG;
    }
    if (isRefused) {
      return Result.REFUSED;
    }
    return isPrefix ? Result.PREFIX : Result.RIGHT;
  }

  private HMap<K, V> open() {
    return Sample.openToWrite(files, sample.kind);
  }

  private void attempt(Runnable part) {
    try {
      part.run();
    } catch (HMapException e) {
      isRefused = true;
      isPartRefused = true;
      checkMessage(e);
    }
  }

  private static void checkMessage(HMapException e) {
    String message = e.getMessage();
    if (message == null || message.isBlank() || message.contains("\n")) {
      throw new AssertionError("a message that is not one line", e);
    }
  }

  private void compare(Map<K, V> found) {
    if (!isPartRefused && !found.equals(sample.content)) {
      long state =
          found.entrySet().stream()
              .mapToLong(e -> sample.kind.hash(e.getKey(), e.getValue()))
              .sum();
      isPrefix = true;
      isWrong |= !sample.states.contains(state);
    }
  }

  /** Reads by iterating and by look-up, which both must tell the same. */
  private Map<K, V> readAll(HMap<K, V> map) {
    for (K key : sample.content.keySet()) {
      attempt(() -> map.get(key));
    }
    attempt(() -> isWrong |= map.get(sample.kind.key().apply(NEW_KEY + WRITES)) != null);
    Map<K, V> found = new HashMap<>();
    isPartRefused = false;
    attempt(() -> {
      int entries = 0;
      for (Map.Entry<K, V> e : map.entrySet()) {
        if (++entries > MAX_ENTRIES) {
          throw new AssertionError("the iteration does not end");
        }
        found.put(e.getKey(), e.getValue());
      }
      isWrong |= entries != found.size() || map.size() != entries;
    });
    for (Map.Entry<K, V> e : found.entrySet()) {
      attempt(() -> isWrong |= !e.getValue().equals(map.get(e.getKey())));
    }
    return found;
  }

  private void write(HMap<K, V> map, Map<K, V> content) {
    List<K> present = content.keySet().stream().limit(WRITES).toList();
    for (int i = 0; i < WRITES; i++) {
      K fresh = sample.kind.key().apply(NEW_KEY + i);
      V value = sample.kind.value().apply(i * 31);
      attempt(() -> isWrong |= map.put(fresh, value) != null);
      content.put(fresh, value);
    }
    for (int i = 0; i < present.size(); i++) {
      K key = present.get(i);
      V before = content.get(key);
      if (i % 2 == 0) {
        attempt(() -> isWrong |= !before.equals(map.remove(key)));
        content.remove(key);
      } else {
        V value = sample.kind.value().apply(i * 57);
        attempt(() -> isWrong |= !map.replace(key, before, value));
        content.put(key, value);
      }
    }
    attempt(map::checkpoint);
  }
}
