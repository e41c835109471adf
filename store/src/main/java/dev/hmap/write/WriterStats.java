package dev.hmap.write;

import dev.hmap.format.HmapFields;

/**
 * A writer's state at one moment between two writes.
 *
 * @param hmap the map's fields
 * @param evacuatedChains since opening
 * @param maxChainsPerWrite that one write evacuated, since opening
 * @param expired entries removed since opening because they had expired
 * @param growths begun since opening, of either kind
 * @param sameSizeGrowths begun since opening
 * @param filePages pages of the data file
 * @param freePages of them free
 * @param privatePages private copies
 * @param logFileBytes size of the log file
 * @param logBytes of records since the last checkpoint
 * @param forces of the log since opening
 * @param checkpoints completed since opening
 * @param isWaitingForReaders whether readers in other processes hold a checkpoint up
 */
public record WriterStats(
    HmapFields hmap,
    long evacuatedChains,
    int maxChainsPerWrite,
    long expired,
    long growths,
    long sameSizeGrowths,
    int filePages,
    long freePages,
    int privatePages,
    long logFileBytes,
    long logBytes,
    long forces,
    long checkpoints,
    boolean isWaitingForReaders) {}
