package dev.hmap.table;

import dev.hmap.format.KeyHasher;
import org.jspecify.annotations.Nullable;

/**
 * What a reader needs to begin a look-up, published as one. Immutable.
 *
 * @param hasher seeded with {@code hash0}; another object after each clear
 * @param buckets the current array
 * @param old the array that is being evacuated, or null
 * @param evacuatedBelow roots of {@code old} below this are known to be evacuated, and their memory
 *     may be gone
 */
record Table(
    KeyHasher hasher, BucketArray buckets, @Nullable BucketArray old, int evacuatedBelow) {}
