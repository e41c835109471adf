package dev.hmap.bench;

import java.util.ArrayList;
import java.util.List;

/** Fills stores; a small one first, so that what is measured is not the compiler. */
final class WarmUp {
  /** Entries of the small one. */
  static final long ENTRIES = 100_000;

  private static final int BATCH = 1000;

  private WarmUp() {}

  /** Where the small store is, beside the other. */
  static Place place(Place place) {
    return place(place, ENTRIES);
  }

  /** The same with this many entries, if the other has as many. */
  static Place place(Place place, long most) {
    long entries = Math.min(most, place.entries());
    return new Place(
        Folder.fresh(place.file("warm-up")), entries, place.durable(), place.cacheBytes());
  }

  /** Fills a small store, and removes it. */
  static <K, V> void fill(Engine engine, Shape<K, V> shape, Place place) {
    Place small = place(place);
    try (Store<K, V> store = engine.open(small, shape)) {
      fill(store, shape, small.entries());
    }
    Folder.delete(small.folder());
  }

  /** Puts the first n entries, 1,000 at a time. */
  static <K, V> void fill(Store<K, V> store, Shape<K, V> shape, long entries) {
    for (long from = 0; from < entries; from += BATCH) {
      int n = (int) Math.min(BATCH, entries - from);
      List<K> keys = new ArrayList<>(n);
      List<V> values = new ArrayList<>(n);
      for (long i = from; i < from + n; i++) {
        keys.add(shape.keyOf(i));
        values.add(shape.valueOf(i));
      }
      store.putAll(keys, values);
    }
  }
}
