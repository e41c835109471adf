package dev.hmap.report;

/**
 * Where a key is, or would be looked for, as {@link dev.hmap.HMapAdmin#where} found it. Addresses
 * are bytes from the beginning of the data file, as opening the store would lay it out.
 *
 * @param present whether the key is in the store
 * @param hash of the key, under the store's seed
 * @param tophash of the hash, as the bucket holds it
 * @param array the number of the bucket array that the chain is in
 * @param isOld whether that is the array that is being evacuated
 * @param B that array has 2^B root buckets
 * @param root the number of the chain's root bucket in it
 * @param hop how many buckets of the chain come before the one with the key; if it is absent, how
 *     many were looked at
 * @param bucket the number of the bucket with the key, the root's if it is absent
 * @param bucketAddress of that bucket
 * @param slot of the key in that bucket, -1 if it is absent
 * @param slotAddress of the key in its slot, or of the reference to its entry; -1 if it is absent
 * @param entryAddress of the entry outside the bucket that holds the key or the value, -1 if there
 *     is none
 */
public record Location(
    boolean present,
    long hash,
    int tophash,
    int array,
    boolean isOld,
    int B,
    int root,
    int hop,
    int bucket,
    long bucketAddress,
    int slot,
    long slotAddress,
    long entryAddress) {}
