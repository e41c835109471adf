package dev.hmap.write;

import dev.hmap.checkpoint.Checkpointer;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.Operation;
import dev.hmap.log.LogWriter;
import dev.hmap.table.Hmap;
import dev.hmap.table.OperationApplier;
import dev.hmap.table.RoomPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: operations that came together share one append to the log and one force. A batch
 * goes through four steps, each for all of its operations before the next begins:
 *
 * <ol>
 *   <li><i>reserve</i> the room that they may need, in the log and in the data file;
 *   <li><i>append</i> them to the log, and <i>force</i> it if writes are to survive a power cut;
 *   <li><i>apply</i> them to the map;
 *   <li><i>complete</i> their callers.
 * </ol>
 *
 * <p>So nothing is seen before it is as durable as was promised, and what a crash leaves is a
 * prefix of what was written. Where the append fails for want of room, nothing was applied, and
 * each caller is answered.
 *
 * <p>Where entries expire, all operations of a batch take place at one time, which is taken when
 * the batch is complete and logged with each; they are judged by it whenever they are applied.
 *
 * <p>For whoever has the writer's role.
 */
final class GroupCommit {
  private static final int MAX_BATCH_BYTES = 8 << 20;
  private static final int CHAINS_PER_WRITE = 2;
  private static final int LONG_OPERATION_BYTES = 256;

  private final FileNames names;
  private final Hmap map;
  private final OperationApplier applier;
  private final RoomPlan room;
  private final StoreLog log;
  private final Checkpointer checkpointer;
  private final ExpirySweep sweep;
  private final Failure failure;
  private final boolean isSync;

  /** Whether operations take place at the writer's time. */
  private final boolean isStamping;

  private final WriteCounts writes = new WriteCounts();
  private final List<Write> batch = new ArrayList<>();
  private int batchBytes;

  /** How many of the batch have been completed or refused. */
  private int answered;

  /** The operation that goes before the batch, if its horizon is new. */
  private byte @Nullable [] expire;

  /**
   * Commits into an open store.
   *
   * @param isSync whether each batch is forced
   * @param isStamping whether operations take place at the time of the sweep's clock
   */
  GroupCommit(
      FileNames names,
      OperationApplier applier,
      Hmap map,
      StoreLog log,
      Checkpointer checkpointer,
      ExpirySweep sweep,
      Failure failure,
      boolean isSync,
      boolean isStamping) {
    this.names = names;
    this.map = map;
    this.applier = applier;
    this.room = new RoomPlan(map);
    this.log = log;
    this.checkpointer = checkpointer;
    this.sweep = sweep;
    this.failure = failure;
    this.isSync = isSync;
    this.isStamping = isStamping;
  }

  /** Adds an operation to the batch, or refuses it. Does not throw. */
  void add(Write write) {
    Refusal refusal = failure.refusal();
    try {
      if (refusal == null) {
        batch.add(write);
        batchBytes += write.length;
      }
    } catch (Throwable e) {
      refusal = failure.setAndRefuse(e);
    }
    if (refusal != null) {
      write.fail(refusal);
    }
  }

  /** Whether the batch is so long that it should be committed before more is added. */
  boolean isLong() {
    return batchBytes > MAX_BATCH_BYTES;
  }

  /** Writes committed since opening. */
  WriteCounts writes() {
    return writes;
  }

  /**
   * Commits the batch, which is empty again. Does not throw: whoever waits is answered.
   *
   * @return how much that was, in short operations
   */
  int commit() {
    int work = batch.size() + batchBytes / LONG_OPERATION_BYTES;
    if (batch.isEmpty()) {
      return 0;
    }
    commit(false);
    return work;
  }

  /**
   * Commits a write alone, on its caller's thread, if that needs no call of the system: the log is
   * mapped where it goes, and the data file has room for it. Not if the map would begin to grow,
   * nor where it may have to wait for a checkpoint's thread: these are the writer's. Does not
   * throw.
   *
   * @return false if it is left to the writer; then nothing was done
   */
  boolean commitInMemory(Write write) {
    try {
      if (failure.isSet() || !isInMemory(write)) {
        return false;
      }
      batch.add(write);
      write.isCallers = true;
    } catch (StoreFullException _) {
      return false; // the writer tries more, and says why
    } catch (RuntimeException | Error _) {
      return false; // no memory, for example: the writer will meet that too, or not
    }
    commit(true);
    try {
      checkpointer.copySome(1); // as after a batch of one
    } catch (RuntimeException | Error e) {
      failure.set(e);
    }
    return true;
  }

  private boolean isInMemory(Write write) {
    LogWriter open = log.writer();
    if (open == null || checkpointer.isClean() || !checkpointer.hasRoomForCopies()) {
      return false;
    }
    int expireBytes = isStamping ? Operation.EXPIRE_BYTES : 0;
    if (!open.isMappedFor(write.length, expireBytes)) {
      return false;
    }
    return room.isSecuredWithinFile(write.bytes);
  }

  /** Room that was had ahead, for callers, may have been taken since: by what the writer did. */
  void forgetRoomAhead() {
    room.clear(false);
  }

  /** Commits the batch, which is empty again. Does not throw: whoever waits is answered. */
  private void commit(boolean isReserved) {
    answered = 0;
    try {
      commitBatch(isReserved);
    } catch (Throwable e) {
      Refusal refusal = failure.setAndRefuse(e);
      while (answered < batch.size()) {
        batch.get(answered++).fail(refusal);
      }
    }
    batch.clear();
    batchBytes = 0;
  }

  // ---------------------------------------------------------------- the four steps

