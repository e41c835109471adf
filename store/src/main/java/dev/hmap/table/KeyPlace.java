package dev.hmap.table;

import dev.hmap.format.BucketLayout;

/**
 * Where a key is in a map that nobody changes meanwhile.
 *
 * @param hash of the key
 * @param array the number of the array its chain is in
 * @param isOld whether that is the one being evacuated
 * @param b binary logarithm of the array's roots
 * @param root the chain's root bucket
 * @param hop how many buckets of the chain come before {@code bucket}, or are in all if the key is
 *     absent
 * @param bucket the one with the key, else the root
 * @param bucketAddress of it
 * @param slot of the key, -1 if it is absent
 * @param slotAddress of the key or of its reference, -1 if it is absent
 * @param entryAddress of the slot's entry, -1 if there is none
 */
public record KeyPlace(
    long hash,
    int array,
    boolean isOld,
    int b,
    int root,
    int hop,
    int bucket,
    long bucketAddress,
    int slot,
    long slotAddress,
    long entryAddress) {
  private static final int NONE = -1;

  /**
   * Finds a key.
   *
   * @param map opened for reading only, or on its writer's thread
   */
  public static KeyPlace of(Hmap map, byte[] keyBytes) {
    KeyBytes key = new KeyBytes(keyBytes);
    Table t = map.state.table;
    long hash = key.hash(t.hasher);
    BucketArray array = t.buckets;
    BucketArray old = t.old;
    if (old != null
        && ((int) hash & old.mask) >= t.evacuatedBelow
        && !HmapWalk.isEvacuated(old, (int) hash & old.mask)) {
      array = old;
    }
    return new Search(map, array, array == old, key, hash).run();
  }

  /** Goes along one chain. */
  private record Search(Hmap map, BucketArray array, boolean isOld, KeyBytes key, long hash) {

    KeyPlace run() {
      int root = (int) hash & array.mask;
      Cursor at = new Cursor();
      at.to(array, root);
      do {
        for (int i = 0; i < BucketLayout.SLOTS; i++) {
          if (at.tophash(i) == BucketLayout.tophash(hash)
              && map.state.slots.keyMatches(key, at, i, hash)) {
            return present(at, root, i);
          }
        }
      } while (at.toNext(array, map.state.layout));
      int buckets = at.hops() + 1;
      at.to(array, root);
      return place(root, buckets, root, at.address, NONE, NONE, NONE);
    }

    private KeyPlace present(Cursor at, int root, int slot) {
      long entry = NONE;
      if (map.state.layout.hasEntries()) {
        entry = map.state.slots.entryAddress(at, slot);
      }
      return place(
          root,
          at.hops(),
          at.bucket,
          at.address,
          slot,
          at.address + map.state.layout.key(slot),
          entry);
    }

    private KeyPlace place(
        int root, int hop, int bucket, long bucketAt, int slot, long slotAt, long entryAt) {
      return new KeyPlace(
          hash, array.id, isOld, array.b, root, hop, bucket, bucketAt, slot, slotAt, entryAt);
    }
  }
}
