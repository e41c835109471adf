package dev.hmap.format;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * The hash of a key: XXH3, 64 bits, over the key's bytes, seeded with {@code hash0}. Immutable and
 * thread-safe.
 */
public final class KeyHasher {
  private final Hasher64 hasher;

  /**
   * A hasher for one map.
   *
   * @param hash0 the map's seed
   */
  public KeyHasher(long hash0) {
    hasher = Hashing.xxh3_64(hash0);
  }

  /** The hash of {@code length} bytes from {@code offset}. */
  public long hash(byte[] bytes, int offset, int length) {
    return hasher.hashBytesToLong(bytes, offset, length);
  }

  /** The hash of the eight bytes of {@code word}, little-endian. */
  public long hash(long word) {
    return hasher.hashLongToLong(word);
  }
}