  /**
   * If there is no room for all of the batch, each operation is committed by itself: a removal is
   * not refused with an insertion.
   */
  private void commitBatch(boolean isReserved) {
    LogWriter open = begin();
    if (open == null) {
      return;
    }
    if (isReserved || reserve(open, batch, false) == null) {
      Refusal refusal = appendAndForce(open);
      if (refusal == null && expire != null) {
        applier.apply(expire);
      }
      applyAndComplete(batch.size(), refusal);
    } else {
      while (answered < batch.size()) {
        commitAlone(open, batch.get(answered));
      }
    }
  }

  private void commitAlone(LogWriter open, Write write) {
    open.add(write.bytes, 0, write.length);
    Refusal refusal = reserve(open, List.of(write), true);
    applyAndComplete(answered + 1, refusal == null ? appendAndForce(open) : refusal);
  }

  /**
   * Hands the batch to the log, after a new horizon if one is due. Nothing is written yet.
   *
   * @return the log; null if that failed, and all of the batch has been refused
   */
  private @Nullable LogWriter begin() {
    Refusal refusal;
    try {
      LogWriter open = log.open();
      expire = isStamping ? setTimes() : null;
      if (expire != null) {
        open.add(expire, 0, expire.length);
      }
      for (Write write : batch) {
        open.add(write.bytes, 0, write.length);
      }
      return open;
    } catch (IOException e) {
      refusal = failure.refuse("could not begin its log", e);
    } catch (RuntimeException | Error e) {
      refusal = failure.setAndRefuse(e); // for example, there was no memory for the batch
    }
    applyAndComplete(batch.size(), refusal);
    return null;
  }

  /** Has the batch take place now; returns an operation to come before it, or null. */
  private byte @Nullable [] setTimes() {
    long trusted = sweep.readClock();
    long time = Math.min(Math.max(map.now(), trusted), Geometry.MAX_TIME_MILLIS);
    for (Write write : batch) {
      Operation.setTime(write.bytes, 0, time);
    }
    return sweep.isHorizonDue() ? Operation.expire(trusted) : null;
  }

  /**
   * Secures what writes may need, in the data file and in the log.
   *
   * @param exactly whether each is looked at more closely, since they were refused before
   * @return null, or what to tell their callers; then the log has forgotten them
   */
  private @Nullable Refusal reserve(LogWriter open, List<Write> writes, boolean exactly) {
    Refusal failed = failure.refusal();
    if (failed != null) {
      open.forget();
      return failed;
    }
    try {
      room.clear(exactly);
      for (Write write : writes) {
        room.add(write.bytes, 0);
      }
      room.secure();
      open.reserve();
      return null;
    } catch (StoreFullException e) {
      open.forget();
      return () ->
          new StoreFullException(
              "%s has no room for a write: %s".formatted(names.data(), e.getMessage()), e);
    } catch (IOException e) {
      open.forget();
      return failure.refuse("has no room for a write", e);
    } catch (RuntimeException | Error e) {
      open.forget();
      return failure.setAndRefuse(e); // for example, there was no memory for a mapping
    }
  }

  private @Nullable Refusal appendAndForce(LogWriter open) {
    try {
      checkpointer.markWriting();
      open.commit();
      if (isSync) {
        log.force(open);
      }
      return null;
    } catch (IOException | RuntimeException | Error e) {
      // what of the batch is on disk is for recovery to find out; nothing is tried again
      return failure.setAndRefuse(e);
    }
  }

  /**
   * Applies what was logged of the batch, up to an index, and completes it; or refuses all of it.
   */
  private void applyAndComplete(int to, @Nullable Refusal why) {
    Refusal refusal = why;
    int from = answered;
    while (answered < to) {
      Write write = batch.get(answered);
      if (refusal == null && (answered - from) % OperationApplier.PREFETCHED_OPERATIONS == 0) {
        refusal = prefetch(answered, to);
      }
      if (refusal == null) {
        refusal = apply(write);
      }
      int operationBytes = write.length;
      answered++; // from here on it may be its caller's again
      if (refusal != null) {
        write.fail(refusal);
      } else {
        write.succeed();
        refusal = sweepBeside(operationBytes);
      }
    }
  }

  /** Has fetched what the next operations of the batch will look at. */
  private @Nullable Refusal prefetch(int from, int end) {
    int to = Math.min(from + OperationApplier.PREFETCHED_OPERATIONS, end);
    if (to - from == 1) {
      return null;
    }
    try {
      for (int i = from; i < to; i++) {
        Write write = batch.get(i);
        applier.willApply(write.bytes, 0, write.length);
      }
      applier.prefetch();
      return null;
    } catch (RuntimeException | Error e) {
      return failure.setAndRefuse(e); // like apply, which would have met it
    }
  }

  private @Nullable Refusal apply(Write write) {
    try {
      applier.apply(write.bytes, 0, write.length, write.outcome);
      writes.count(write.bytes);
      return null;
    } catch (RuntimeException | Error e) {
      return failure.setAndRefuse(e); // it is in the log: recovery will apply it
    }
  }

  /**
   * While writes leave no idle time: a write that evacuates nothing sweeps two chains, as many as
   * it might have evacuated; a batch, two for some operation of its length.
   */
  private @Nullable Refusal sweepBeside(int operationBytes) {
    try {
      if (isStamping && !map.isGrowing() && sweep.isDue()) {
        sweep.step(CHAINS_PER_WRITE * (1 + operationBytes / LONG_OPERATION_BYTES));
      }
      return null;
    } catch (RuntimeException | Error e) {
      return failure.setAndRefuse(e);
    }
  }
}
