package dev.hmap.table;

import dev.hmap.format.BucketLayout;

/** A planted flaw: what a reader would not find that looks at the new array only. */
public final class NewArrayReader {
  private NewArrayReader() {}

  /** Whether a key's chain is still in the array that is being evacuated. */
  public static boolean misses(Hmap map, byte[] key) {
    Table t = map.state.table;
    BucketArray old = t.old;
    if (old == null) {
      return false;
    }
    int root = (int) new KeyBytes(key).hash(t.hasher) & old.mask;
    if (root < t.evacuatedBelow) {
      return false;
    }
    int extent = old.extentOf(root);
    int tophash = old.memory(extent).getByte(old.offset(extent, root)) & 0xFF;
    return !BucketLayout.isEvacuated(tophash);
  }
}
