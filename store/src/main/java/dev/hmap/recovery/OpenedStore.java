package dev.hmap.recovery;

import dev.hmap.checkpoint.CommittedCheckpoint;
import dev.hmap.checkpoint.DirtyPages;
import dev.hmap.error.StoreFailedException;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.FileNames;
import dev.hmap.format.LogPosition;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.Causes;
import dev.hmap.io.FileSystem;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import dev.hmap.log.LogFile;
import dev.hmap.table.Hmap;
import dev.hmap.table.Space;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store as recovery hands it over.
 *
 * @param fileSystem it is on
 * @param names of its files
 * @param lock held
 * @param data the open data file
 * @param log the open log file, null if there is none
 * @param header the one that counts
 * @param left the checkpoint that ends with that header, if it is not in the file yet
 * @param extents the directory it names
 * @param space the mapped data file
 * @param dirty the barrier of the map
 * @param map as it was after the last valid record
 * @param end where the log ends
 * @param alive the log segments that are still needed
 * @param recovery what had to be done
 */
public record OpenedStore(
    FileSystem fileSystem,
    FileNames names,
    StoreLock lock,
    StoreFile data,
    @Nullable LogFile log,
    StoreHeader header,
    @Nullable CommittedCheckpoint left,
    List<ExtentRecord> extents,
    Space space,
    DirtyPages dirty,
    Hmap map,
    LogPosition end,
    List<LogFile.Segment> alive,
    Report recovery)
    implements AutoCloseable {

  /**
   * What opening had to do.
   *
   * @param wasClean whether the store had been closed
   * @param completedCheckpoint whether a checkpoint was completed from its images
   * @param records of the log that were replayed
   * @param isDistrusted whether a force failed before: all of it must be in a checkpoint before
   *     anything is written, see {@link FailedForce}
   */
  public record Report(
      boolean wasClean, boolean completedCheckpoint, long records, boolean isDistrusted) {}

  /** Whether it is open for writing. */
  public boolean isWritable() {
    return space.isWritable();
  }

  /**
   * Closes all files and gives the lock back. What is in memory only is forgotten.
   *
   * @throws StoreFailedException if one of them cannot be closed
   */
  @Override
  public void close() {
    try (StoreLock _ = lock;
        StoreFile _ = data;
        LogFile _ = log) {
      space.close();
    } catch (IOException e) {
      throw new StoreFailedException(
          "%s cannot be closed: %s".formatted(names.data(), Causes.of(e)), e);
    }
  }
}
