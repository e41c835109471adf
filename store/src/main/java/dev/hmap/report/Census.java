package dev.hmap.report;

import java.util.List;

/**
 * What a walk over every chain and every entry of a store found. All is empty after {@link
 * dev.hmap.HMapAdmin#glance}.
 *
 * @param old what is not evacuated of the old array; without chains if none is being evacuated
 * @param current what counts of the current array: while the map grows, only chains whose entries
 *     are evacuated already
 * @param keyBytes of all keys
 * @param valueBytes of all values
 * @param sizes for each number of binary digits, how many entries' sizes have it; {@code sizes[7]}
 *     are those whose key and value have 64 to 127 bytes together
 * @param biggest the ten whose key and value are longest, the longest first
 */
@SuppressWarnings("ArrayRecordComponent") // a report, compared by nobody
public record Census(
    Chains old, Chains current, long keyBytes, long valueBytes, long[] sizes, List<Entry> biggest) {

  /**
   * Chains of one array.
   *
   * @param B the array has 2^B root buckets
   * @param chains counted
   * @param entries in them
   * @param overflowEntries of those, how many are in overflow buckets
   * @param lengths for each number of buckets, how many chains have it
   * @param cellChains the roots cut into equal runs, at most 4,096: how many chains of each run
   *     were counted
   * @param cellEntries entries in those
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Chains(
      int B,
      long chains,
      long entries,
      long overflowEntries,
      long[] lengths,
      long[] cellChains,
      long[] cellEntries) {
    /** Overflow buckets of the chains. */
    public long overflowBuckets() {
      long sum = 0;
      for (int n = 2; n < lengths.length; n++) {
        sum += (n - 1) * lengths[n];
      }
      return sum;
    }
  }

  /**
   * An entry.
   *
   * @param key its bytes, as the codec made them
   * @param valueBytes length of its value
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Entry(byte[] key, int valueBytes) {
    /** Bytes of key and value. */
    public int bytes() {
      return key.length + valueBytes;
    }
  }

  /** For each number of buckets, how many chains of either array have it. */
  public long[] chainLengths() {
    long[] sum = new long[Math.max(old.lengths.length, current.lengths.length)];
    for (Chains half : List.of(old, current)) {
      for (int n = 0; n < half.lengths.length; n++) {
        sum[n] += half.lengths[n];
      }
    }
    return sum;
  }
}
