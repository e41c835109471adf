package dev.hmap;

/**
 * How a store stands, at one moment between two writes. Fields of Go's {@code hmap} bear its names.
 *
 * @param count entries
 * @param b Go's {@code B}: the map has 2^B root buckets
 * @param noverflow overflow buckets of the current array
 * @param oldbuckets the number of the array that is being evacuated, 0 if none is
 * @param nevacuate root buckets of that array below this one are evacuated
 * @param sameSizeGrow whether the growth under way is to the same size
 * @param loadFactor entries for each root bucket; the map doubles above 6.5
 * @param evacuatedChains chains evacuated since opening
 * @param maxChainsPerWrite the most that one write evacuated: never more than 2
 * @param expired entries removed since opening because they had expired
 * @param growths begun since opening, of either kind
 * @param sameSizeGrowths begun since opening
 * @param fileBytes length of the data file
 * @param freeBytes of it free
 * @param entryBytes bytes of entries outside the buckets
 * @param privateBytes memory that private copies of pages take
 * @param logFileBytes length of the log file
 * @param logBytes of the log since the last checkpoint: what recovery would replay
 * @param forces of the log since opening
 * @param checkpoints completed since opening
 * @param checkpointWaitsForReaders whether readers in other processes hold a checkpoint up
 * @param recoveredRecords records of the log that were replayed when the store was opened
 * @param wasClean whether the store had been closed when it was opened
 * @param lagRecords of a map open for reading: records that the writer has logged and this map has
 *     not replayed yet; what {@link HMap#refresh} would bring
 * @param lagBytes of them
 */
public record HMapStats(
    long count,
    int b,
    int noverflow,
    int oldbuckets,
    long nevacuate,
    boolean sameSizeGrow,
    double loadFactor,
    long evacuatedChains,
    int maxChainsPerWrite,
    long expired,
    long growths,
    long sameSizeGrowths,
    long fileBytes,
    long freeBytes,
    long entryBytes,
    long privateBytes,
    long logFileBytes,
    long logBytes,
    long forces,
    long checkpoints,
    boolean checkpointWaitsForReaders,
    long recoveredRecords,
    boolean wasClean,
    long lagRecords,
    long lagBytes) {}
