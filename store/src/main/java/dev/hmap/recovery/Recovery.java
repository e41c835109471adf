package dev.hmap.recovery;

import dev.hmap.checkpoint.CommittedCheckpoint;
import dev.hmap.checkpoint.DirtyPages;
import dev.hmap.checkpoint.PageImageReader;
import dev.hmap.error.CodecMismatchException;
import dev.hmap.error.HMapException;
import dev.hmap.error.StoreAccessException;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.error.StoreLockedException;
import dev.hmap.event.Events;
import dev.hmap.event.RecoveryEvent;
import dev.hmap.format.Directory;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogHead;
import dev.hmap.format.LogPosition;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.Causes;
import dev.hmap.io.DiskFull;
import dev.hmap.io.FileSystem;
import dev.hmap.io.FileSystem.Mode;
import dev.hmap.io.ForceFailedException;
import dev.hmap.io.LostLockException;
import dev.hmap.io.NotAFileException;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import dev.hmap.log.LogFile;
import dev.hmap.log.LogReader;
import dev.hmap.table.Hmap;
import dev.hmap.table.HmapLoader;
import dev.hmap.table.OperationApplier;
import dev.hmap.table.Space;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Opening a store: the newest valid header, an interrupted checkpoint finished from its images, the
 * log replayed up to its first torn record. Nothing but the images and their header is written, and
 * writing those twice gives the same bytes; so recovery may itself be interrupted at any moment.
 *
 * <p>A read-only opening puts the images into its private memory instead, and writes nothing: see
 * {@link DataPages}.
 *
 * <p>Not to be run on a thread that users may interrupt.
 */
public final class Recovery {
  private static final long GUARD_WAIT_NANOS = 10_000_000_000L;
  private static final long GUARD_RETRY_NANOS = 1_000_000;

  private final FileSystem fileSystem;
  private final FileNames names;
  private final boolean writable;

  private Recovery(FileSystem fileSystem, FileNames names, boolean writable) {
    this.fileSystem = fileSystem;
    this.names = names;
    this.writable = writable;
  }

  /**
   * The names of a store's files.
   *
   * @param path of its data file, or of a link to it
   * @throws StoreAccessException if a link leads nowhere or in a circle, or a folder is missing
   */
  public static FileNames names(FileSystem fileSystem, Path path) {
    try {
      return checked(new FileNames(fileSystem.resolve(path)));
    } catch (NoSuchFileException e) {
      throw new StoreAccessException(
          "%s cannot be looked up: %s is missing".formatted(path, e.getFile()), e);
    } catch (IOException e) {
      throw access(new FileNames(path), "cannot be looked up: " + Causes.of(e), e);
    }
  }

