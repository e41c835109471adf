package dev.hmap.write;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.RingBuffer;
import dev.hmap.checkpoint.Checkpointer;
import dev.hmap.error.HMapException;
import dev.hmap.error.StoreClosedException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.FileNames;
import dev.hmap.format.HmapFields;
import dev.hmap.format.LogPosition;
import dev.hmap.format.PageLayout;
import dev.hmap.io.DiskFull;
import dev.hmap.io.FileSystem;
import dev.hmap.io.NativeMemory;
import dev.hmap.log.LogFile;
import dev.hmap.log.LogWriter;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.table.Hmap;
import dev.hmap.table.OperationApplier;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
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
 * <h2>What else the writer does</h2>
 *
 * After each batch it copies a few pages for a checkpoint that is under way, or begins one; when
 * idle it copies more. Without {@code sync} it has the log forced in intervals, on another thread.
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
  private static final System.Logger LOG = System.getLogger("dev.hmap");
  private static final int RING_PLACES = 1024;
  private static final int MAX_BATCH_BYTES = 8 << 20;
  private static final int PAGES_PER_BATCH = 32;
  private static final int PAGES_WHEN_IDLE = 256;
  private static final long MIN_LOG_BYTES = 4 << 20;
  private static final int LOG_TO_DATA = 4;
  private static final long FULL_RETRY_NANOS = 1_000_000_000;

  // Constant after construction.
  private final OpenedStore store;
  private final WriterOptions options;
  private final Hmap map;
  private final long salt = ThreadLocalRandom.current().nextLong();
  private final Checkpointer checkpointer;
  private final OperationApplier applier;
  private final ParkingWaitStrategy waitStrategy = new ParkingWaitStrategy(this::nanosUntilWork);
  private final RingBuffer<WriteEvent> ring =
      RingBuffer.createMultiProducer(WriteEvent::new, RING_PLACES, waitStrategy);
  private final BatchEventProcessor<WriteEvent> processor;
  private final Thread thread;

  // Shared.
  private final AtomicBoolean isClosing = new AtomicBoolean();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean isTerminated;
  private volatile @Nullable Thread forcing;

  // Writer thread only.
  private final List<Write> batch = new ArrayList<>();
  private final Deque<Write> checkpointRequests = new ArrayDeque<>();
  private final List<Write> inCheckpoint = new ArrayList<>();
  private @Nullable LogFile logFile;
  private @Nullable LogWriter log;
  private LogPosition forced;
  private long lastForceNanos;
  private long retryCheckpointNanos;
  private long forces;
  private boolean wasWarnedOfMemory;
  private boolean wasWarnedOfReaders;

  /**
   * The writer of a store that recovery has opened for writing. Call {@link #start} next.
   *
   * @param store which this writer closes in the end
   * @param options how to write it
   */
  public StoreWriter(OpenedStore store, WriterOptions options) {
    this.store = store;
    this.options = options;
    this.map = store.map();
    this.applier = new OperationApplier(map);
    this.forced = store.end();
    this.logFile = store.log();
    LogFile found = logFile;
    if (found != null) {
      log = new LogWriter(found, store.end(), store.alive(), salt);
    }
    this.checkpointer =
        new Checkpointer(
            map,
            store.space(),
            store.dirty(),
            store.data(),
            store.lock(),
            store.header(),
            store.extents(),
            salt,
            waitStrategy::wake);
    Handler handler = new Handler();
    this.processor = new BatchEventProcessorBuilder().build(ring, ring.newBarrier(), handler);
    processor.setExceptionHandler(handler);
    ring.addGatingSequences(processor.getSequence());
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("hmap-writer " + store.names().data().getFileName())
            .unstarted(processor);
  }

  /** Starts the writer. */
  public void start() {
    thread.start();
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
   * Has an operation logged and applied. Waits only while the ring is full.
   *
   * @throws StoreClosedException if the store is closed
   */
  public void submit(Write write) {
    if (isClosing.get() && write.kind != Write.Kind.CLOSE) {
      throw closed();
    }
    long sequence = ring.next();
    ring.get(sequence).set(write);
    ring.publish(sequence);
    if (isTerminated && ring.get(sequence).withdraw(write)) {
      throw closed(); // published behind the writer's last look at the ring
    }
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

  /** The state at one moment between two writes. */
  public WriterStats stats() {
    WriterStats[] result = new WriterStats[1];
    Write write = Write.control(Write.Kind.CALL);
    write.call = () -> result[0] = currentStats();
    execute(write);
    return result[0];
  }

  /** Closes the store: a last checkpoint, then the files. Returns when that is done. Idempotent. */
  public void close() {
    Write write = Write.control(Write.Kind.CLOSE);
    if (isClosing.compareAndSet(false, true)) {
      checkpointer.setClosing();
      submit(write);
      write.await(false);
      joinUninterruptibly(thread);
      write.check();
    } else {
      joinUninterruptibly(thread);
    }
  }

  // ---------------------------------------------------------------- the writer thread

  private final class Handler implements EventHandler<WriteEvent>, ExceptionHandler<WriteEvent> {
    @Override
    public void onEvent(WriteEvent event, long sequence, boolean endOfBatch) {
      Write write = event.take();
      if (write.kind == Write.Kind.OPERATION) {
        accept(write);
      } else {
        commit();
        if (write.kind == Write.Kind.CLOSE) {
          terminate(write);
          return;
        }
        control(write);
      }
      if (endOfBatch || log != null && log.batchBytes() > MAX_BATCH_BYTES) {
        commit();
        maintain(PAGES_PER_BATCH);
      }
    }

    @Override
    public void onTimeout(long sequence) {
      maintain(PAGES_WHEN_IDLE);
    }

    @Override
    public void handleEventException(Throwable e, long sequence, WriteEvent event) {
      fail(e);
    }

    @Override
    public void handleOnStartException(Throwable e) {
      fail(e);
    }

    @Override
    public void handleOnShutdownException(Throwable e) {
      fail(e);
    }
  }

  private void accept(Write write) {
    Supplier<HMapException> refusal = refusal();
    if (refusal != null) {
      write.fail(refusal);
      return;
    }
    try {
      openLog().add(write.bytes, 0, write.length);
      batch.add(write);
    } catch (IOException e) {
      write.fail(refused("could not begin its log", e));
    }
  }

  private @Nullable Supplier<HMapException> refusal() {
    Throwable cause = failure.get();
    if (cause == null) {
      return null;
    }
    return () ->
        new StoreFailedException(
            "%s refuses writes since a failure: %s".formatted(store.names().data(), cause), cause);
  }

  /** What to tell a caller of a call that failed; anything but a full disk ends the writing. */
  private Supplier<HMapException> refused(String what, IOException e) {
    if (DiskFull.is(e)) {
      return () ->
          new StoreFullException(
              "%s %s: %s".formatted(store.names().data(), what, e.getMessage()), e);
    }
    fail(e);
    Supplier<HMapException> refusal = refusal();
    if (refusal == null) {
      throw new IllegalStateException("failed without a cause");
    }
    return refusal;
  }

  /** Ends the writing; the first cause counts. Any thread. */
  private void fail(Throwable cause) {
    if (failure.compareAndSet(null, cause)) {
      map.setBroken(cause);
      LOG.log(
          System.Logger.Level.ERROR,
          () -> "%s refuses writes from now on: %s".formatted(store.names().data(), cause));
    }
  }

  /** The log, which is created by the first write. */
  private LogWriter openLog() throws IOException {
    LogWriter open = log;
    if (open == null) {
      FileNames names = store.names();
      LogFile file = logFile;
      if (file == null) {
        file =
            new LogFile(
                store.fileSystem().open(names.log(), FileSystem.Mode.CREATE),
                store.header().storeIdLow(),
                store.header().log().segment());
        logFile = file;
      }
      file.release(file.acquire(1));
      file.force();
      store.fileSystem().forceFolder(names.folder());
      open = new LogWriter(file, store.end(), List.of(), salt);
      log = open;
    }
    return open;
  }

  /** Logs, forces, applies and completes the batch. */
  private void commit() {
    LogWriter open = log;
    if (batch.isEmpty() || open == null) {
      return;
    }
    Supplier<HMapException> refusal = makeDurable(open);
    for (Write write : batch) {
      if (refusal == null) {
        refusal = apply(write);
      }
      if (refusal != null) {
        write.fail(refusal);
      } else {
        write.succeed();
      }
    }
    batch.clear();
  }

  private @Nullable Supplier<HMapException> makeDurable(LogWriter open) {
    try {
      map.reserve(open.batchBytes());
      open.reserve();
    } catch (IOException e) {
      open.forget();
      return refused("has no room for a write", e);
    }
    try {
      checkpointer.markWriting();
      open.commit();
    } catch (IOException e) {
      fail(e); // what of the batch is on disk is for recovery to find out
      return refusal();
    }
    if (options.sync()) {
      try {
        forces++;
        open.force();
        forced = open.end();
      } catch (IOException e) {
        fail(e); // never tried again, whatever the reason
        return refusal();
      }
    }
    return null;
  }

  private @Nullable Supplier<HMapException> apply(Write write) {
    try {
      applier.apply(write.bytes, 0, write.length, write.outcome);
      return null;
    } catch (RuntimeException | Error e) {
      fail(e); // it is in the log: recovery will apply it
      return refusal();
    }
  }

  private void control(Write write) {
    switch (write.kind) {
      case SYNC -> {
        Supplier<HMapException> refusal = refusal();
        if (refusal == null && log != null) {
          refusal = forceNow(log);
        }
        if (refusal == null) {
          write.succeed();
        } else {
          write.fail(refusal);
        }
      }
      case CHECKPOINT -> {
        Supplier<HMapException> refusal = refusal();
        if (refusal != null) {
          write.fail(refusal);
        } else if (log == null) {
          write.succeed(); // nothing was written
        } else {
          checkpointRequests.add(write);
        }
      }
      case CALL -> {
        Runnable call = write.call;
        if (call != null) {
          call.run();
        }
        write.succeed();
      }
      case OPERATION, CLOSE -> throw new IllegalStateException(write.kind.toString());
    }
  }

  private @Nullable Supplier<HMapException> forceNow(LogWriter open) {
    try {
      forces++;
      open.force();
      forced = open.end();
      return null;
    } catch (IOException e) {
      fail(e);
      return refusal();
    }
  }

  // ---------------------------------------------------------------- between batches

  private void maintain(int pages) {
    try {
      if (failure.get() != null) {
        refuseCheckpointRequests();
        return;
      }
      if (checkpointer.isRunning()) {
        boolean done = checkpointer.step(pages);
        if (!checkpointer.isRunning()) {
          checkpointEnded(done);
        }
      }
      warnOfReaders();
      LogWriter open = log;
      if (open == null) {
        return;
      }
      if (!checkpointer.isRunning() && isCheckpointDue(open)) {
        beginCheckpoint(open);
      }
      if (isOverMemory() && checkpointer.isRunning()) {
        checkpointEnded(checkpointer.finish());
      }
      forceInInterval(open);
    } catch (RuntimeException | Error e) {
      fail(e);
      refuseCheckpointRequests();
    }
  }

  private boolean isCheckpointDue(LogWriter open) {
    if (!checkpointRequests.isEmpty()) {
      return true;
    }
    if (checkpointer.wasFull() && System.nanoTime() < retryCheckpointNanos) {
      return false;
    }
    long dataBytes =
        ((long) store.space().pages() - store.space().freePages()) << PageLayout.PAGE_SHIFT;
    long threshold =
        Math.min(options.maxLogBytes(), Math.max(MIN_LOG_BYTES, LOG_TO_DATA * dataBytes));
    return open.bytesSince(checkpointer.durable().log()) > threshold
        || NativeMemory.isAvailable()
            && privateBytes() > options.privateMemoryBytes() / 2
            && store.dirty().isDirty();
  }

  private long privateBytes() {
    return (long) store.dirty().privateCount() << PageLayout.PAGE_SHIFT;
  }

  private boolean isOverMemory() {
    if (privateBytes() <= options.privateMemoryBytes()) {
      return false;
    }
    if (!NativeMemory.isAvailable() && !wasWarnedOfMemory) {
      wasWarnedOfMemory = true;
      LOG.log(
          System.Logger.Level.WARNING,
          () ->
              ("%s keeps %,d bytes of private pages, over the limit of %,d: giving them back needs"
                      + " native access, --enable-native-access=dev.hmap")
                  .formatted(store.names().data(), privateBytes(), options.privateMemoryBytes()));
    }
    return NativeMemory.isAvailable();
  }

  private void warnOfReaders() {
    if (checkpointer.isWaitingForReaders() && !wasWarnedOfReaders) {
      wasWarnedOfReaders = true;
      LOG.log(
          System.Logger.Level.WARNING,
          () ->
              "%s: a reader in another process holds a checkpoint up; the log grows"
                  .formatted(store.names().data()));
    }
  }

  private void beginCheckpoint(LogWriter open) {
    LogFile file = logFile;
    if (file == null) {
      throw new IllegalStateException("a log writer without a log file");
    }
    inCheckpoint.addAll(checkpointRequests);
    checkpointRequests.clear();
    checkpointer.begin(open.end(), file, HmapFields.FLAG_HASH_WRITING);
  }

  private void checkpointEnded(boolean done) {
    if (done && log != null) {
      log.retire(checkpointer.durable().log());
      if (privateBytes() > options.privateMemoryBytes() / 2) {
        checkpointer.giveBackPrivatePages();
      }
    } else {
      retryCheckpointNanos = System.nanoTime() + FULL_RETRY_NANOS;
    }
    for (Write write : inCheckpoint) {
      if (done) {
        write.succeed();
      } else {
        write.fail(() ->
            new StoreFullException(
                "%s has no room for a checkpoint".formatted(store.names().data())));
      }
    }
    inCheckpoint.clear();
  }

  private void refuseCheckpointRequests() {
    Supplier<HMapException> refusal = refusal();
    if (refusal != null) {
      inCheckpoint.addAll(checkpointRequests);
      checkpointRequests.clear();
      inCheckpoint.forEach(write -> write.fail(refusal));
      inCheckpoint.clear();
    }
  }

  /** Without sync: has the log forced, on another thread, when the interval is over. */
  private void forceInInterval(LogWriter open) {
    if (options.sync() || forcing != null || forced.lsn() == open.end().lsn()) {
      return;
    }
    long now = System.nanoTime();
    if (now - lastForceNanos < options.syncIntervalNanos()) {
      return;
    }
    lastForceNanos = now;
    forced = open.end();
    forces++;
    Thread task =
        Thread.ofPlatform()
            .daemon()
            .name("hmap-sync")
            .unstarted(() -> {
              try {
                open.force();
              } catch (IOException e) {
                fail(e);
              }
              forcing = null;
            });
    forcing = task;
    task.start();
  }

  private long nanosUntilWork() {
    if (failure.get() != null) {
      return Long.MAX_VALUE;
    }
    if (checkpointer.hasWork() || !checkpointRequests.isEmpty() && !checkpointer.isRunning()) {
      return 0;
    }
    LogWriter open = log;
    if (options.sync() || open == null || forced.lsn() == open.end().lsn()) {
      return Long.MAX_VALUE;
    }
    return Math.max(0, options.syncIntervalNanos() - (System.nanoTime() - lastForceNanos));
  }

  private WriterStats currentStats() {
    Hmap.Counters counters = map.counters();
    LogWriter open = log;
    LogFile file = logFile;
    return new WriterStats(
        map.fields(),
        counters.evacuatedChains.get(),
        counters.maxChainsPerWrite.get(),
        counters.growths.get(),
        counters.sameSizeGrowths.get(),
        store.space().pages(),
        store.space().freePages(),
        store.dirty().privateCount(),
        file == null ? 0 : file.bytes(),
        open == null ? 0 : open.bytesSince(checkpointer.durable().log()),
        forces,
        checkpointer.completed(),
        checkpointer.isWaitingForReaders());
  }

  // ---------------------------------------------------------------- the end

  private void terminate(Write close) {
    Supplier<HMapException> refusal = null;
    try {
      closeStore();
    } catch (IOException e) {
      refusal = refused("could not be closed cleanly, and will be recovered when opened", e);
    } catch (RuntimeException | Error e) {
      fail(e);
      refusal = refusal();
    }
    isTerminated = true;
    refuseCheckpointRequests();
    processor.halt();
    ring.removeGatingSequence(processor.getSequence()); // callers who wait for a place go on
    for (long s = processor.getSequence().get() + 1; s <= ring.getCursor(); s++) {
      if (ring.isAvailable(s)) {
        ring.get(s).failIfSet(this::closed);
      }
    }
    if (refusal == null) {
      close.succeed();
    } else {
      close.fail(refusal);
    }
  }

  private void closeStore() throws IOException {
    boolean removeLog = false;
    int pages = checkpointer.durable().filePages();
    try {
      Thread force = forcing;
      if (force != null) {
        joinUninterruptibly(force);
      }
      if (failure.get() == null && log != null) {
        removeLog = lastCheckpoint(log);
        pages = checkpointer.durable().filePages();
      } else if (log == null) {
        removeLog = logFile != null; // there was no room for it
      }
    } finally {
      store.space().close();
      if (failure.get() == null && (removeLog || log == null)) {
        store.data().resize(PageLayout.addressOf(pages));
      }
      if (removeLog) {
        store.data().force();
        store.fileSystem().delete(store.names().log());
        store.fileSystem().forceFolder(store.names().folder());
      }
      LogFile file = logFile;
      if (file != null) {
        file.close();
      }
      store.data().close();
      store.lock().close();
    }
  }

  /** The last checkpoint, of a file as short as can be; false if the log must stay. */
  private boolean lastCheckpoint(LogWriter open) throws IOException {
    LogFile file = logFile;
    if (file == null) {
      throw new IllegalStateException("a log writer without a log file");
    }
    if (checkpointer.isRunning()) {
      boolean done = checkpointer.finish();
      checkpointEnded(done);
      if (!done) {
        open.force();
        return false;
      }
    }
    map.trim();
    checkpointer.begin(open.end(), file, 0);
    if (checkpointer.finish()) {
      return true;
    }
    open.force();
    return false;
  }

  private static void joinUninterruptibly(Thread other) {
    boolean interrupted = false;
    while (true) {
      try {
        other.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
