package dev.hmap;

import dev.hmap.format.HmapFields;
import dev.hmap.format.PageLayout;
import dev.hmap.store.StoreStats;
import dev.hmap.write.WriterStats;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How a store stands, at one moment between two writes. What is counted "since opening" is 0 for a
 * map that is open for reading, but for what replaying the log did.
 *
 * @param count entries
 * @param growth how large the map is, and how far a growth is
 * @param space what the data file and memory hold
 * @param log what the log holds, and how long it takes to force and to shorten it
 * @param writes since opening, by kind
 * @param opening what opening had to do
 * @param lag of a map that is open for reading, behind the writer
 */
public record HMapStats(
    long count, Growth growth, Space space, Log log, Writes writes, Opening opening, Lag lag) {

  /**
   * Growth; fields of Go's {@code hmap} bear its names.
   *
   * @param b Go's {@code B}: the map has 2^B root buckets
   * @param noverflow overflow buckets of the current array
   * @param oldbuckets the number of the array that is being evacuated, 0 if none is
   * @param nevacuate root buckets of that array below this one are evacuated; pairs of them when it
   *     is halved
   * @param sameSizeGrow whether the growth under way is to the same size
   * @param loadFactor entries for each root bucket; the map doubles above 6.5
   * @param evacuatedChains chains evacuated since opening
   * @param maxChainsPerWrite the most that one write evacuated: never more than 2
   * @param expired entries removed since opening because they had expired
   * @param growths begun since opening, of either kind
   * @param sameSizeGrowths begun since opening
   */
  public record Growth(
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
      long sameSizeGrowths) {}

  /**
   * Bytes.
   *
   * @param fileBytes length of the data file
   * @param freeBytes of it free
   * @param entryBytes bytes of entries outside the buckets
   * @param privateBytes memory that private copies of pages take
   */
  public record Space(long fileBytes, long freeBytes, long entryBytes, long privateBytes) {}

  /**
   * The log, and the checkpoints that shorten it.
   *
   * @param logFileBytes length of the log file
   * @param logBytes of the log since the last checkpoint: what recovery would replay
   * @param forces of the log since opening
   * @param forceTimes how long they took, but for one under way
   * @param checkpoints completed since opening
   * @param checkpointTimes how long they took, each from its beginning to its header
   * @param checkpointWaitsForReaders whether readers in other processes hold a checkpoint up
   */
  public record Log(
      long logFileBytes,
      long logBytes,
      long forces,
      Latency forceTimes,
      long checkpoints,
      Latency checkpointTimes,
      boolean checkpointWaitsForReaders) {}

  /**
   * Durations since opening as quantiles, in nanoseconds, to 2 digits and at most an hour.
   *
   * @param count of durations; if it is 0, so are the others
   * @param p50Nanos half of them were not longer
   * @param p90Nanos 90 of 100 were not longer
   * @param p99Nanos 99 of 100 were not longer
   * @param p999Nanos 999 of 1,000 were not longer
   * @param maxNanos the longest
   */
  public record Latency(
      long count, long p50Nanos, long p90Nanos, long p99Nanos, long p999Nanos, long maxNanos) {

    static Latency of(@Nullable Histogram times) {
      if (times == null) {
        return new Latency(0, 0, 0, 0, 0, 0);
      }
      return new Latency(
          times.getTotalCount(),
          times.getValueAtPercentile(50),
          times.getValueAtPercentile(90),
          times.getValueAtPercentile(99),
          times.getValueAtPercentile(99.9),
          times.getMaxValue());
    }
  }

  /**
   * Writes since opening, whether their conditions were met or not.
   *
   * @param puts without a condition
   * @param conditionalPuts {@code putIfAbsent} and {@code replace}; {@code compute} and {@code
   *     merge} make some of these and of removes
   * @param removes with an expected value or without
   * @param clears of the whole map
   * @param batches each one write, whatever it holds
   */
  public record Writes(long puts, long conditionalPuts, long removes, long clears, long batches) {}

  /**
   * What opening had to do.
   *
   * @param recoveredRecords records of the log that were replayed
   * @param wasClean whether the store had been closed
   */
  public record Opening(long recoveredRecords, boolean wasClean) {}

  /**
   * What {@link HMap#refresh} would bring; what a checkpoint that waits for this reader holds is
   * not counted.
   *
   * @param records that the writer has logged and this map has not replayed
   * @param bytes of them
   */
  public record Lag(long records, long bytes) {}

  static HMapStats of(StoreStats stats) {
    WriterStats s = stats.writer();
    HmapFields f = s.hmap();
    return new HMapStats(
        f.count(),
        new Growth(
            f.b(),
            f.noverflow(),
            f.oldbuckets().id(),
            f.nevacuate(),
            f.sameSizeGrow(),
            (double) f.count() / (1L << f.b()),
            s.evacuatedChains(),
            s.maxChainsPerWrite(),
            s.expired(),
            s.growths(),
            s.sameSizeGrowths()),
        new Space(
            PageLayout.addressOf(s.filePages()),
            s.freePages() << PageLayout.PAGE_SHIFT,
            f.entryBytes(),
            PageLayout.addressOf(s.privatePages())),
        new Log(
            s.logFileBytes(),
            s.logBytes(),
            s.forces(),
            Latency.of(s.forceTimes()),
            s.checkpoints(),
            Latency.of(s.checkpointTimes()),
            s.isWaitingForReaders()),
        new Writes(
            s.writes().puts(),
            s.writes().conditionalPuts(),
            s.writes().removes(),
            s.writes().clears(),
            s.writes().batches()),
        new Opening(stats.opening().records(), stats.opening().wasClean()),
        new Lag(stats.lag().records(), stats.lag().bytes()));
  }
}
