package dev.hmap.table;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link CheckedMap} is for its callers: the sequential specification. */
public final class MapModel {
  private final Map<Integer, Integer> map = new HashMap<>(Map.of(0, 0, 1, 0));

  /** As {@link CheckedMap#put}. */
  public void put(int key, int value) {
    map.put(key, value);
  }

  /** As {@link CheckedMap#remove}. */
  public void remove(int key) {
    map.remove(key);
  }

  /** As {@link CheckedMap#copy}, which changes nothing. */
  public void copy(int key) {}

  /** As {@link CheckedMap#current}: whatever was copied, what counts is now. */
  public @Nullable Integer current(int key) {
    return map.get(key);
  }

  /** As {@link CheckedMap#get}. */
  public @Nullable Integer get(int key) {
    return map.get(key);
  }
}
