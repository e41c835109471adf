package dev.hmap.write;

import dev.hmap.checkpoint.Checkpointer;
import dev.hmap.checkpoint.GivingBack;
import dev.hmap.error.StoreFullException;
import dev.hmap.event.Log;
import dev.hmap.format.HmapFields;
import dev.hmap.format.PageLayout;
import dev.hmap.io.NativeMemory;
import dev.hmap.log.LogFile;
import dev.hmap.log.LogWriter;
import dev.hmap.recovery.OpenedStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * When a checkpoint begins, and what follows from its end: when the log has grown by some multiple
 * of the data, when private pages take three quarters of what they may, or on demand. After it the
 * log before its position is retired, and private pages are given back if they are many. Writer
 * thread only.
 */
final class CheckpointSchedule {
  private static final long MIN_LOG_BYTES = 4 << 20;
  private static final int LOG_TO_DATA = 4;
  private static final int PAGES_GIVEN_BACK = 1024;
  private static final long FULL_RETRY_NANOS = 1_000_000_000;

  /** How long readers may hold a checkpoint up before that is worth a warning. */
  private static final long LONG_NANOS = 1_000_000_000;

  private final OpenedStore store;
  private final WriterOptions options;
  private final Checkpointer checkpointer;
  private final StoreLog log;
  private final GivingBack givingBack;
  private final GrowthPreparation preparation;
  private final Deque<Write> requests = new ArrayDeque<>();
  private final List<Write> inCheckpoint = new ArrayList<>();
  private long retryNanos;
  private boolean wasWarnedOfMemory;
  private boolean wasWarnedOfReaders;
  private boolean wasWarnedOfLog;

  CheckpointSchedule(
      OpenedStore store,
      WriterOptions options,
      Checkpointer checkpointer,
      StoreLog log,
      GivingBack givingBack,
      GrowthPreparation preparation) {
    this.store = store;
    this.options = options;
    this.checkpointer = checkpointer;
    this.log = log;
    this.givingBack = givingBack;
    this.preparation = preparation;
  }

  /** Has a write completed by the end of a checkpoint that begins after now. */
  void request(Write write) {
    if (checkpointer.isClean()) {
      write.succeed(); // nothing was written since the store was closed
    } else {
      requests.add(write);
    }
  }

  /** Takes a checkpoint a little further, or begins one that is due. */
  void step(int pages) {
    if (checkpointer.isRunning()) {
      boolean done = checkpointer.step(pages);
      if (!checkpointer.isRunning()) {
        ended(done);
      }
    }
    if (!checkpointer.isRunning()) {
      givingBack.step(PAGES_GIVEN_BACK);
    }
    LogWriter open = log.writer();
    if (open != null && checkpointer.isWaitingForReaders()) {
      warnOfReaders();
      completeByLog(open);
    }
    LogFile file = log.file();
    if (open == null || file == null || checkpointer.isClean()) {
      return;
    }
    if (!checkpointer.isRunning()
        && !checkpointer.isLeftCommitted()
        && isDue(open)
        && (isAwaited() || checkpointer.isReady())) {
      inCheckpoint.addAll(requests);
      requests.clear();
      if (!checkpointer.begin(open.end(), file, HmapFields.FLAG_HASH_WRITING)) {
        ended(false);
      }
    }
    if (isOverMemory() && checkpointer.isRunning() && !checkpointer.isWaitingForReaders()) {
      boolean done = checkpointer.finishUnlessHeldUp();
      if (!checkpointer.isRunning()) {
        ended(done);
      }
    }
  }

