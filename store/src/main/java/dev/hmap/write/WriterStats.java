package dev.hmap.write;

import dev.hmap.format.HmapFields;
import dev.hmap.format.LogPosition;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.table.Hmap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

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
 * @param forceTimes of those that succeeded, nanoseconds; null if there was none
 * @param checkpoints completed since opening
 * @param checkpointTimes of those, nanoseconds; null if there was none
 * @param isWaitingForReaders whether readers in other processes hold a checkpoint up
 * @param writes applied since opening
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
    @Nullable Histogram forceTimes,
    long checkpoints,
    @Nullable Histogram checkpointTimes,
    boolean isWaitingForReaders,
    Writes writes) {

  /**
   * Writes by kind, whether their conditions were met or not.
   *
   * @param puts without a condition
   * @param conditionalPuts if absent, if present, or if of an expected value
   * @param removes with a condition or without
   * @param clears of the whole map
   * @param batches each one write, whatever it holds
   */
  public record Writes(long puts, long conditionalPuts, long removes, long clears, long batches) {}

  /**
   * The state of a store that is only read.
   *
   * @param end up to where the log was replayed
   */
  public static WriterStats ofReadOnly(OpenedStore store, LogPosition end) {
    Hmap.Counters counters = store.map().counters();
    return new WriterStats(
        store.map().fields(),
        counters.evacuatedChains.get(),
        counters.maxChainsPerWrite.get(),
        counters.expired.get(),
        counters.growths.get(),
        counters.sameSizeGrowths.get(),
        store.space().pages(),
        store.space().freePages(),
        store.dirty().privateCount(),
        0,
        end.lsn() - store.header().log().lsn(),
        0,
        null,
        0,
        null,
        false,
        new Writes(0, 0, 0, 0, 0));
  }
}
