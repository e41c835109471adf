package dev.hmap.checkpoint;

import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.event.CheckpointEvent;
import dev.hmap.event.Durations;
import dev.hmap.event.Events;
import dev.hmap.format.Checksums;
import dev.hmap.format.Directory;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.Geometry;
import dev.hmap.format.HmapFields;
import dev.hmap.format.LogPosition;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.format.StoreHeader.DirectoryPointer;
import dev.hmap.io.ForceFailedException;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import dev.hmap.log.LogFile;
import dev.hmap.table.Hmap;
import dev.hmap.table.Space;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Brings the data file up to date, a little at a time.
 *
 * <h2>What a checkpoint is</h2>
 *
 * The file always holds one state of the map, the one its valid header names, and the log from that
 * header's position on. A checkpoint replaces that state by a newer one: the map as it was when the
 * checkpoint <i>began</i>. From that moment on the pages dirty then are pending. The writer copies
 * a few of them after each batch of writes, any one just before it changes, the rest when idle; so
 * the copies together are that moment's state, though they are made at different times, and no
 * write waits for a whole checkpoint.
 *
 * <h2>In which order it reaches the disk</h2>
 *
 * <ol>
 *   <li>A page that the old state does not use (it lies in an extent taken since) is written in
 *       place at once: until the header changes, nobody reads it.
 *   <li>A page that the old state uses goes to the log file as an image.
 *   <li>The data file is forced. Then the set of images is closed with the new header, and the log
 *       file is forced. This commits: from here on recovery can always finish the checkpoint.
 *   <li>The images are written in place, and forced. A write torn here is made good from the
 *       images.
 *   <li>The new header goes to the slot that the old one is not in, and is forced.
 *   <li>Now the log before the new position, and the images, can go.
 * </ol>
 *
 * <p>Steps 1 to 3 can be given up at any moment (the disk may be full), since nothing of the old
 * state was touched. Steps 4 and 5 hold the guard, because readers in other processes see the file
 * change under their mappings. A force that fails is never repeated: what the kernel dropped it
 * will not write later, so the store stops writing and recovery decides.
 *
 * <p>Writer thread only, but for what is said otherwise.
 */
public final class Checkpointer {
  private static final String NO_ROOM = "has no room for a checkpoint";
  private static final long LOOK_NANOS = 100_000;

  private final String name;
  private final Hmap map;
  private final Space space;
  private final DirtyPages dirty;
  private final StoreFile data;
  private final StoreLock lock;
  private final long salt;
  private final Runnable wake;
  private final PageBuffers buffers;
  private final Durations times = new Durations();

  private StoreHeader durable;
  private BitSet durablyUsed;
  private @Nullable RunningCheckpoint running;

  private boolean wasFull;
  private String refusal = NO_ROOM;
  private boolean isLeftCommitted;
  private volatile boolean isClosing;
  private final AtomicLong completed = new AtomicLong();
  private volatile boolean isWaitingForReaders;

  /**
   * A checkpointer for an open store.
   *
   * @param name of the store, for events
   * @param map to checkpoint
   * @param space it lies in
   * @param dirty the barrier that was given to the map
   * @param data the data file
   * @param lock of the store
   * @param durable the header that counts
   * @param extents the directory it names
   * @param salt of this opening
   * @param wake called when a checkpoint's input and output has come further; any thread
   */
  public Checkpointer(
      String name,
      Hmap map,
      Space space,
      DirtyPages dirty,
      StoreFile data,
      StoreLock lock,
      StoreHeader durable,
      List<ExtentRecord> extents,
      long salt,
      Runnable wake) {
    this.name = name;
    this.map = map;
    this.space = space;
    this.dirty = dirty;
    this.data = data;
    this.lock = lock;
    this.durable = durable;
    this.durablyUsed = Space.used(extents);
    this.salt = salt;
    this.wake = wake;
    this.buffers = new PageBuffers(wake);
  }

  /** The header that counts. */
  public StoreHeader durable() {
    return durable;
  }

  /** Whether a checkpoint is under way. */
  public boolean isRunning() {
    return running != null;
  }

  /** Checkpoints completed since opening. Any thread. */
  public long completed() {
    return completed.get();
  }

  /** How long those completed took, as a copy; null if there was none. Any thread. */
  public @Nullable Histogram times() {
    return times.copy();
  }

  /** Whether readers in other processes hold a checkpoint up. Any thread. */
  public boolean isWaitingForReaders() {
    return isWaitingForReaders;
  }

  /** The same at this moment. Writer thread only. */
  public boolean isHeldUp() {
    RunningCheckpoint r = running;
    return r != null && r.inPlace.isWaitingForReaders();
  }

  /** For how long. Writer thread only. */
  public long nanosHeldUp() {
    RunningCheckpoint r = running;
    return r == null ? 0 : r.inPlace.nanosWaiting();
  }

  /** Whether the file holds all that was written. */
  public boolean isClean() {
    return running == null && !durable.hmap().hashWriting();
  }