  /** Whoever waits for a checkpoint that readers hold up has all in the log instead, durably. */
  private void completeByLog(LogWriter open) {
    if (requests.isEmpty() && inCheckpoint.isEmpty()) {
      return;
    }
    try {
      log.force(open);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    inCheckpoint.addAll(requests);
    requests.clear();
    inCheckpoint.forEach(Write::succeed);
    inCheckpoint.clear();
  }

  /** Whether {@link #step} has something to do. */
  boolean hasWork() {
    return checkpointer.hasWork()
        || givingBack.isUnderWay() && !checkpointer.isRunning()
        || isAwaited() && checkpointer.isHeldUp()
        || !requests.isEmpty() && !checkpointer.isRunning() && !checkpointer.isLeftCommitted();
  }

  /** Whether somebody waits for a checkpoint. */
  boolean isAwaited() {
    return !requests.isEmpty() || !inCheckpoint.isEmpty();
  }

  private boolean isDue(LogWriter open) {
    if (!requests.isEmpty()) {
      return true;
    }
    if (checkpointer.wasFull() && System.nanoTime() - retryNanos < 0) {
      return false;
    }
    long dataBytes = (store.space().pages() - store.space().freePages()) << PageLayout.PAGE_SHIFT;
    long threshold =
        Math.min(options.maxLogBytes(), Math.max(MIN_LOG_BYTES, LOG_TO_DATA * dataBytes));
    return open.bytesSince(checkpointer.durable().log()) > threshold
        || isNearMemory()
            && !givingBack.isUnderWay()
            && store.dirty().isDirty()
            && NativeMemory.isAvailable();
  }

  private long privateMemory() {
    return options.privateMemory().getAsLong();
  }

  private long privateBytes() {
    return PageLayout.addressOf(store.dirty().privateCount());
  }

  /** The last quarter is for what changes until a checkpoint has ended. */
  private boolean isNearMemory() {
    return privateBytes() > privateMemory() / 4 * 3;
  }

  private boolean isOverMemory() {
    long limit = privateMemory();
    if (privateBytes() <= limit) {
      return false;
    }
    if (!NativeMemory.isAvailable() && !wasWarnedOfMemory) {
      wasWarnedOfMemory = true;
      long bytes = privateBytes();
      Log.warn(() ->
          ("%s keeps %,d bytes of private pages, over the limit of %,d: giving them back needs"
                  + " native access, which this JVM does not have")
              .formatted(store.names().data(), bytes, limit));
    }
    return NativeMemory.isAvailable();
  }

  private void warnOfReaders() {
    if (!wasWarnedOfReaders && checkpointer.nanosHeldUp() > LONG_NANOS) {
      wasWarnedOfReaders = true;
      Log.warn(() ->
          "%s: a reader holds a checkpoint up; the log grows".formatted(store.names().data()));
    }
  }

  /** Everything goes into the file that was opened; but who opens the store will not find it. */
  private void warnOfLog() {
    LogFile file = log.file();
    try {
      if (file == null || wasWarnedOfLog || file.isAt(store.names().log())) {
        return;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    wasWarnedOfLog = true;
    Log.warn(() ->
        ("%s: its log was deleted or replaced while it was open; unless the store is closed,"
                + " what is written from now on is lost with this process")
            .formatted(store.names().data()));
  }

  private void ended(boolean done) {
    LogWriter open = log.writer();
    if (done && open != null) {
      open.retire(checkpointer.durable().log());
      warnOfLog();
      if (isNearMemory()) {
        preparation.giveUp(); // else it makes again what was given back
        givingBack.begin();
      }
    } else {
      retryNanos = System.nanoTime() + FULL_RETRY_NANOS;
    }
    String refusal = checkpointer.refusal();
    for (Write write : inCheckpoint) {
      if (done) {
        write.succeed();
      } else {
        write.fail(() -> new StoreFullException("%s %s".formatted(store.names().data(), refusal)));
      }
    }
    inCheckpoint.clear();
  }

  /** Fails whoever waits for a checkpoint; allocates nothing, for it may be memory that ended. */
  void refuse(Refusal why) {
    for (int i = 0; i < inCheckpoint.size(); i++) {
      inCheckpoint.get(i).fail(why);
    }
    inCheckpoint.clear();
    for (Write next = requests.poll(); next != null; next = requests.poll()) {
      next.fail(why);
    }
  }

  /** Gives no pages back any more: closing gives back all of them. */
  void giveUpGivingBack() {
    givingBack.giveUp();
  }

  /** Ends the checkpoint under way, if there is one; false if it must be left to recovery. */
  boolean finish() {
    if (!checkpointer.isRunning()) {
      return !checkpointer.isLeftCommitted();
    }
    boolean done = checkpointer.finish();
    ended(done);
    return done;
  }
}
