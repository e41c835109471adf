package dev.hmap.report;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@link dev.hmap.HMapAdmin#inspect} found: the store as opening it would make it. Fields of
 * Go's {@code hmap} bear its names. The bytes by kind add up to {@code fileBytes}.
 *
 * @param path of the data file
 * @param keyShape name and shape of the key codec
 * @param valueShape name and shape of the value codec
 * @param keyWidth bytes of every key if they stand in the bucket, else 0
 * @param valueWidth the same for values, with their stamps
 * @param timeToLiveMillis how long entries live, 0 for ever
 * @param mark the user's, empty if none was ever set
 * @param generation of the last checkpoint
 * @param clean whether the store was closed
 * @param logPresent whether a log stands beside it
 * @param replayedRecords of the log, that opening would replay
 * @param completedCheckpoint whether opening would complete a checkpoint
 * @param count entries
 * @param flags as in the header
 * @param flagNames Go's names of those that are set
 * @param B the map has 2^B root buckets
 * @param noverflow overflow buckets of the current array
 * @param hash0 the seed of the hash
 * @param buckets the number of the current array
 * @param oldbuckets the number of the array that is being evacuated, 0 if none is
 * @param nevacuate root buckets of that array below this one are evacuated; pairs of them when it
 *     is halved
 * @param oldNoverflow its overflow buckets
 * @param nextOverflow the number of the overflow bucket to be taken next
 * @param oldB binary logarithm of its root buckets, -1 if there is none
 * @param sameSizeGrow whether the growth under way is to the same size
 * @param loadFactor entries for each root bucket
 * @param chainLengths for each number of buckets, how many chains have it; empty after {@link
 *     dev.hmap.HMapAdmin#glance}
 * @param census of the chains and entries; empty after {@link dev.hmap.HMapAdmin#glance}
 * @param bytesPerBucket length of a bucket
 * @param fileBytes length of the data file
 * @param headerBytes of it the header slots
 * @param directoryBytes the directory of extents
 * @param bucketBytes the current array
 * @param oldBucketBytes what is left of the old one
 * @param slabBytes extents shared by entries
 * @param largeBytes extents of single entries
 * @param freeBytes extents of nobody
 * @param entryBytes live entries within slabs and extents of their own
 * @param logFileBytes length of the log file
 * @param logPositionLsn bytes of records ever logged
 * @param logPositionSequence of the record that would be logged next
 * @param checkpointLsn bytes of records ever logged before the last checkpoint
 * @param checkpointSequence of the first record after it
 */
@SuppressWarnings("ArrayRecordComponent") // a report, compared by nobody
public record Inspection(
    Path path,
    String keyShape,
    String valueShape,
    int keyWidth,
    int valueWidth,
    long timeToLiveMillis,
    byte[] mark,
    long generation,
    boolean clean,
    boolean logPresent,
    long replayedRecords,
    boolean completedCheckpoint,
    long count,
    int flags,
    List<String> flagNames,
    int B,
    long noverflow,
    long hash0,
    long buckets,
    long oldbuckets,
    long nevacuate,
    long oldNoverflow,
    long nextOverflow,
    int oldB,
    boolean sameSizeGrow,
    double loadFactor,
    long[] chainLengths,
    Census census,
    int bytesPerBucket,
    long fileBytes,
    long headerBytes,
    long directoryBytes,
    long bucketBytes,
    long oldBucketBytes,
    long slabBytes,
    long largeBytes,
    long freeBytes,
    long entryBytes,
    long logFileBytes,
    long logPositionLsn,
    long logPositionSequence,
    long checkpointLsn,
    long checkpointSequence) {}
