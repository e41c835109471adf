package dev.hmap.maintenance;

import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogPosition;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.io.LostLockException;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import dev.hmap.log.LogFile;
import dev.hmap.log.LogReader;
import dev.hmap.recovery.HeaderSlots;
import dev.hmap.recovery.LockedStore;
import dev.hmap.recovery.LogFinder;
import dev.hmap.recovery.StoreFailures;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a log that another process may be writing, from the last checkpoint on. The
 * guard is held while it reads, so that no segment it needs is used again; between two reads the
 * writer's checkpoints pass, and may take records with them that were not read.
 *
 * <p>One thread at a time.
 */
public final class LogTail {
  private final FileSystem fileSystem;
  private final FileNames names;
  private @Nullable StoreHeader header;
  private LogPosition end = LogPosition.START;

  /** Of a store that need not be open. */
  public LogTail(FileSystem fileSystem, FileNames names) {
    this.fileSystem = fileSystem;
    this.names = names;
  }

  /** Takes the records. */
  @FunctionalInterface
  public interface Handler {
    /**
     * One record.
     *
     * @param geometry of the store
     * @param lsn bytes of records ever logged before it
     * @param sequence its number
     * @param bytes holds its operation from {@code at} on, {@code length} bytes with padding
     */
    void accept(Geometry geometry, long lsn, long sequence, byte[] bytes, int at, int length);
  }

  /**
   * Reads what was logged since the last read.
   *
   * @param mostBytes the next read goes on after the record that reaches this many
   * @return how many records a checkpoint took away since the last read
   */
  public long read(long mostBytes, Handler handler) {
    try {
      while (true) {
        try {
          return readOnce(mostBytes, handler);
        } catch (LostLockException _) {
          // another file came to the name meanwhile: once more
        }
      }
    } catch (AccessDeniedException e) {
      throw StoreFailures.access(names, "may not be opened: permission denied", e);
    } catch (IOException e) {
      throw StoreFailures.failure(names, "cannot be read", e);
    } catch (IndexOutOfBoundsException | InternalError e) {
      throw StoreFailures.damaged(names, e);
    }
  }

  private long readOnce(long mostBytes, Handler handler) throws IOException {
    LockedStore files = LockedStore.open(fileSystem, names, false);
    try (StoreLock _ = files.lock();
        StoreFile data = files.data()) {
      StoreHeader now = HeaderSlots.read(data, names).newest();
      try (LogFile log = LogFinder.find(fileSystem, names, now, files.lock())) {
        long missed = begin(now);
        if (log != null) {
          read(log, mostBytes, handler, now);
        }
        return missed;
      }
    }
  }

  /** Goes on from the end of the last read, or from the checkpoint if that is newer. */
  private long begin(StoreHeader now) {
    StoreHeader before = header;
    header = now;
    boolean isSame =
        before != null
            && before.storeIdHigh() == now.storeIdHigh()
            && before.storeIdLow() == now.storeIdLow();
    long missed = isSame ? Math.max(0, now.log().sequence() - end.sequence()) : 0;
    if (!isSame || missed > 0) {
      end = now.log();
    }
    return missed;
  }

  private void read(LogFile log, long mostBytes, Handler handler, StoreHeader now)
      throws IOException {
    long[] next = {end.lsn(), end.sequence()};
    end =
        new LogReader(log, log.scan())
            .read(
                end,
                (bytes, at, length) -> {
                  handler.accept(now.geometry(), next[0], next[1], bytes, at, length);
                  next[0] += LogRecordLayout.OPERATION + length;
                  next[1]++;
                },
                mostBytes);
  }
}
