package dev.hmap.table;

import dev.hmap.format.BucketLayout;

/**
 * How many overflow buckets the rest of an evacuation may need. A chain of n buckets is packed into
 * one or two, which have n - 1 overflow buckets at most; two chains that become one, of n buckets
 * together, the same. And a chain of n entries has n / 8 overflow buckets at most. Writer thread
 * only.
 */
final class EvacuationDebt {
  private final HmapState state;
  private int byBuckets;
  private long entries;

  /** Whether the buckets that are left were counted, or none was moved yet. */
  private boolean isExact;

  EvacuationDebt(HmapState state) {
    this.state = state;
  }

  /**
   * A growth has begun, or was loaded.
   *
   * @param nextOverflow of the old array
   * @param count entries of the map
   * @param isWhole whether nothing of the old array was evacuated yet
   */
  void begin(int nextOverflow, long count, boolean isWhole) {
    Table t = state.table;
    BucketArray old = t.old;
    if (old != null) {
      byBuckets = nextOverflow - old.roots() + (t.halves() ? t.buckets.roots() : 0);
      entries = count;
      isExact = isWhole;
    }
  }

  /** This many buckets, the root or roots of the new array aside, and entries were evacuated. */
  void pay(int buckets, int moved) {
    byBuckets -= buckets;
    entries -= moved;
  }

  /** No growth is under way. */
  void end() {
    byBuckets = 0;
    entries = 0;
  }

  /** Overflow buckets at most. */
  int buckets() {
    return (int) Math.min(byBuckets, entries / BucketLayout.SLOTS);
  }

  /** Looks which buckets are left, in a map that was loaded, of which only a bound was known. */
  void count() {
    Table t = state.table;
    BucketArray old = t.old;
    if (old == null || isExact) {
      return;
    }
    int left = 0;
    Cursor at = new Cursor();
    for (int root = 0; root < old.roots(); root++) {
      if (t.home(root) == old) {
        at.to(old, root);
        while (at.toNext(old, state.layout)) {
          left++;
        }
        left += root < t.units() ? 0 : 1; // the second of two that become one
      }
    }
    byBuckets = left;
    isExact = true;
  }
}
