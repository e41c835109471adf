package dev.hmap.table;

import dev.hmap.format.KeyHasher;
import org.jspecify.annotations.Nullable;

/** What a reader needs to begin a look-up, published as one. Immutable; compared by identity. */
final class Table {
  /** Seeded with {@code hash0}; another object after each clear. */
  final KeyHasher hasher;

  /** The current array. */
  final BucketArray buckets;

  /** The array that is being evacuated, or null. */
  final @Nullable BucketArray old;

  /** What of {@link #old} is evacuated; null without one. */
  final @Nullable EvacuationMarks marks;

  /** One array. */
  Table(KeyHasher hasher, BucketArray buckets) {
    this(hasher, buckets, null, null);
  }

  /** Two arrays, if there are marks. */
  Table(
      KeyHasher hasher,
      BucketArray buckets,
      @Nullable BucketArray old,
      @Nullable EvacuationMarks marks) {
    this.hasher = hasher;
    this.buckets = buckets;
    this.old = old;
    this.marks = marks;
  }

  /** The same as another object: what was read from this one does not count any more. */
  Table again() {
    return new Table(hasher, buckets, old, marks);
  }

  /** The array that has the chain of a hash, or of a root of either array. */
  BucketArray home(int hash) {
    BucketArray from = old;
    return from == null || isEvacuated(hash) ? buckets : from;
  }

  /**
   * Whether an array that was {@link #home} still is. A chain that is being evacuated does not
   * change; but what it refers to may, once it was.
   */
  boolean isStillHome(BucketArray array, int hash) {
    return array == buckets || !isEvacuated(hash);
  }

  /** Whether the unit of a hash, or of a root of either array, is evacuated; with an old array. */
  private boolean isEvacuated(int hash) {
    EvacuationMarks known = marks;
    return known != null && known.isEvacuated(hash & units() - 1);
  }

  /** The number of units of the old array: what is evacuated together. */
  int units() {
    BucketArray from = old;
    return from == null ? 0 : Math.min(from.roots(), buckets.roots());
  }

  /** Whether each chain of the current array takes up two of the old one. */
  boolean halves() {
    return old != null && old.b > buckets.b;
  }
}