  /** Whether the names beside the data file can be had, too. */
  private static FileNames checked(FileNames names) {
    Path name = names.data().getFileName();
    if (name == null) {
      throw new StoreAccessException("%s is no file".formatted(names.data()));
    }
    int bytes = name.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > FileNames.MAX_NAME_BYTES) {
      throw new StoreAccessException(
          "%s has a name of %,d bytes: the limit is %,d"
              .formatted(names.data(), bytes, FileNames.MAX_NAME_BYTES));
    }
    return names;
  }

  /** Whether anything has the name of this store's data file. */
  public static boolean exists(FileSystem fileSystem, FileNames names) {
    try {
      return fileSystem.exists(names.data());
    } catch (IOException e) {
      throw access(names, "cannot be looked up", e);
    }
  }

  /**
   * Opens a store.
   *
   * @param expected says, for the geometry that was found, which one it must be; null to take any
   * @throws HMapException of the kind that fits
   */
  public static OpenedStore open(
      FileSystem fileSystem,
      FileNames names,
      boolean writable,
      @Nullable UnaryOperator<Geometry> expected) {
    RecoveryEvent event = Events.begin(RecoveryEvent::new, names.absolute());
    try {
      return new Recovery(fileSystem, names, writable).open(expected, event);
    } catch (AccessDeniedException e) {
      throw access(names, "may not be opened: permission denied", e);
    } catch (IOException e) {
      throw failure(names, "cannot be opened", e);
    } catch (IndexOutOfBoundsException | InternalError e) {
      throw damaged(names, e);
    }
  }

  private OpenedStore open(
      @Nullable UnaryOperator<Geometry> expected, @Nullable RecoveryEvent event)
      throws IOException {
    while (true) {
      Locked files = Locked.open(fileSystem, names, writable);
      OpenedStore opened = null;
      try {
        if (writable) {
          leaveNote(files);
        }
        opened = open(files, expected);
        tell(event, opened.recovery());
        return opened;
      } catch (LostLockException e) {
        if (writable) {
          throw e;
        }
        // a compaction put another file in its place, and took the log away: once more
      } finally {
        if (opened == null) {
          files.lock.close();
        }
      }
    }
  }

  private static void leaveNote(Locked files) throws IOException {
    boolean isDone = false;
    try {
      files.lock.leaveNote();
      isDone = true;
    } finally {
      if (!isDone) {
        files.data.close(); // the lock is given back by whoever called
      }
    }
  }

  /**
   * A locked store.
   *
   * @param lock held
   * @param data the file that it is on, open
   */
  record Locked(StoreLock lock, StoreFile data) {
    /** Locks a store and opens its data file, so that both are of the same file. */
    static Locked open(FileSystem fileSystem, FileNames names, boolean writable)
        throws IOException {
      while (true) {
        try {
          StoreLock lock =
              writable
                  ? fileSystem.lockForWriting(names.data())
                  : fileSystem.lockForReading(names.data());
          StoreFile data = null;
          Locked locked = null;
          try {
            data = fileSystem.open(names.data(), writable ? Mode.READ_WRITE : Mode.READ);
            lock.check();
            locked = new Locked(lock, data);
            return locked;
          } finally {
            if (locked == null) {
              try (StoreLock _ = lock;
                  StoreFile _ = data) {
                // what was opened is closed again
              }
            }
          }
        } catch (NoSuchFileException | FileNotFoundException _) {
          throw missing(fileSystem, names);
        } catch (LostLockException _) {
          // another file came to the name meanwhile: once more
        }
      }
    }
  }

  private static void tell(@Nullable RecoveryEvent event, OpenedStore.Report report) {
    if (event != null) {
      event.recordsReplayed = report.records();
      event.wasClean = report.wasClean();
      event.completedCheckpoint = report.completedCheckpoint();
      event.commit();
    }
  }

  /** What is told where damage led out of the file or of an array. */
  public static StoreCorruptException damaged(FileNames names, Throwable cause) {
    return new StoreCorruptException(
        "%s is damaged, or was truncated while open: %s"
            .formatted(names.data(), cause.getMessage()),
        cause);
  }

  /**
   * The header that counts, of a store that may be open elsewhere.
   *
   * @throws HMapException if there is no readable store
   */
  public static StoreHeader readHeader(FileSystem fileSystem, FileNames names) {
    try {
      if (!fileSystem.exists(names.data())) {
        throw missing(fileSystem, names);
      }
      try (StoreFile data = fileSystem.open(names.data(), Mode.READ)) {
        return HeaderSlots.read(data, names).newest();
      }
    } catch (AccessDeniedException e) {
      throw access(names, "may not be opened: permission denied", e);
    } catch (IOException e) {
      throw failure(names, "cannot be opened", e);
    }
  }

  /** The files of a store, open for reading, and what its header names. */
  record Reading(
      StoreLock lock,
      StoreFile data,
      DataPages pages,
      @Nullable LogFile log,
      StoreHeader header,
      Directory directory)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try (StoreLock _ = lock;
          LogFile _ = log) {
        data.close();
      }
    }
  }

  /** Opens the files as a read-only opening does, up to the directory. */
  static Reading read(FileSystem fileSystem, FileNames names) throws IOException {
    while (true) {
      try {
        return readOnce(fileSystem, names);
      } catch (LostLockException _) {
        // another file came to the name meanwhile: once more
      }
    }
  }

  private static Reading readOnce(FileSystem fileSystem, FileNames names) throws IOException {
    Locked files = Locked.open(fileSystem, names, false);
    StoreLock lock = files.lock;
    StoreFile data = files.data;
    LogFile log = null;
    Reading reading = null;
    try {
      DataPages pages = new DataPages(data, names);
      HeaderSlots slots = HeaderSlots.read(data, names);
      StoreHeader header = slots.newest();
      boolean isInDoubt = slots.isNewestInDoubt();
      log = openLog(fileSystem, names, header, lock);
      if (log != null) {
        Optional<PageImageReader> images =
            PageImageReader.find(log, log.scan(), header.generation() + 1);
        if (images.isPresent()) {
          header = pages.overlay(header, images.get());
          isInDoubt = false;
        }
      }
      checkIsNewest(names, isInDoubt, header);
      Directory directory = DirectoryReader.read(pages, header);
      pages.checkSize(header);
      reading = new Reading(lock, data, pages, log, header, directory);
      return reading;
    } finally {
      if (reading == null) {
        try (StoreLock _ = lock;
            LogFile _ = log;
            StoreFile _ = data) {
          // what was opened is closed again
        }
      }
    }
  }

  /**
   * {@link #openLog(FileSystem, FileNames, StoreHeader, boolean)} for reading.
   *
   * @param lock of the file that has the header
   * @throws LostLockException if there is none, and another file has the store's name: a compaction
   *     may have taken away the log that was this one's
   */
  static @Nullable LogFile openLog(
      FileSystem fileSystem, FileNames names, StoreHeader header, StoreLock lock)
      throws IOException {
    LogFile log = openLog(fileSystem, names, header, false);
    if (log == null) {
      lock.check();
    }
    return log;
  }

  /** The log of a store; null if there is none, and for reading also if what is there is not it. */
  static @Nullable LogFile openLog(
      FileSystem fileSystem, FileNames names, StoreHeader header, boolean writable)
      throws IOException {
    if (!fileSystem.exists(names.log())) {
      return null;
    }
    try {
      StoreFile file = fileSystem.open(names.log(), writable ? Mode.READ_WRITE : Mode.READ);
      LogFile log = null;
      try {
        log = LogFile.of(file, LogHead.of(header), header.log().segment());
        if (log != null || !writable) {
          return log;
        }
        if (!header.former().equals(LogHead.NONE)
            && LogFile.of(file, header.former(), 0) != null
            && file.isAt(names.log())) {
          // of a compaction that was cut off behind its rename, which may not be durable yet
          ForceFailedException.forceFolder(fileSystem, names.folder());
          fileSystem.delete(names.log());
          ForceFailedException.forceFolder(fileSystem, names.folder());
          return null;
        }
      } finally {
        if (log == null) {
          file.close();
        }
      }
    } catch (NotAFileException _) {
      if (!writable) {
        return null;
      }
    } catch (NoSuchFileException | FileNotFoundException e) {
      if (writable || fileSystem.exists(names.log())) { // it may be that it may not be read
        throw e;
      }
      return null; // it went meanwhile
    }
    throw new StoreAccessException(
        "%s cannot be opened: %s is not its log, and has that name"
            .formatted(names.data(), names.log()));
  }

  /** Whether {@link #openLog} for reading finds none. */
  static boolean isLogMissing(FileSystem fileSystem, FileNames names, StoreHeader header)
      throws IOException {
    try (LogFile log = openLog(fileSystem, names, header, false)) {
      return log == null;
    }
  }

  /** Of a store that is not there; its log may be, which is said, for it can save it. */
  static StoreAccessException missing(FileSystem fileSystem, FileNames names) {
    try {
      if (fileSystem.exists(names.log()) && !fileSystem.exists(names.data())) {
        return new StoreAccessException(
            "%s: there is no such store, but %s may be its log"
                .formatted(names.data(), names.log()));
      }
    } catch (IOException e) {
      return new StoreAccessException("%s: there is no such store".formatted(names.data()), e);
    }
    return new StoreAccessException("%s: there is no such store".formatted(names.data()));
  }

  static HMapException access(FileNames names, String what, IOException e) {
    return new StoreAccessException("%s %s".formatted(names.data(), what), e);
  }

  /** The exception for a failed call, by its cause; {@code what} is said of the data file. */
  public static HMapException failure(FileNames names, String what, IOException e) {
    String message = "%s %s: %s".formatted(names.data(), what, Causes.of(e));
    if (e instanceof FileNotFoundException
        || e instanceof AccessDeniedException
        || e instanceof NoSuchFileException
        || e instanceof NotAFileException
        || DiskFull.isReadOnly(e)) {
      return new StoreAccessException(message, e);
    }
    return DiskFull.is(e)
        ? new StoreFullException(message, e)
        : new StoreFailedException(message, e);
  }

  private OpenedStore open(Locked files, @Nullable UnaryOperator<Geometry> expected)
      throws IOException {
    StoreFile data = files.data;
    OpenedStore opened = null;
    LogFile log = null;
    Space space = null;
    StoreHeader header = null;
    try {
      DataPages pages = new DataPages(data, names);
      HeaderSlots slots = HeaderSlots.read(data, names);
      header = slots.newest();
      checkGeometry(header.geometry(), expected);
      List<LogFile.Segment> segments = List.of();
      CommittedCheckpoint left = null;
      boolean completed = false;
      boolean isDistrusted =
          writable && FailedForce.isMarked(fileSystem, names, header.storeIdLow());
      log =
          writable
              ? openLog(fileSystem, names, header, true)
              : openLog(fileSystem, names, header, files.lock);
      if (writable) {
        Workshop.removeLeft(fileSystem, names);
      }
      if (log != null) {
        segments = log.scan();
        if (isDistrusted) { // what is written below must be found again, wherever it stands
          data.resize(data.size());
          log.resize();
          ForceFailedException.forceFolder(fileSystem, names.folder());
        }
        Optional<PageImageReader> images =
            PageImageReader.find(log, segments, header.generation() + 1);
        if (images.isPresent()) {
          if (isDistrusted) {
            FailedForce.repeat(log, segments, pages.commit(header, images.get()), images.get());
          } else if (writable) {
            log.force(); // the commit may be in the page cache only, and what it replaces goes now
          }
          StoreHeader before = header;
          if (!writable) {
            header = pages.overlay(before, images.get());
          } else if (tryGuard(files.lock, isDistrusted)) {
            header = putInPlace(pages, files.lock, before, images.get());
          } else {
            header = pages.overlay(before, images.get());
            left = new CommittedCheckpoint(before, header, images.get());
          }
          completed = true;
        } else if (isDistrusted && slots.hasBefore()) {
          FailedForce.repeat(log, segments, header, null);
          FailedForce.repeatHeader(data, header);
        }
      }
      checkIsNewest(names, slots.isNewestInDoubt() && !completed, header);
      boolean wasClean = !header.hmap().hashWriting();
      if (!wasClean && log == null) {
        throw new StoreCorruptException(
            "%s was not closed, and its log %s is missing, or is not its log"
                .formatted(names.data(), names.log()));
      }
      if (writable && log != null) {
        // What recovery read may be in the page cache only. It must be durable before anything that
        // is written from here on relies on it.
        ForceFailedException.force(data);
        log.resize(); // what stands behind the last whole slot must not be found in a longer file
        log.force();
      }
      if (writable) {
        // nor may the files' names be
        ForceFailedException.forceFolder(fileSystem, names.folder());
        if (!header.former().equals(LogHead.NONE)) {
          // of a compaction that was cut off behind its rename
          FailedForce.unmark(fileSystem, names, header.former().storeIdLow());
        }
      }
      if (isDistrusted && log == null) {
        // it was closed, which forced all of it
        FailedForce.unmark(fileSystem, names, header.storeIdLow());
      }
      Directory directory = DirectoryReader.read(pages, header);
      pages.checkSize(header);
      space = new Space(data, access(log));
      space.load(directory.extents());
      DirtyPages dirty = new DirtyPages();
      pages.applyTo(space, dirty);
      Hmap map = HmapLoader.load(header.geometry(), space, dirty, header.hmap(), directory);
      map.advanceHorizon(header.horizon());
      LogPosition end = header.log();
      List<LogFile.Segment> alive = List.of();
      if (log != null) {
        LogReader reader = new LogReader(log, segments);
        end = replay(reader, header.log(), map);
        alive = reader.alive();
        log.keep(alive);
        if (left != null) {
          log.keep(left.images().segments());
        }
      }
      opened =
          new OpenedStore(
              fileSystem,
              names,
              files.lock,
              data,
              log,
              header,
              left,
              directory.extents(),
              space,
              dirty,
              map,
              end,
              alive,
              new OpenedStore.Report(
                  wasClean,
                  completed,
                  end.sequence() - header.log().sequence(),
                  isDistrusted && log != null));
      return opened;
    } catch (IOException | RuntimeException | Error e) {
      if (writable && header != null) {
        FailedForce.mark(fileSystem, names, header.storeIdLow(), e);
      }
      throw e;
    } finally {
      if (opened == null) {
        closeAll(space, log, data);
      }
    }
  }

  private Space.Access access(@Nullable LogFile log) {
    if (writable) {
      return Space.Access.WRITE;
    }
    return log == null ? Space.Access.READ : Space.Access.WRITE_PRIVATELY;
  }

  private static void closeAll(@Nullable Space space, @Nullable LogFile log, StoreFile data)
      throws IOException {
    try (StoreFile _ = data;
        LogFile _ = log;
        Space _ = space) {
      // closed in reverse order
    }
  }

  private LogPosition replay(LogReader reader, LogPosition from, Hmap map) throws IOException {
    OperationApplier applier = new OperationApplier(map);
    Hmap.Outcome outcome = new Hmap.Outcome();
    return reader.read(
        from, (bytes, at, length) -> applier.applyRecord(bytes, at, length, outcome));
  }

  /**
   * A header slot that is not sound and not the older one is a torn write only if the images of
   * that checkpoint are there, or if the other header is that of a clean store, about to be marked.
   * Otherwise what stands in the file may be newer than the header that is left.
   */
  private static void checkIsNewest(FileNames names, boolean isInDoubt, StoreHeader header) {
    if (isInDoubt) {
      throw new StoreCorruptException(
          "%s is damaged: a header slot is, and generation %d of the other may not be the newest"
              .formatted(names.data(), header.generation()));
    }
  }

  private void checkGeometry(Geometry found, @Nullable UnaryOperator<Geometry> wanted) {
    Geometry expected = wanted == null ? found : wanted.apply(found);
    if (found.timeToLiveMillis() != expected.timeToLiveMillis()) {
      throw new CodecMismatchException(
          "%s holds entries that live %s, and is opened for entries that live %s"
              .formatted(names.data(), life(found), life(expected)));
    }
    if (!found.equals(expected)) {
      throw new CodecMismatchException(
          "%s holds %s to %s, and is opened as %s to %s"
              .formatted(
                  names.data(),
                  found.keyShape(),
                  found.valueShape(),
                  expected.keyShape(),
                  expected.valueShape()));
    }
  }

  private static String life(Geometry geometry) {
    return geometry.expires() ? "%,d ms".formatted(geometry.timeToLiveMillis()) : "for ever";
  }

  /**
   * Takes the guard, to finish a committed checkpoint. While readers hold it, that can be left to
   * the writer, but not where a force had failed: then all must be in a checkpoint first.
   */
  private boolean tryGuard(StoreLock lock, boolean mustHave) throws IOException {
    long giveUp = System.nanoTime() + GUARD_WAIT_NANOS;
    while (!lock.tryGuard()) {
      if (!mustHave) {
        return false;
      }
      if (System.nanoTime() - giveUp > 0) {
        throw new StoreLockedException(
            "%s: a force had failed, so a checkpoint must be finished, and a reader holds it up"
                .formatted(names.data()));
      }
      LockSupport.parkNanos(GUARD_RETRY_NANOS);
    }
    return true;
  }

  private static StoreHeader putInPlace(
      DataPages pages, StoreLock lock, StoreHeader before, PageImageReader images)
      throws IOException {
    try {
      lock.check();
      return pages.putInPlace(before, images);
    } finally {
      lock.releaseGuard();
    }
  }
}