  /**
   * Marks the file as being written, before the first write since opening: the old state under a
   * new header with {@code hashWriting}. A checkpoint that was adopted will end with such a header.
   */
  public void markWriting() throws IOException {
    if (!isClean()) {
      return;
    }
    StoreHeader marked =
        new StoreHeader(
            durable.generation() + 1,
            durable.storeIdHigh(),
            durable.storeIdLow(),
            durable.former(),
            durable.geometry(),
            durable.filePages(),
            durable.directory(),
            durable.log(),
            durable.hmap().withFlags(durable.hmap().flags() | HmapFields.FLAG_HASH_WRITING),
            durable.horizon(),
            durable.time());
    OwnFile.check(lock, data, durable);
    data.write(marked.encode(), PageLayout.addressOf(StoreHeader.slotPage(marked.generation())));
    ForceFailedException.force(data);
    durable = marked;
  }

  /**
   * Goes on with a checkpoint that was committed before the store was opened, and that readers hold
   * up. The store's memory and the log go on from its state; the file has the one before.
   *
   * @param log that holds the images
   */
  public void adopt(CommittedCheckpoint left, LogFile log) {
    durable = left.before();
    StoreHeader header = left.header();
    HmapFields fields = header.hmap();
    StoreHeader marked =
        header.with(fields.withFlags(fields.flags() | HmapFields.FLAG_HASH_WRITING));
    CheckpointPlan plan =
        new CheckpointPlan(
            left.before(),
            marked,
            List.of(),
            ByteBuffer.allocate(0),
            durablyUsed,
            durablyUsed,
            Map.of(),
            new BitSet());
    InPlacePhase inPlace = new InPlacePhase(data, log, lock, () -> isClosing, wake);
    RunningCheckpoint r =
        RunningCheckpoint.adopted(
            plan,
            inPlace,
            buffers,
            _ -> inPlace.finish(plan.before(), plan.header(), left.images()),
            wake);
    running = r;
    r.start();
  }

  /**
   * Whether a checkpoint can begin without making writes wait for its memory. If not, that is being
   * made from now on, and the writer is woken when it is.
   */
  public boolean isReady() {
    return buffers.isReady(dirty.count());
  }

  /**
   * Begins a checkpoint of the map as it is now.
   *
   * @param position where the log stands
   * @param log for the images
   * @param flags {@link HmapFields#FLAG_HASH_WRITING}, or 0 for the last checkpoint before closing
   * @return false if there is no room for its directory, or no thread to be had; then nothing was
   *     begun
   */
  public boolean begin(LogPosition position, LogFile log, int flags) {
    if (running != null || isLeftCommitted) {
      throw new IllegalStateException("a checkpoint is under way, or left to recovery");
    }
    List<ExtentRecord> extents = map.extents();
    Directory contents = new Directory(extents, map.evacuated(), map.mark());
    int order = space.directoryOrder(contents.orderWithItself());
    int page;
    try {
      page = space.allocateDirectory(order);
    } catch (StoreFullException _) {
      wasFull = true;
      refusal = NO_ROOM;
      buffers.free();
      return false;
    }
    CheckpointEvent event = Events.begin(CheckpointEvent::new, name);
    extents.add(new ExtentRecord(page, ExtentRecord.KIND_DIRECTORY, order, 0, 0, 0, 0, 0));
    long generation = durable.generation() + 1;
    ByteBuffer directory = contents.encode(generation);
    BitSet used = Space.used(extents);
    HmapFields fields = map.fields();
    StoreHeader header =
        new StoreHeader(
            generation,
            durable.storeIdHigh(),
            durable.storeIdLow(),
            durable.former(),
            durable.geometry(),
            used.length(),
            new DirectoryPointer(
                page, order, directory.remaining(), new Checksums().sum(directory)),
            position,
            fields.withFlags(fields.flags() | flags),
            map.horizon(),
            time());
    List<ExtentRecord> sorted = new ArrayList<>(extents);
    sorted.sort(Comparator.comparingInt(ExtentRecord::page));
    CheckpointPlan plan =
        new CheckpointPlan(
            durable,
            header,
            sorted,
            directory,
            durablyUsed,
            used,
            space.takeNewExtents(),
            dirty.freeze(used, this::copyPage));
    InPlacePhase inPlace = new InPlacePhase(data, log, lock, () -> isClosing, wake);
    CheckpointWriter writer = new CheckpointWriter(data, log, plan, salt, inPlace);
    RunningCheckpoint r = RunningCheckpoint.own(plan, inPlace, buffers, writer, event, wake);
    running = r;
    try {
      r.start();
    } catch (OutOfMemoryError e) {
      running = null; // no thread to be had: as where there is no room
      wasFull = true;
      refusal = "has no thread for a checkpoint: " + e.getMessage();
      undo(plan);
      buffers.free();
      return false;
    }
    return true;
  }

  /** What a checkpoint took goes back: the state before it is the one that counts. */
  private void undo(CheckpointPlan plan) {
    dirty.restore(plan.frozen());
    space.restoreNewExtents(plan.newExtents());
    DirectoryPointer fresh = plan.header().directory();
    space.freeDirectory(fresh.page(), fresh.order());
  }

