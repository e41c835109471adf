package dev.hmap.table;

import dev.hmap.format.BucketLayout;
import dev.hmap.report.Location;

/** Finds out where a key is in a map that nobody changes meanwhile. */
public final class KeySearch {
  private static final int NONE = -1;

  private final Hmap map;
  private final KeyBytes key;
  private final long hash;
  private final BucketArray array;
  private final boolean isOld;
  private final int root;

  private KeySearch(Hmap map, byte[] keyBytes) {
    this.map = map;
    this.key = new KeyBytes(keyBytes);
    Table t = map.state.table;
    this.hash = key.hash(t.hasher);
    this.array = t.home((int) hash);
    this.isOld = array == t.old;
    this.root = (int) hash & array.mask;
  }

  /**
   * Finds a key.
   *
   * @param map opened for reading only, or on its writer's thread
   */
  public static Location find(Hmap map, byte[] key) {
    return new KeySearch(map, key).run();
  }

  /** Goes along the chain. */
  private Location run() {
    Cursor at = new Cursor();
    at.to(array, root);
    do {
      for (int i = 0; i < BucketLayout.SLOTS; i++) {
        if (at.tophash(i) == BucketLayout.tophash(hash)
            && map.state.slots.keyMatches(key, at, i, hash)) {
          return present(at, i);
        }
      }
    } while (at.toNext(array, map.state.layout));
    int buckets = at.hops() + 1;
    at.to(array, root);
    return location(buckets, at, NONE, NONE, NONE);
  }

  private Location present(Cursor at, int slot) {
    long entry = map.state.layout.hasEntries() ? map.state.slots.entryAddress(at, slot) : NONE;
    return location(at.hops(), at, slot, at.address + map.state.layout.key(slot), entry);
  }

  private Location location(int hop, Cursor at, int slot, long slotAddress, long entryAddress) {
    return new Location(
        slot != NONE,
        hash,
        BucketLayout.tophash(hash),
        array.id,
        isOld,
        array.b,
        root,
        hop,
        at.bucket,
        at.address,
        slot,
        slotAddress,
        entryAddress);
  }
}
