package dev.hmap.store;

import dev.hmap.checkpoint.PageImageReader;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogPosition;
import dev.hmap.format.StoreHeader;
import dev.hmap.log.LogFile;
import dev.hmap.log.LogReader;
import dev.hmap.recovery.HeaderSlots;
import dev.hmap.recovery.LogFinder;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.recovery.StoreFailures;
import dev.hmap.table.Hmap;
import dev.hmap.table.OperationApplier;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Moves a store that is open for reading on, behind the writer in another process: it replays the
 * records that came into its private memory.
 *
 * <p>It holds the guard, so a checkpoint that the writer has committed waits for it before it goes
 * in place. Where that is so, the store must be reopened: {@link #letGo} gives up the mapping and
 * the guard and lets the checkpoint pass, {@link #open} begins at what it has left.
 *
 * <p>One thread at a time, and not one that users may interrupt.
 */
public final class Follower {
  private static final long PASS_WAIT_NANOS = 20_000_000;
  private static final long PASS_RETRY_NANOS = 200_000;

  private final OpenedStore store;
  private final @Nullable LogReader reader;
  private final OperationApplier applier;
  private final Hmap.Outcome outcome = new Hmap.Outcome();
  private LogPosition end;

  /** Whether a record is applied in part, or may be. */
  private boolean isTorn;

  /**
   * How far a reader is behind the writer's log.
   *
   * @param records that were logged since
   * @param bytes of them
   */
  public record Lag(long records, long bytes) {
    /** Of the writer itself. */
    static final Lag NONE = new Lag(0, 0);
  }

  /** Follows from where a store was opened. */
  public Follower(OpenedStore store) {
    this.store = store;
    LogFile log = store.log();
    this.reader = log == null ? null : new LogReader(log, List.of());
    this.applier = new OperationApplier(store.map());
    this.end = store.end();
  }

  /** Where the replayed log ends. */
  public LogPosition end() {
    return end;
  }

  /**
   * Replays what came. Should reading fail, the records before are applied, and those alone; the
   * next call goes on after them.
   *
   * @return false if the store must be reopened instead, for example because it has half a record
   */
  public boolean advance() {
    try {
      return guarded(this::replayed);
    } catch (RuntimeException | Error e) {
      if (isTorn) {
        return false; // reopened, it has all of the record, or meets the same again
      }
      throw e;
    }
  }

  private boolean replayed() throws IOException {
    List<LogFile.Segment> segments = isTorn ? null : segments();
    if (segments == null) {
      return false;
    }
    if (reader != null) {
      reader.lookAgain(segments);
      try {
        var _ = reader.read(end, this::apply);
      } finally {
        end = reader.end();
      }
    }
    return true;
  }

  private void apply(byte[] bytes, int at, int length) {
    isTorn = true; // whoever reads must not see half a change, and waits
    applier.applyRecord(bytes, at, length, outcome);
    isTorn = false;
  }

  /** How much of the log is not replayed yet; what a checkpoint that waits holds is not counted. */
  public Lag lag() {
    return guarded(() -> {
      LogFile log = store.log();
      if (reader == null || log == null) {
        return new Lag(0, 0);
      }
      reader.lookAgain(log.rescan());
      LogPosition now = reader.read(end, (_, _, _) -> {});
      return new Lag(now.sequence() - end.sequence(), now.lsn() - end.lsn());
    });
  }

  /**
   * The log's segments; null if it cannot be followed from here, because another file bears the
   * data file's name or the log's, or the header or the log tells of a state behind this one.
   */
  private @Nullable List<LogFile.Segment> segments() throws IOException {
    FileNames names = store.names();
    if (!store.data().isAt(names.data())) {
      return null;
    }
    StoreHeader now = HeaderSlots.read(store.data(), names).newest();
    LogFile log = store.log();
    if (log == null) {
      boolean isUnchanged =
          now.generation() == store.header().generation()
              && LogFinder.isMissing(store.fileSystem(), names, now);
      return isUnchanged ? List.of() : null;
    }
    if (!log.isAt(names.log())) {
      return null;
    }
    List<LogFile.Segment> segments = log.rescan();
    return PageImageReader.find(log, segments, now.generation() + 1).isPresent() ? null : segments;
  }

  /** Closes the store, and waits a little for a checkpoint that it held up. */
  public void letGo() {
    store.close();
    long generation = generation();
    long giveUp = System.nanoTime() + PASS_WAIT_NANOS;
    while (store.log() != null && generation() == generation && System.nanoTime() < giveUp) {
      LockSupport.parkNanos(PASS_RETRY_NANOS);
    }
  }

  private long generation() {
    return Recovery.readHeader(store.fileSystem(), store.names()).generation();
  }

  /**
   * Opens the store at its newest point.
   *
   * @param expected see {@link Recovery#open}
   */
  public OpenedStore open(@Nullable UnaryOperator<Geometry> expected) {
    return Recovery.open(store.fileSystem(), store.names(), false, expected);
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  private <T> T guarded(Work<T> work) {
    FileNames names = store.names();
    try {
      return work.run();
    } catch (IOException e) {
      throw StoreFailures.failure(names, "cannot be followed", e);
    } catch (IndexOutOfBoundsException | InternalError e) {
      throw StoreFailures.damaged(names, e);
    }
  }
}
