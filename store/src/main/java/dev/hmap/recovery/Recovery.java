package dev.hmap.recovery;

import dev.hmap.checkpoint.CommittedCheckpoint;
import dev.hmap.checkpoint.DirtyPages;
import dev.hmap.checkpoint.PageImageReader;
import dev.hmap.error.CodecMismatchException;
import dev.hmap.error.HMapException;
import dev.hmap.error.StoreAccessException;
import dev.hmap.error.StoreCorruptException;
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
import dev.hmap.io.FileSystem;
import dev.hmap.io.FileSystem.Mode;
import dev.hmap.io.ForceFailedException;
import dev.hmap.io.LostLockException;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import dev.hmap.log.LogFile;
import dev.hmap.log.LogReader;
import dev.hmap.table.Hmap;
import dev.hmap.table.HmapLoader;
import dev.hmap.table.OperationApplier;
import dev.hmap.table.Space;
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
  private final StoreLock lock;
  private final StoreFile data;
  private final DataPages pages;
  private final HeaderSlots slots;
  private final DirtyPages dirty = new DirtyPages();

  // As far as it has come.
  private StoreHeader header;
  private @Nullable LogFile log;
  private List<LogFile.Segment> segments = List.of();
  private @Nullable CommittedCheckpoint left;
  private @Nullable Space space;

  /** Whether the header is that of a checkpoint that was committed, but not in place. */
  private boolean isCompleted;

  /** Whether a force had failed: see {@link FailedForce}. */
  private boolean isDistrusted;

  private Recovery(
      FileSystem fileSystem,
      FileNames names,
      boolean writable,
      LockedStore files,
      HeaderSlots slots) {
    this.fileSystem = fileSystem;
    this.names = names;
    this.writable = writable;
    this.lock = files.lock();
    this.data = files.data();
    this.slots = slots;
    this.pages = new DataPages(data, names);
    this.header = slots.newest();
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
      throw StoreFailures.access(new FileNames(path), "cannot be looked up: " + Causes.of(e), e);
    }
  }

  /** Whether the names beside the data file can be had, too. */
  private static FileNames checked(FileNames names) {
    Path name = names.data().getFileName();
    if (name == null) {
      throw new StoreAccessException("%s is not a file".formatted(names.data()));
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
      throw StoreFailures.access(names, "cannot be looked up", e);
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
      OpenedStore opened = recovered(fileSystem, names, writable, expected);
      tell(event, opened.recovery());
      return opened;
    } catch (AccessDeniedException e) {
      throw StoreFailures.access(names, "may not be opened: permission denied", e);
    } catch (IOException e) {
      throw StoreFailures.failure(names, "cannot be opened", e);
    } catch (IndexOutOfBoundsException | InternalError e) {
      throw StoreFailures.damaged(names, e);
    }
  }

  private static OpenedStore recovered(
      FileSystem fileSystem,
      FileNames names,
      boolean writable,
      @Nullable UnaryOperator<Geometry> expected)
      throws IOException {
    while (true) {
      LockedStore files = LockedStore.open(fileSystem, names, writable);
      Recovery recovery = null;
      try {
        if (writable) {
          files.lock().leaveNote();
        }
        HeaderSlots slots = HeaderSlots.read(files.data(), names);
        recovery = new Recovery(fileSystem, names, writable, files, slots);
      } finally {
        if (recovery == null) {
          files.close();
        }
      }
      try {
        return recovery.run(expected);
      } catch (LostLockException e) {
        if (writable) {
          throw e;
        }
        // a compaction put another file in its place, and took the log away: once more
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

  /**
   * The header that counts, of a store that may be open elsewhere.
   *
   * @throws HMapException if there is no readable store
   */
  public static StoreHeader readHeader(FileSystem fileSystem, FileNames names) {
    try {
      if (!fileSystem.exists(names.data())) {
        throw StoreFailures.missing(fileSystem, names);
      }
      try (StoreFile data = fileSystem.open(names.data(), Mode.READ)) {
        return HeaderSlots.read(data, names).newest();
      }
    } catch (AccessDeniedException e) {
      throw StoreFailures.access(names, "may not be opened: permission denied", e);
    } catch (IOException e) {
      throw StoreFailures.failure(names, "cannot be opened", e);
    }
  }

  // ---------------------------------------------------------------- the steps

  /** The steps of recovery, on files that are locked: those of page 05 of the format. */
  private OpenedStore run(@Nullable UnaryOperator<Geometry> expected) throws IOException {
    OpenedStore opened = null;
    try {
      checkGeometry(header.geometry(), expected);
      findLog();
      completeCheckpoint();
      checkIsWhole();
      if (writable) {
        makeDurable();
      }
      Directory directory = DirectoryReader.read(pages, header);
      Space mapped = map(directory);
      opened = replay(directory, mapped, load(directory, mapped));
      return opened;
    } catch (IOException | RuntimeException | Error e) {
      if (writable) {
        FailedForce.mark(fileSystem, names, header.storeIdLow(), e);
      }
      throw e;
    } finally {
      if (opened == null) {
        closeAll();
      }
    }
  }

  private void findLog() throws IOException {
    isDistrusted = writable && FailedForce.isMarked(fileSystem, names, header.storeIdLow());
    log =
        writable
            ? LogFinder.find(fileSystem, names, header, true)
            : LogFinder.find(fileSystem, names, header, lock);
    if (writable) {
      Workshop.removeLeft(fileSystem, names);
    }
  }

  /**
   * Finishes a checkpoint of which the images are in the log, or has them hide the file's pages.
   */
  private void completeCheckpoint() throws IOException {
    LogFile images = log;
    if (images == null) {
      return;
    }
    segments = images.scan();
    if (isDistrusted) { // what is written below must be found again, wherever it stands
      data.resize(data.size());
      images.resize();
      ForceFailedException.forceFolder(fileSystem, names.folder());
    }
    Optional<PageImageReader> found =
        PageImageReader.find(images, segments, header.generation() + 1);
    if (found.isPresent()) {
      complete(images, found.get());
    } else if (isDistrusted && slots.hasBefore()) {
      FailedForce.repeat(images, segments, header, null);
      FailedForce.repeatHeader(data, header);
    }
  }

  private void complete(LogFile file, PageImageReader images) throws IOException {
    StoreHeader before = header;
    if (isDistrusted) {
      FailedForce.repeat(file, segments, pages.committedHeader(before, images), images);
    } else if (writable) {
      file.force(); // the commit may be in the page cache only, and what it replaces goes now
    }
    if (!writable) {
      header = pages.overlay(before, images);
    } else if (tryGuard()) {
      putInPlace(images);
    } else {
      header = pages.overlay(before, images);
      left = new CommittedCheckpoint(before, header, images);
    }
    isCompleted = true;
  }

  private void putInPlace(PageImageReader images) throws IOException {
    try {
      lock.check();
      header = pages.putInPlace(header, images);
    } finally {
      lock.releaseGuard();
    }
  }

  private void checkIsWhole() {
    slots.checkIsNewest(names, isCompleted, header);
    if (header.hmap().hashWriting() && log == null) {
      throw new StoreCorruptException(
          "%s was not closed, and its log %s is missing, or is not its log"
              .formatted(names.data(), names.log()));
    }
  }

  /**
   * What recovery read may be in the page cache only. It must be durable before anything that is
   * written from here on relies on it; nor may the files' names be lost.
   */
  private void makeDurable() throws IOException {
    LogFile found = log;
    if (found != null) {
      ForceFailedException.force(data);
      found.resize(); // what stands after the last whole slot must not be found in a longer file
      found.force();
    }
    ForceFailedException.forceFolder(fileSystem, names.folder());
    if (!header.former().equals(LogHead.NONE)) {
      // of a compaction that was cut off after its rename
      FailedForce.unmark(fileSystem, names, header.former().storeIdLow());
    }
    if (isDistrusted && found == null) {
      // it was closed, which forced all of it
      FailedForce.unmark(fileSystem, names, header.storeIdLow());
    }
  }

  private Space map(Directory directory) throws IOException {
    pages.checkSize(header);
    Space mapped = new Space(data, access());
    space = mapped;
    mapped.load(directory.extents());
    pages.applyTo(mapped, dirty);
    return mapped;
  }

  private Hmap load(Directory directory, Space mapped) throws IOException {
    Hmap map = HmapLoader.load(header.geometry(), mapped, dirty, header.hmap(), directory);
    map.advanceHorizon(header.horizon());
    return map;
  }

  private Space.Access access() {
    if (writable) {
      return Space.Access.WRITE;
    }
    return log == null ? Space.Access.READ : Space.Access.WRITE_PRIVATELY;
  }

  /** Applies what the log holds from the header's position on, and hands all of it over. */
  private OpenedStore replay(Directory directory, Space mapped, Hmap map) throws IOException {
    LogFile replayed = log;
    LogPosition end = header.log();
    List<LogFile.Segment> alive = List.of();
    if (replayed != null) {
      LogReader reader = new LogReader(replayed, segments);
      OperationApplier applier = new OperationApplier(map);
      Hmap.Outcome outcome = new Hmap.Outcome();
      end =
          reader.read(end, (bytes, at, length) -> applier.applyRecord(bytes, at, length, outcome));
      alive = reader.alive();
      keep(replayed, alive);
    }
    return new OpenedStore(
        fileSystem,
        names,
        lock,
        data,
        replayed,
        header,
        left,
        directory.extents(),
        mapped,
        dirty,
        map,
        end,
        alive,
        new OpenedStore.Report(
            wasClean(),
            isCompleted,
            end.sequence() - header.log().sequence(),
            isDistrusted && replayed != null));
  }

  /** Has the log not write to the slots that are still needed. */
  private void keep(LogFile file, List<LogFile.Segment> alive) {
    file.keep(alive);
    CommittedCheckpoint waiting = left;
    if (waiting != null) {
      file.keep(waiting.images().segments());
    }
  }

  private boolean wasClean() {
    return !header.hmap().hashWriting();
  }

  private void closeAll() throws IOException {
    try (StoreLock _ = lock;
        StoreFile _ = data;
        LogFile _ = log;
        Space _ = space) {
      // closed in reverse order
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
  private boolean tryGuard() throws IOException {
    long giveUp = System.nanoTime() + GUARD_WAIT_NANOS;
    while (!lock.tryGuard()) {
      if (!isDistrusted) {
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
}