  /** What the clock says, for the header of a map whose entries expire. */
  private long time() {
    return durable.geometry().expires()
        ? Math.clamp(map.time().millis(), 0, Geometry.MAX_TIME_MILLIS)
        : 0;
  }

  private void copyPage(int page) {
    RunningCheckpoint r = running;
    if (r == null) {
      throw new IllegalStateException("page %d is pending for no checkpoint".formatted(page));
    }
    r.copy(page, space.segment(page, 1).asByteBuffer());
  }

  /**
   * Copies some pending pages, as many as the medium can keep up with, and takes note when the
   * checkpoint has ended.
   *
   * @param pages how many at most
   * @return whether it ended with a new header that counts
   * @throws StoreFailedException if its input or output failed
   */
  public boolean step(int pages) {
    RunningCheckpoint r = running;
    if (r == null) {
      return false;
    }
    copySome(r, pages == 0 ? 0 : Math.min(pages, r.roomOrWakes()));
    isWaitingForReaders = r.inPlace.isWaitingForReaders();
    return r.isDone() && end(r);
  }

  /**
   * Only the first of that: beside a write, on whatever thread has the writer's role.
   *
   * @param pages how many at most
   */
  public void copySome(int pages) {
    RunningCheckpoint r = running;
    if (r != null) {
      copySome(r, Math.min(pages, r.room()));
    }
  }

  private void copySome(RunningCheckpoint r, int pages) {
    if (!r.isCopied() && !dirty.copySome(pages)) {
      r.endCopies();
    }
  }

  /** Whether a write that changes some pages can have them copied first without waiting. */
  public boolean hasRoomForCopies() {
    RunningCheckpoint r = running;
    return r == null || r.hasRoomForChanges();
  }

  /** Whether {@link #step} has pages to copy or an end to take note of. */
  public boolean hasWork() {
    RunningCheckpoint r = running;
    return r != null
        && (r.isDone() || !r.isCopied() && (!dirty.isPending() || r.roomOrWakes() > 0));
  }

  /** Whether the last checkpoint found no room, or no thread to be had. */
  public boolean wasFull() {
    return wasFull;
  }

  /** What the last one did not find, as the rest of a sentence on the store. */
  public String refusal() {
    return refusal;
  }

  /**
   * Whether a checkpoint was committed and left to recovery, because the store is being closed. No
   * other may begin: it would be of the same generation, and lack that one's pages.
   */
  public boolean isLeftCommitted() {
    return isLeftCommitted;
  }

  private boolean end(RunningCheckpoint r) {
    running = null;
    isWaitingForReaders = false;
    buffers.free();
    CheckpointWriter.Outcome outcome = r.outcome();
    wasFull = outcome == CheckpointWriter.Outcome.FULL;
    r.record();
    if (outcome == CheckpointWriter.Outcome.DONE) {
      DirectoryPointer old = durable.directory();
      durable = r.plan.header();
      durablyUsed = r.plan.used();
      if (r.isOwn()) { // else the map was loaded without it
        space.freeDirectory(old.page(), old.order());
      }
      completed.incrementAndGet();
      times.record(System.nanoTime() - r.startNanos);
      return true;
    }
    if (outcome == CheckpointWriter.Outcome.FULL) {
      refusal = NO_ROOM;
      undo(r.plan);
      return false;
    }
    if (outcome == CheckpointWriter.Outcome.LEFT_COMMITTED) {
      isLeftCommitted = true;
      return false;
    }
    throw new StoreFailedException("a checkpoint failed: " + r.failure(), r.failure());
  }

  /**
   * Copies all pending pages and waits for the end of the checkpoint under way, if there is one.
   *
   * @return whether it ended with a new header that counts
   */
  public boolean finish() {
    RunningCheckpoint r = running;
    if (r == null) {
      return false;
    }
    copyAll(r);
    if (running == null) {
      return r.outcome() == CheckpointWriter.Outcome.DONE;
    }
    r.join();
    return end(r);
  }

  /**
   * The same, but does not wait for readers: then the checkpoint is still under way.
   *
   * @return whether it ended with a new header that counts
   */
  public boolean finishUnlessHeldUp() {
    RunningCheckpoint r = running;
    if (r == null) {
      return false;
    }
    copyAll(r);
    while (running == r && !r.isDone() && !r.inPlace.isWaitingForReaders()) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return running == null ? r.outcome() == CheckpointWriter.Outcome.DONE : step(0);
  }

  private void copyAll(RunningCheckpoint r) {
    if (!r.isCopied()) {
      boolean _ = dirty.copySome(Integer.MAX_VALUE);
      r.endCopies();
    }
    boolean _ = step(0);
  }

  /** Ends the checkpoint under way without a result: the store has failed, and will be closed. */
  public void giveUp() {
    RunningCheckpoint r = running;
    if (r != null) {
      running = null;
      buffers.giveUp();
      r.join();
    }
    buffers.free();
  }

  /** From now on a checkpoint does not wait for readers or for room. Any thread. */
  public void setClosing() {
    isClosing = true;
  }
}
