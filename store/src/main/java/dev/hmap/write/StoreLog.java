package dev.hmap.write;

import dev.hmap.event.Durations;
import dev.hmap.event.Events;
import dev.hmap.event.ForceEvent;
import dev.hmap.format.FileNames;
import dev.hmap.format.LogHead;
import dev.hmap.format.LogPosition;
import dev.hmap.io.FileSystem;
import dev.hmap.io.ForceFailedException;
import dev.hmap.io.Uninterruptibly;
import dev.hmap.log.LogFile;
import dev.hmap.log.LogWriter;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Workshop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The log of an open store: created by the first write, forced by each batch or in intervals. A
 * force that fails is never repeated. Writer thread only.
 */
final class StoreLog {
  private final OpenedStore store;
  private final WriterOptions options;
  private final long salt;
  private final Failure failure;
  private final String name;
  private final Durations forceTimes = new Durations();
  private @Nullable LogFile file;
  private @Nullable LogWriter writer;
  private LogPosition forced;
  private long lastForceNanos = System.nanoTime();
  private long forces;

  /** The force in an interval that is under way. Written by its thread too. */
  private volatile @Nullable Thread forcing;

  StoreLog(OpenedStore store, WriterOptions options, long salt, Failure failure) {
    this.store = store;
    this.options = options;
    this.salt = salt;
    this.failure = failure;
    this.name = store.names().absolute();
    this.forced = store.end();
    LogFile found = store.log();
    if (found != null) {
      file = found;
      writer = new LogWriter(found, store.end(), store.alive(), salt, options.sync());
    }
  }

  /** The writer, for which the log file is created, durably, if there is none. */
  LogWriter open() throws IOException {
    LogWriter open = writer;
    if (open != null) {
      return open;
    }
    LogFile created = create();
    file = created;
    open = new LogWriter(created, store.end(), List.of(), salt, options.sync());
    writer = open;
    return open;
  }

  /** Makes the file in a workshop, so that it says whose log it is when it gets its name. */
  private LogFile create() throws IOException {
    FileSystem fileSystem = store.fileSystem();
    FileNames names = store.names();
    LogHead head = LogHead.of(store.header());
    LogFile created = null;
    boolean isDone = false;
    try {
      try (Workshop workshop = Workshop.open(fileSystem, names)) {
        Path path = workshop.files().log();
        created =
            LogFile.create(
                fileSystem.open(path, FileSystem.Mode.CREATE),
                head,
                store.header().log().segment());
        created.release(created.acquire(1));
        created.force();
        fileSystem.takeAfter(path, names.data());
        store.lock().check();
        fileSystem.renameToNew(path, names.log());
      }
      ForceFailedException.forceFolder(fileSystem, names.folder());
      isDone = true;
      return created;
    } finally {
      if (created != null && !isDone) {
        created.close();
      }
    }
  }

  /** The writer, or null if nothing was written since the store was cleanly closed. */
  @Nullable LogWriter writer() {
    return writer;
  }

  /** The file, or null if there is none. */
  @Nullable LogFile file() {
    return file;
  }

  /** Forces what was committed. */
  void force(LogWriter open) throws IOException {
    forces++;
    timedForce(open);
    forced = open.end();
  }

  private void timedForce(LogWriter open) throws IOException {
    long startNanos = System.nanoTime();
    ForceEvent event = Events.begin(ForceEvent::new, name);
    open.force();
    if (event != null) {
      event.commit();
    }
    forceTimes.record(System.nanoTime() - startNanos);
  }

  long forces() {
    return forces;
  }

  /** How long the forces took that succeeded, as a copy; null if there was none. */
  @Nullable Histogram forceTimes() {
    return forceTimes.copy();
  }

  /** Without sync: has the log forced, on another thread, when the interval is over. */
  void forceInInterval() {
    LogWriter open = writer;
    if (open == null || !isForceOutstanding(open) || forcing != null) {
      return;
    }
    long now = System.nanoTime();
    if (now - lastForceNanos < options.syncIntervalNanos()) {
      return;
    }
    lastForceNanos = now;
    forced = open.end();
    forces++;
    Runnable task =
        () -> {
          try {
            timedForce(open);
          } catch (IOException | RuntimeException | Error e) {
            failure.set(e);
          }
          forcing = null;
        };
    Thread thread = Thread.ofPlatform().daemon().name("hmap-sync").unstarted(task);
    forcing = thread;
    try {
      thread.start();
    } catch (OutOfMemoryError _) {
      task.run(); // no thread to be had: the writer waits for it, and writes with it
    }
  }

  private boolean isForceOutstanding(LogWriter open) {
    return !options.sync() && forced.lsn() != open.end().lsn();
  }

  /** Nanoseconds until the next force is due, {@link Long#MAX_VALUE} if none is. */
  long nanosUntilForce() {
    LogWriter open = writer;
    if (open == null || !isForceOutstanding(open)) {
      return Long.MAX_VALUE;
    }
    return Math.max(0, options.syncIntervalNanos() - (System.nanoTime() - lastForceNanos));
  }

  /** Waits for the force that is under way, if one is. */
  void awaitForce() {
    Thread force = forcing;
    if (force != null) {
      Uninterruptibly.join(force);
    }
  }
}
