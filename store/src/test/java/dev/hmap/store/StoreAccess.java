package dev.hmap.store;

import dev.hmap.table.Hmap;

/** Shows tests the map below a store. */
public final class StoreAccess {
  private StoreAccess() {}

  /** The map that a reader reads now. */
  public static Hmap map(StoreReader reader) {
    return reader.opened().map();
  }
}
