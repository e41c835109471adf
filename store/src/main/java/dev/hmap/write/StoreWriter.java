package dev.hmap.write;

import dev.hmap.checkpoint.Checkpointer;
import dev.hmap.checkpoint.CommittedCheckpoint;
import dev.hmap.checkpoint.OwnFile;
import dev.hmap.error.HMapException;
import dev.hmap.error.StoreClosedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.event.Log;
import dev.hmap.format.Geometry;
import dev.hmap.format.HmapFields;
import dev.hmap.format.Operation;
import dev.hmap.io.Causes;
import dev.hmap.io.DiskFull;
import dev.hmap.io.ForceFailedException;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import dev.hmap.io.Uninterruptibly;
import dev.hmap.log.LogFile;
import dev.hmap.log.LogWriter;
import dev.hmap.recovery.FailedForce;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.table.Compaction;
import dev.hmap.table.Hmap;
import dev.hmap.table.OperationApplier;
import dev.hmap.table.RoomPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The single writer of a store, fed by a ring.
 *
 * <h2>The way of a write</h2>
 *
 * A caller encodes its operation on its own thread, before it claims a place in the ring, so that a
 * slow or failing codec holds up nobody. The writer takes all that has been published as one batch:
 * it appends the operations to the log, forces the log once if each write must survive a power cut,
 * applies them to the map, and completes their callers, in this order. So nothing can be seen
 * before it is as durable as was promised, and what a crash leaves is a prefix of what was written.
 * If the append fails for want of room, nothing of the batch was applied, and every caller is told.
 *
 * <p>Where entries expire, all operations of a batch take place at one time, which is taken when
 * the batch is complete and logged with each; they are judged by it whenever they are applied.
 *
 * <h2>What else the writer does</h2>
 *
 * After each batch it copies a few pages for a checkpoint that is under way, or begins one; when
 * idle it copies more, and removes what has expired. Without {@code sync} it has the log forced in
 * intervals, on another thread.
 *
 * <h2>Failure</h2>
 *
 * After any failed call but a full disk the writer refuses further writes, names the cause each
 * time, and never tries again; reading goes on. Opening the store anew recovers it from the log.
 *
 * <p>{@link #execute}, {@link #submit}, {@link #sync}, {@link #checkpoint}, {@link #stats} and
 * {@link #close} may be called by any thread.
 */
public final class StoreWriter {
  private static final int MAX_BATCH_BYTES = 8 << 20;
  private static final int PAGES_PER_BATCH = 32;
  private static final int PAGES_WHEN_IDLE = 256;
  private static final int CHAINS_PER_WRITE = 2;
  private static final int LONG_OPERATION_BYTES = 256;
  private static final int CHAINS_PER_STEP = 64;
  private static final int SWEEPS_WHEN_IDLE = 256;

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

  /** What to tell who comes too late. */
  private final Supplier<HMapException> whenClosed = this::closed;

  // Shared.
  private final Failure failure;
  private volatile boolean isClosing;

  /** Held by the one compaction that is under way. */
  private final Object compacting = new Object();

  // Writer thread only.
  private final OperationApplier applier;
  private final StoreLog log;
  private final Checkpointer checkpointer;
  private final CheckpointSchedule schedule;

  /** Whether operations take place at the writer's time. */
  private final boolean isStamping;

  private final ExpirySweep sweep;
  private final WriteCounts writes = new WriteCounts();
  private final RoomPlan room;
  private final List<Write> batch = new ArrayList<>();
  private int batchBytes;

  /** How many of the batch have been completed or refused. */
  private int answered;

  /** The operation that goes before the batch, if its horizon is new. */
  private byte @Nullable [] expire;

  /**
   * Starts the writer of a store that recovery has opened for writing.
   *
   * @param store which the writer closes in the end
   * @param options how to write it
   * @throws HMapException if a force had failed before, and what was found could not be made
   *     durable now; then the store is closed, as after whatever else is thrown
   */
  public static StoreWriter start(OpenedStore store, WriterOptions options) {
    StoreWriter writer = null;
    boolean isStarted = false;
    try {
      writer = new StoreWriter(store, options);
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
        store.release();
      } else {
        writer.checkpointer.giveUp();
        writer.releaseFiles();
      }
    } catch (IOException e) {
      Log.warn(() -> "%s could not be closed: %s".formatted(store.names().data(), e));
    }
  }

  private StoreWriter(OpenedStore store, WriterOptions options) {
    this.store = store;
    this.options = options;
    this.map = store.map();
    this.applier = new OperationApplier(map);
    this.room = new RoomPlan(map);
    this.failure =
        new Failure(
            store.names(),
            why -> {
              FailedForce.mark(store.fileSystem(), store.names(), store.header().storeIdLow(), why);
              map.setBroken(why);
            });
    long salt = ThreadLocalRandom.current().nextLong();
    this.log = new StoreLog(store, options, salt, failure);
    this.checkpointer =
        new Checkpointer(
            store.names().absolute(),
            map,
            store.space(),
            store.dirty(),
            store.data(),
            store.lock(),
            store.header(),
            store.extents(),
            salt,
            queue::wake);
    map.onGrowth(new GrowthEvents(store.names().absolute()));
    this.schedule = new CheckpointSchedule(store, options, checkpointer, log);
    Geometry geometry = store.header().geometry();
    this.isStamping = geometry.expires() && !options.keepsStamps();
    long before = store.header().time();
    TrustedClock clock =
        new TrustedClock(map.time(), options.nanos(), before == 0 ? Long.MAX_VALUE : before);
    this.sweep = new ExpirySweep(map, clock, geometry, isStamping);
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
      throw refused("cannot be opened", e).get();
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
    submit(write);
    write.await(!options.sync());
    write.check();
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
      Compaction compaction = new Compaction(map);
      boolean[] done = new boolean[1];
      AtomicReference<@Nullable StoreFullException> full = new AtomicReference<>();
      while (!done[0]) {
        Write write = Write.control(Write.Kind.CALL);
        write.isChange = true;
        write.call =
            () -> {
              try {
                done[0] = compactFurther(compaction);
              } catch (StoreFullException e) {
                if (map.isChanging()) {
                  throw e; // no refusal: a chain was left half changed
                }
                compaction.giveUp();
                full.set(
                    new StoreFullException(
                        "%s has no room for compaction: %s"
                            .formatted(store.names().data(), e.getMessage()),
                        e));
              }
            };
        execute(write);
        StoreFullException refusal = full.get();
        if (refusal != null) {
          throw refusal;
        }
      }
    }
    checkpoint();
  }

  /** A few chains of a compaction. What fails but for want of room fails the store. */
  private boolean compactFurther(Compaction compaction) {
    try {
      log.open();
    } catch (IOException e) {
      throw refused("has no room for compaction", e).get();
    }
    try {
      checkpointer.markWriting();
      return compaction.step(CHAINS_PER_STEP);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // whatever it was, it is not tried again
    }
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

    @Override
    public void onEvent(WriteSlot slot, long sequence, boolean endOfBatch) {
      if (hasTerminated) {
        return; // what was left in the slots has been answered
      }
      Write write = slot.take();
      if (write.kind == Write.Kind.OPERATION) {
        accept(write);
      } else {
        commit();
        if (write.kind == Write.Kind.CLOSE) {
          hasTerminated = true;
          terminate(write);
          return;
        }
        control(write);
      }
      if (endOfBatch || batchBytes > MAX_BATCH_BYTES) {
        commit();
        maintain(PAGES_PER_BATCH);
      }
    }

    @Override
    public void onTimeout(long sequence) {
      maintain(PAGES_WHEN_IDLE);
      sweepWhenIdle();
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

  private void accept(Write write) {
    Supplier<HMapException> refusal = failure.refusal();
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

  /** What to tell a caller of a call that failed; anything but a full disk ends the writing. */
  private Supplier<HMapException> refused(String what, IOException e) {
    if (DiskFull.is(e)) {
      return () ->
          new StoreFullException(
              "%s %s: %s".formatted(store.names().data(), what, Causes.of(e)), e);
    }
    return failure.setAndRefuse(e);
  }

  /**
   * Logs, forces, applies and completes the batch. If there is no room for all of it, each write is
   * tried by itself: a removal is not refused with an insertion.
   */
  private void commit() {
    if (batch.isEmpty()) {
      return;
    }
    answered = 0;
    try {
      logAndApply();
    } catch (Throwable e) {
      Supplier<HMapException> refusal = failure.setAndRefuse(e);
      while (answered < batch.size()) {
        batch.get(answered++).fail(refusal);
      }
    }
    batch.clear();
    batchBytes = 0;
  }

  private void logAndApply() {
    Supplier<HMapException> refusal = addBatch();
    LogWriter open = log.writer();
    if (refusal != null || open == null) {
      complete(batch.size(), refusal);
    } else if (reserve(open, batch, false) == null) {
      refusal = makeDurable(open);
      if (refusal == null && expire != null) {
        applyExpire(expire);
      }
      complete(batch.size(), refusal);
    } else {
      while (answered < batch.size()) {
        commitAlone(open, batch.get(answered));
      }
    }
  }

  private void commitAlone(LogWriter open, Write write) {
    open.add(write.bytes, 0, write.length);
    Supplier<HMapException> refusal = reserve(open, List.of(write), true);
    complete(answered + 1, refusal == null ? makeDurable(open) : refusal);
  }

  /**
   * Applies what was logged of the batch, up to a place, and completes it; or refuses all of it.
   */
  private void complete(int to, @Nullable Supplier<HMapException> why) {
    Supplier<HMapException> refusal = why;
    int from = answered;
    while (answered < to) {
      Write write = batch.get(answered);
      if (refusal == null && (answered - from) % OperationApplier.OPERATIONS_AHEAD == 0) {
        refusal = lookAhead(answered, to);
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

  /** Has fetched what the next writes of the batch will look at. */
  private @Nullable Supplier<HMapException> lookAhead(int from, int end) {
    int to = Math.min(from + OperationApplier.OPERATIONS_AHEAD, end);
    if (to - from == 1) {
      return null;
    }
    try {
      for (int i = from; i < to; i++) {
        Write write = batch.get(i);
        applier.lookAhead(write.bytes, 0, write.length);
      }
      applier.fetch();
      return null;
    } catch (RuntimeException | Error e) {
      return failure.setAndRefuse(e); // like apply, which would have met it
    }
  }

  /** Adds the batch to the log, behind a new horizon if one is due; null, or what was wrong. */
  private @Nullable Supplier<HMapException> addBatch() {
    try {
      LogWriter open = log.open();
      expire = isStamping ? setTimes() : null;
      if (expire != null) {
        open.add(expire, 0, expire.length);
      }
      for (Write write : batch) {
        open.add(write.bytes, 0, write.length);
      }
      return null;
    } catch (IOException e) {
      return refused("could not begin its log", e);
    } catch (RuntimeException | Error e) {
      return failure.setAndRefuse(e); // for one, if there was no memory for the batch
    }
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

  private void applyExpire(byte[] expire) {
    applier.apply(expire, 0, expire.length, new Hmap.Outcome());
  }

  /**
   * Secures what writes may need, in the data file and in the log.
   *
   * @param exactly whether each is looked at more closely, since they were refused before
   * @return null, or what to tell their callers; then the log has forgotten them
   */
  private @Nullable Supplier<HMapException> reserve(
      LogWriter open, List<Write> writes, boolean exactly) {
    Supplier<HMapException> failed = failure.refusal();
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
              "%s has no room for a write: %s".formatted(store.names().data(), e.getMessage()), e);
    } catch (IOException e) {
      open.forget();
      return refused("has no room for a write", e);
    } catch (RuntimeException | Error e) {
      open.forget();
      return failure.setAndRefuse(e); // for one, if there was no memory for a mapping
    }
  }

  private @Nullable Supplier<HMapException> makeDurable(LogWriter open) {
    try {
      checkpointer.markWriting();
      open.commit();
      if (options.sync()) {
        log.force(open);
      }
      return null;
    } catch (IOException | RuntimeException | Error e) {
      // what of the batch is on disk is for recovery to find out; nothing is tried again
      return failure.setAndRefuse(e);
    }
  }

  private @Nullable Supplier<HMapException> apply(Write write) {
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
  private @Nullable Supplier<HMapException> sweepBeside(int operationBytes) {
    try {
      if (isStamping && !map.isGrowing() && sweep.isDue()) {
        sweep.step(CHAINS_PER_WRITE * (1 + operationBytes / LONG_OPERATION_BYTES));
      }
      return null;
    } catch (RuntimeException | Error e) {
      return failure.setAndRefuse(e);
    }
  }

  private void control(Write write) {
    Supplier<HMapException> refusal = failure.refusal();
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

  private static void answer(Write write, @Nullable Supplier<HMapException> refusal) {
    if (refusal == null) {
      write.succeed();
    } else {
      write.fail(refusal);
    }
  }

  private @Nullable Supplier<HMapException> checkLock() {
    try {
      store.lock().check();
      return null;
    } catch (IOException | RuntimeException | Error e) {
      return failure.setAndRefuse(e);
    }
  }

  private @Nullable Supplier<HMapException> sync(@Nullable LogWriter open) {
    try {
      if (open != null) {
        log.force(open);
      }
      return null;
    } catch (IOException | RuntimeException | Error e) {
      return failure.setAndRefuse(e);
    }
  }

  // ---------------------------------------------------------------- between batches

  private void maintain(int pages) {
    completer.relieve();
    if (!failure.isSet()) {
      try {
        schedule.step(pages);
        log.forceInInterval();
      } catch (RuntimeException | Error e) {
        failure.set(e);
      }
    }
    Supplier<HMapException> refusal = failure.refusal();
    if (refusal != null) {
      schedule.refuse(refusal);
    }
  }

  /** Sweeps, looking after each two chains whether a write has come. */
  private void sweepWhenIdle() {
    if (!isStamping) {
      return;
    }
    try {
      sweep.readClock();
      for (int i = 0; i < SWEEPS_WHEN_IDLE && !failure.isSet() && sweep.isDue(); i++) {
        if (!queue.isEmpty()) {
          return;
        }
        if (map.isGrowing() && !isEvacuationSecured()) {
          sweep.postpone(); // writes will meet that too, if it lasts
          return;
        }
        if (sweep.stepToHorizon(CHAINS_PER_WRITE)) {
          advanceHorizon();
        }
      }
    } catch (IOException e) {
      sweep.postpone(); // no room to log it: writes will meet that too, if it lasts
    } catch (RuntimeException | Error e) {
      failure.set(e);
    }
  }

  /** Logs that the horizon is now. Not forced: whatever a later write relies on is, with it. */
  private void advanceHorizon() throws IOException {
    byte[] expire = Operation.expire(sweep.now());
    LogWriter open = log.open();
    open.add(expire, 0, expire.length);
    try {
      open.reserve();
    } catch (IOException e) {
      open.forget();
      throw e;
    }
    try {
      checkpointer.markWriting();
      open.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // whatever it was, it is not tried again
    }
    applyExpire(expire);
  }

  private boolean isEvacuationSecured() {
    try {
      map.secureEvacuation();
      return true;
    } catch (StoreFullException _) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Must not throw: the ring would take that for the end of a write that has not come yet. */
  private long nanosUntilWork() {
    long relief = completer.nanosUntilRelief();
    try {
      if (!failure.isSet()) {
        long work = schedule.hasWork() ? 0 : Math.min(log.nanosUntilForce(), sweep.nanosUntilDue());
        return Math.min(work, relief);
      }
    } catch (Throwable e) {
      failure.set(e);
    }
    return relief;
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
        writes.now());
  }

  // ---------------------------------------------------------------- the end

  /** Must not throw, and allocates nothing but within what it catches from. */
  private void terminate(Write close) {
    Supplier<HMapException> refusal = null;
    try {
      closeStore();
    } catch (Throwable e) {
      refusal = notClosed(e);
    }
    schedule.refuse(whenClosed);
    queue.end(whenClosed);
    answer(close, refusal);
  }

  private Supplier<HMapException> notClosed(Throwable why) {
    try {
      if (why instanceof IOException e) {
        return refused("could not be closed cleanly, and will be recovered when opened", e);
      }
    } catch (Throwable _) {
      // no memory for what is to be told
    }
    return failure.setAndRefuse(why);
  }

  private void closeStore() throws IOException {
    log.awaitForce();
    try {
      store.lock().check();
      boolean isWhole = !failure.isSet() && isDataFileWhole();
      store.space().close();
      if (isWhole) {
        cutFiles();
      }
    } finally {
      checkpointer.giveUp();
      releaseFiles();
    }
  }

  /** What is not needed any more goes, unless a reader is looking at it; then it does no harm. */
  private void cutFiles() throws IOException {
    if (!store.lock().tryGuard()) {
      return;
    }
    try {
      OwnFile.check(store.lock(), store.data(), checkpointer.durable());
      if (!store.space().holdsFile()) {
        store.data().resize(checkpointer.durable().fileBytes());
      }
      LogFile file = log.file();
      if (file != null) {
        ForceFailedException.force(store.data());
        if (file.isAt(store.names().log())) {
          store.fileSystem().delete(store.names().log());
          ForceFailedException.forceFolder(store.fileSystem(), store.names().folder());
        }
      }
    } finally {
      store.lock().releaseGuard();
    }
  }

  private void releaseFiles() throws IOException {
    try (StoreLock _ = store.lock();
        StoreFile _ = store.data();
        LogFile _ = log.file();
        LogWriter _ = log.writer()) {
      store.space().close();
    }
  }

  /** Makes a checkpoint of all, of a file as short as can be; false if the log must stay. */
  private boolean isDataFileWhole() throws IOException {
    LogWriter open = log.writer();
    LogFile file = log.file();
    if (open == null || file == null) {
      return true; // nothing was written
    }
    if (schedule.finish()) {
      if (checkpointer.isClean()) {
        return true;
      }
      map.trim();
      if (checkpointer.begin(open.end(), file, 0) && checkpointer.finish()) {
        return true;
      }
    }
    open.force();
    return false;
  }
}
