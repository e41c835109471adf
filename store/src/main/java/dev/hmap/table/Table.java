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

  /** Roots of {@link #old} below this are evacuated, and their memory may be gone. */
  final int evacuatedBelow;

  Table(KeyHasher hasher, BucketArray buckets, @Nullable BucketArray old, int evacuatedBelow) {
    this.hasher = hasher;
    this.buckets = buckets;
    this.old = old;
    this.evacuatedBelow = evacuatedBelow;
  }

  /** The same as another object: what was read from this one does not count any more. */
  Table again() {
    return new Table(hasher, buckets, old, evacuatedBelow);
  }

  /** Whether each chain of the current array takes up two of the old one. */
  boolean halves() {
    return old != null && old.b > buckets.b;
  }
}
