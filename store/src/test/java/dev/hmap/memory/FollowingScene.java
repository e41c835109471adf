package dev.hmap.memory;

import dev.hmap.Codec;
import dev.hmap.Durability;
import dev.hmap.HMap;
import dev.hmap.error.HMapException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A reader follows a writer; it shows what the store held at some time, or nothing. */
final class FollowingScene implements Scene {
  private static final int KEYS = 30;
  private static final String PAD = "x".repeat(500);

  /** What the store held after each write that the follower was not yet shown. */
  private final List<Map<Long, String>> states = new ArrayList<>();

  @Override
  public void play(Path folder, Runnable begin, Runnable end) {
    states.clear();
    Path path = folder.resolve("store");
    try (HMap<Long, String> writer =
        HMap.at(path, Codec.LONG, Codec.STRING).durability(Durability.ASYNC).withoutBean().open()) {
      for (long key = 0; key < KEYS; key++) {
        writer.put(key, "a");
      }
      HMap<Long, String> follower = follow(path);
      try {
        states.add(new HashMap<>(writer));
        write(writer);
        begin.run();
        refresh(follower, end);
        checkIsOneOfTheStates(follower);
        follower = refreshed(follower, path);
        checkIsTheLastState(follower);
      } finally {
        follower.close();
      }
    }
  }

  private static HMap<Long, String> follow(Path path) {
    return HMap.at(path, Codec.LONG, Codec.STRING).withoutBean().readOnly().open();
  }

  /** Writes that evacuate, take slots and large entries, and give them back. */
  private void write(HMap<Long, String> writer) {
    for (long key = 0; key < KEYS; key++) {
      long first = KEYS + 8 * key;
      long at = key;
      wrote(writer, () -> writer.put(at, PAD + at));
      wrote(writer, () -> writer.remove(first - 3));
      wrote(
          writer,
          () ->
              writer.write(batch -> {
                for (long i = first; i < first + 8; i++) {
                  batch.put(i, PAD.substring((int) i) + i);
                }
              }));
    }
    wrote(writer, () -> writer.put(0L, PAD.repeat(300)));
    wrote(writer, () -> writer.remove(0L));
  }

  private void wrote(HMap<Long, String> writer, Runnable how) {
    how.run();
    states.add(new HashMap<>(writer));
  }

  private static void refresh(HMap<Long, String> follower, Runnable end) {
    try {
      follower.refresh();
    } catch (OutOfMemoryError | HMapException _) {
      // it may be behind now, or closed
    } finally {
      end.run();
    }
  }

  private void checkIsOneOfTheStates(HMap<Long, String> follower) {
    try {
      Map<Long, String> shown = new HashMap<>(follower);
      if (!states.contains(shown)) {
        throw new AssertionError("the follower shows what never was, " + shown.size());
      }
    } catch (HMapException _) {
      // it shows nothing
    }
  }

  /** The follower at the last state, or another where it was closed. */
  private static HMap<Long, String> refreshed(HMap<Long, String> follower, Path path) {
    try {
      follower.refresh();
      return follower;
    } catch (HMapException _) {
      follower.close();
      return follow(path);
    }
  }

  private void checkIsTheLastState(HMap<Long, String> follower) {
    if (!new HashMap<>(follower).equals(states.getLast())) {
      throw new AssertionError("the follower does not show the last state");
    }
  }
}
