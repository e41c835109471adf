package dev.hmap.write;

import dev.hmap.checkpoint.Checkpointer;
import dev.hmap.checkpoint.CommittedCheckpoint;
import dev.hmap.error.HMapException;
import dev.hmap.error.StoreClosedException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.event.Log;
import dev.hmap.format.HmapFields;
import dev.hmap.io.Uninterruptibly;
import dev.hmap.log.LogFile;
import dev.hmap.log.LogWriter;
import dev.hmap.recovery.FailedForce;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.table.Hmap;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The single writer of a store, fed by a ring.
 *
 * <h2>The way of a write</h2>
 *
 * A caller encodes its operation on its own thread, before it claims a place in the ring, so that a
 * slow or failing codec holds up nobody. The writer takes all that has been published as one batch
 * and commits it: see {@link GroupCommit}.
 *
 * <p>A write that need not survive a power cut would pay more for being handed over than for what
 * it does. So a caller that finds the writer waiting, and nothing in the ring, takes the {@link
 * WriterRole} for one short write that touches only memory, and carries it out itself. Whatever
 * calls the system, and what a caller's end could leave half done, is left to the writer: see
 * {@link GroupCommit#commitInMemory} and {@link StackReserve}.
 *
 * <h2>What else the writer does</h2>
 *
 * After each batch it copies a few pages for a checkpoint that is under way, no more than the batch
 * has operations, or begins one; when idle it copies the others, and removes what has expired.
 * Without {@code sync} it has the log forced in intervals, on another thread.
 *
 * <h2>Failure</h2>
 *
 * After any failed call but a full disk the writer refuses further writes, names the cause each
 * time, and never tries again; reading goes on. Reopening the store recovers it from the log.
 *
 * <p>{@link #execute}, {@link #submit}, {@link #sync}, {@link #checkpoint}, {@link #stats} and
 * {@link #close} may be called by any thread.
 */
public final class StoreWriter {
  private static final int MAX_PAGES_PER_BATCH = 64;

  /** So few that a write which comes meanwhile hardly waits. */
  private static final int PAGES_WHEN_IDLE = 16;

  /** So few writes are sooner done by the writer than callers are prepared to do them. */
  private static final long BATCHES_BEFORE_GUESTS = 1000;

  /** A clock that is adjusted a little is not worth a warning. */
  private static final long CLOCK_SLACK_MILLIS = 1000;

  // Constant after construction.
  private final OpenedStore store;
  private final WriterOptions options;
  private final Hmap map;
  private final Completer completer = new Completer();
  private final WriteQueue queue = new WriteQueue(new Handler(), this::nanosUntilWork);
  private final Thread thread;

  /** There from the start, so that a store can be closed where there is no memory left. */
  private final Write closing = Write.control(Write.Kind.CLOSE);

  /** For whoever comes too late. */
  private final Refusal whenClosed = this::closed;

  // For whoever has the writer's role.
  private final Guests guests = new Guests();

  // Shared.
  private final Failure failure;
  private volatile boolean isClosing;

  /** Held by the one compaction that is under way. */
  private final Object compacting = new Object();

  // Writer thread only.
  private final StoreLog log;
  private final Checkpointer checkpointer;
  private final CheckpointSchedule schedule;
  private final GrowthPreparation preparation;

  /** Whether operations take place at the writer's time. */
  private final boolean isStamping;

  private final ExpirySweep sweep;
  private final GroupCommit groupCommit;
  private final IdleSweep idleSweep;
  private final StoreClosing storeClosing;

  /**
   * Starts the writer of a store that recovery has opened for writing.
   *
   * @param store which the writer closes in the end
   * @param options how to write it
   * @param nanos like {@link System#nanoTime}: a clock that nobody sets
   * @throws HMapException if a force had failed before, and what was found could not be made
   *     durable now; then the store is closed, as after whatever else is thrown
   */
  public static StoreWriter start(OpenedStore store, WriterOptions options, LongSupplier nanos) {
    StoreWriter writer = null;
    boolean isStarted = false;
    try {
      writer = new StoreWriter(store, options, nanos);
      writer.start();
      isStarted = true;
      return writer;
    } finally {
      if (!isStarted) {
        release(store, writer);
      }
    }
  }

  private static void release(OpenedStore store, @Nullable StoreWriter writer) {
    try {
      if (writer == null) {
        store.close();
      } else {
        writer.storeClosing.releaseAll();
      }
    } catch (IOException | StoreFailedException e) {
      Log.warn(() -> "%s could not be closed: %s".formatted(store.names().data(), e));
    }
  }

  private StoreWriter(OpenedStore store, WriterOptions options, LongSupplier nanos) {
    this.store = store;
    this.options = options;
    this.map = store.map();
    WriterParts parts =
        new WriterParts(store, options, nanos, ThreadLocalRandom.current().nextLong(), queue::wake);
    this.failure = parts.failure;
    this.log = parts.log;
    this.checkpointer = parts.checkpointer;
    this.schedule = parts.schedule;
    this.preparation = parts.preparation;
    this.isStamping = parts.isStamping;
    this.sweep = parts.sweep;
    this.groupCommit = parts.groupCommit;
    map.onGrowth(new GrowthEvents(store.names().absolute()));
    this.idleSweep =
        new IdleSweep(map, parts.applier, log, checkpointer, sweep, failure, queue::isEmpty);
    this.storeClosing = new StoreClosing(store, log, checkpointer, schedule, preparation, failure);
    this.thread =
        Thread.ofPlatform()
            .inheritInheritableThreadLocals(false)
            .daemon()
            .name("hmap-writer " + store.names().data().getFileName())
            .unstarted(queue.processor());
  }

  private void start() {
    CommittedCheckpoint left = store.left();
    LogFile found = log.file();
    if (left != null && found != null) {
      checkpointer.adopt(left, found);
    }
    try {
      if (store.recovery().isDistrusted()) {
        checkpointAll();
      } else if (store.recovery().records() > 0) {
        checkpointer.markWriting(); // what was replayed is not in the file, which may look closed
      }
    } catch (IOException e) {
      throw failure.refuse("cannot be opened", e).exception();
    }
    if (isStamping) {
      warnOfClock(store.header().time() - map.time().millis());
    }
    thread.start();
  }

  private void warnOfClock(long millisBehind) {
    if (millisBehind > CLOCK_SLACK_MILLIS) {
      Log.warn(() ->
          ("%s: the clock is %,d ms behind what it was at the last checkpoint; what is written"
                  + " now may expire early by up to that")
              .formatted(store.names().data(), millisBehind));
    }
  }

  private void checkpointAll() throws IOException {
    if (!isAllCommitted()) {
      throw new StoreFullException(
          "%s %s, which a failed force made necessary"
              .formatted(store.names().data(), checkpointer.refusal()));
    }
    FailedForce.unmark(store.fileSystem(), store.names(), store.header().storeIdLow());
  }

  /**
   * Whether what was recovered is in a checkpoint that recovery can finish. If readers hold that
   * up, it goes on once the store is open.
   */
  private boolean isAllCommitted() throws IOException {
    LogWriter open = log.writer();
    LogFile file = log.file();
    if (open == null || file == null) {
      return true; // there was no log, so the store had been closed
    }
    map.trim();
    return checkpointer.begin(open.end(), file, HmapFields.FLAG_HASH_WRITING)
        && (checkpointer.finishUnlessHeldUp() || checkpointer.isHeldUp());
  }

  // ---------------------------------------------------------------- callers

  /**
   * Has an operation logged and applied, and waits for it. An interrupt neither ends the wait nor
   * harms the store; the flag is kept.
   *
   * @param write filled
   * @throws HMapException if it was refused; then it was not applied
   */
  public void execute(Write write) {
    if (!isCarriedOut(write, true)) {
      submit(write);
      write.await(!options.sync());
    }
    write.check();
  }

  /**
   * Has an operation logged and applied on the calling thread, if it can be done at once, by memory
   * alone, and all that was submitted before is complete.
   *
   * @return whether it is complete; false if nothing was done, and it is to be submitted
   */
  public boolean isCarriedOut(Write write) {
    return isCarriedOut(write, false);
  }

  /**
   * The same.
   *
   * @param isWaiting whether the caller waits for it: then it need not come after what others wait
   *     for, and a moment's wait for the role is shorter than the ring's
   */
  private boolean isCarriedOut(Write write, boolean isWaiting) {
    if (write.kind != Write.Kind.OPERATION
        || options.sync()
        || isClosing
        || !StackReserve.isThere()
        || !(isWaiting ? queue.role().tryTakeSoon() : queue.role().tryTake())) {
      return false;
    }
    boolean wakes = false;
    try {
      if (!queue.isEmpty()
          || !isWaiting && !completer.isDone()
          || !groupCommit.commitInMemory(write)) {
        return false;
      }
      wakes = guests.count();
    } finally {
      queue.role().release();
    }
    if (wakes) {
      queue.wake();
    }
    return true;
  }

  /**
   * Has an operation logged and applied. Waits only while the ring is full; an interrupt does not
   * end that, and the flag is kept.
   *
   * @throws StoreClosedException if the store is closed
   */
  public void submit(Write write) {
    if (isClosing && write.kind != Write.Kind.CLOSE || !queue.add(write)) {
      throw closed();
    }
  }

  /** Of writes that no thread waits for. */
  public Completer completer() {
    return completer;
  }

  private StoreClosedException closed() {
    return new StoreClosedException(store.names().data() + " is closed");
  }

  private void control(Write.Kind kind) {
    execute(Write.control(kind));
  }

  /** Returns when every write that returned before survives a power cut. */
  public void sync() {
    control(Write.Kind.SYNC);
  }

  /** Returns when a checkpoint that holds every write that returned before is complete. */
  public void checkpoint() {
    control(Write.Kind.CHECKPOINT);
  }

  /**
   * Makes the map as small as its entries allow, between other writes, and ends with a checkpoint.
   *
   * @throws StoreFullException if there is no room for that; the map is whole
   */
  public void compact() {
    synchronized (compacting) {
      OnlineCompaction compaction =
          new OnlineCompaction(store.names(), map, log, checkpointer, failure);
      while (!compaction.isDone()) {
        Write write = Write.control(Write.Kind.CALL);
        write.isChange = true;
        write.call = compaction::step;
        execute(write);
        StoreFullException full = compaction.full();
        if (full != null) {
          throw full;
        }
      }
    }
    checkpoint();
  }

  /** The state at one moment between two writes. */
  public WriterStats stats() {
    WriterStats[] result = new WriterStats[1];
    Write write = Write.control(Write.Kind.CALL);
    write.call = () -> result[0] = currentStats();
    execute(write);
    return result[0];
  }

  /**
   * Closes the store: a last checkpoint, then the files. Returns when that is done. Idempotent; a
   * call that is cut off may be repeated.
   */
  public void close() {
    isClosing = true;
    checkpointer.setClosing();
    boolean _ = queue.add(closing); // false if the writer has ended, or is about to
    Uninterruptibly.join(thread);
    completer.close();
    closing.check();
  }

  // ---------------------------------------------------------------- the writer thread

  /**
   * What the writer does with each write. Total: whatever is thrown ends in the write it belongs
   * to, and the next one is answered too.
   */
  private final class Handler implements WriteQueue.Handler {
    private boolean hasTerminated;
    private long batches;

    @Override
    public void onEvent(WriteSlot slot, long sequence, boolean endOfBatch) {
      if (hasTerminated) {
        return; // what was left in the slots has been answered
      }
      Write write = slot.take();
      if (write.kind == Write.Kind.OPERATION) {
        groupCommit.add(write);
      } else {
        groupCommit.commit();
        if (write.kind == Write.Kind.CLOSE) {
          hasTerminated = true;
          terminate(write);
          return;
        }
        control(write);
      }
      if (endOfBatch || groupCommit.isLong()) {
        int work = groupCommit.commit();
        if (batches++ == BATCHES_BEFORE_GUESTS) {
          prepareForGuests();
        }
        maintain(Math.min(work, MAX_PAGES_PER_BATCH), false);
      }
    }

    @Override
    public void onTimeout(long sequence) {
      prepareForGuests();
      guests.look();
      maintain(areCopiesLeftToGuests() ? 0 : PAGES_WHEN_IDLE, true);
      if (isStamping) {
        idleSweep.run();
      }
    }

    @Override
    public void handleEventException(Throwable e, long sequence, WriteSlot slot) {
      failure.set(e);
    }

    @Override
    public void handleOnStartException(Throwable e) {
      failure.set(e);
    }

    @Override
    public void handleOnShutdownException(Throwable e) {
      failure.set(e);
    }
  }

  private void control(Write write) {
    Refusal refusal = failure.refusal();
    try {
      switch (write.kind) {
        case CALL -> {
          Runnable call = write.call;
          if (call != null && (refusal == null || !write.isChange)) {
            refusal = null;
            call.run();
          }
          answer(write, refusal);
        }
        case SYNC -> answer(write, refusal == null ? sync(log.writer()) : refusal);
        case CHECKPOINT -> {
          if (refusal == null) {
            refusal = checkLock();
          }
          if (refusal == null) {
            schedule.request(write);
          } else {
            write.fail(refusal);
          }
        }
        case OPERATION, CLOSE -> throw new IllegalStateException(write.kind.toString());
      }
    } catch (Throwable e) {
      write.fail(failure.setAndRefuse(e));
    }
  }

  private static void answer(Write write, @Nullable Refusal refusal) {
    if (refusal == null) {
      write.succeed();
    } else {
      write.fail(refusal);
    }
  }

  private @Nullable Refusal checkLock() {
    try {
      store.lock().check();
      return null;
    } catch (IOException | RuntimeException | Error e) {
      return failure.setAndRefuse(e);
    }
  }

  private @Nullable Refusal sync(@Nullable LogWriter open) {
    try {
      if (open != null) {
        log.force(open);
      }
      return null;
    } catch (IOException | RuntimeException | Error e) {
      return failure.setAndRefuse(e);
    }
  }

  /** When there is time, or would be if callers wrote by themselves. */
  private void prepareForGuests() {
    if (!options.sync()) {
      StackReserve.prepare();
    }
  }

  // ---------------------------------------------------------------- between batches

  private void maintain(int pages, boolean isIdle) {
    completer.relieve();
    groupCommit.forgetRoomAhead();
    if (!failure.isSet()) {
      try {
        schedule.step(pages);
        if (isIdle) {
          preparation.look();
        } else {
          preparation.step();
        }
        log.forceInInterval();
      } catch (RuntimeException | Error e) {
        failure.set(e);
      }
    }
    Refusal refusal = failure.refusal();
    if (refusal != null) {
      schedule.refuse(refusal);
    }
  }

  /** Must not throw: the ring would take that for the end of a write that has not come yet. */
  private long nanosUntilWork() {
    long relief = completer.nanosUntilRelief();
    try {
      if (!failure.isSet()) {
        long look = guests.nanosUntilLook();
        long due = Math.min(log.nanosUntilForce(), sweep.nanosUntilDue());
        long work = !areCopiesLeftToGuests() && schedule.hasWork() ? 0 : due;
        return Math.min(Math.min(work, look), relief);
      }
    } catch (Throwable e) {
      failure.set(e);
    }
    return relief;
  }

  /** Whether callers copy for the checkpoint, whom the writer would only keep from their writes. */
  private boolean areCopiesLeftToGuests() {
    return guests.areMany() && !schedule.isAwaited();
  }

  private WriterStats currentStats() {
    Hmap.Counters counters = map.counters();
    LogWriter open = log.writer();
    LogFile file = log.file();
    return new WriterStats(
        map.fields(),
        counters.evacuatedChains.get(),
        counters.maxChainsPerWrite.get(),
        counters.expired.get(),
        counters.growths.get(),
        counters.sameSizeGrowths.get(),
        store.space().pages(),
        store.space().freePages(),
        store.dirty().privateCount(),
        file == null ? 0 : file.bytes(),
        open == null ? 0 : open.bytesSince(checkpointer.durable().log()),
        log.forces(),
        log.forceTimes(),
        checkpointer.completed(),
        checkpointer.times(),
        checkpointer.isWaitingForReaders(),
        groupCommit.writes().now());
  }

  // ---------------------------------------------------------------- the end

  /** Must not throw, and allocates nothing but within what it catches from. */
  private void terminate(Write close) {
    Refusal refusal = null;
    try {
      storeClosing.run();
    } catch (Throwable e) {
      refusal = notClosed(e);
    }
    schedule.refuse(whenClosed);
    queue.end(whenClosed);
    answer(close, refusal);
  }

  private Refusal notClosed(Throwable why) {
    try {
      if (why instanceof IOException e) {
        return failure.refuse("could not be closed cleanly, and will be recovered when opened", e);
      }
    } catch (Throwable _) {
      // no memory for the message
    }
    return failure.setAndRefuse(why);
  }
}
