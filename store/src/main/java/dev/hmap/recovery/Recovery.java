package dev.hmap.recovery;

import dev.hmap.checkpoint.DirtyPages;
import dev.hmap.checkpoint.PageImageReader;
import dev.hmap.error.CodecMismatchException;
import dev.hmap.error.HMapException;
import dev.hmap.error.StoreAccessException;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.error.StoreLockedException;
import dev.hmap.format.Checksums;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogPosition;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.DiskFull;
import dev.hmap.io.FileSystem;
import dev.hmap.io.FileSystem.Mode;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import dev.hmap.log.LogFile;
import dev.hmap.log.LogReader;
import dev.hmap.table.Hmap;
import dev.hmap.table.OperationApplier;
import dev.hmap.table.Space;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Opening a store: the newest valid header, an interrupted checkpoint finished from its images, the
 * log replayed up to its first torn record. Nothing but the images and their header is written, and
 * writing those twice gives the same bytes; so recovery may itself be interrupted at any moment.
 *
 * <p>A read-only opening puts the images into its private memory instead, and writes nothing.
 *
 * <p>Not to be run on a thread that users may interrupt.
 */
public final class Recovery {
  private static final long GUARD_WAIT_NANOS = 10_000_000_000L;
  private static final long GUARD_RETRY_NANOS = 1_000_000;

  private final FileSystem fileSystem;
  private final FileNames names;
  private final boolean writable;

  /** The images of a committed checkpoint, for a read-only opening: page to bytes. */
  private final Map<Integer, ByteBuffer> overlay = new HashMap<>();

  Recovery(FileSystem fileSystem, FileNames names, boolean writable) {
    this.fileSystem = fileSystem;
    this.names = names;
    this.writable = writable;
  }

  /** Whether there is a store of this name. */
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
   * @param expected the geometry it must have; null to take any
   * @throws HMapException of the kind that fits
   */
  public static OpenedStore open(
      FileSystem fileSystem, FileNames names, boolean writable, @Nullable Geometry expected) {
    try {
      StoreLock lock =
          writable
              ? fileSystem.lockForWriting(names.lock())
              : fileSystem.lockForReading(names.lock());
      OpenedStore opened = null;
      try {
        opened = new Recovery(fileSystem, names, writable).open(lock, expected);
        return opened;
      } finally {
        if (opened == null) {
          lock.close();
        }
      }
    } catch (AccessDeniedException e) {
      throw access(names, "may not be opened: permission denied", e);
    } catch (IOException e) {
      throw failure(names, "cannot be opened", e);
    }
  }

  /**
   * The header that counts, of a store that may be open elsewhere.
   *
   * @throws HMapException if there is no readable store
   */
  public static StoreHeader readHeader(FileSystem fileSystem, FileNames names) {
    Recovery recovery = new Recovery(fileSystem, names, false);
    try {
      if (!fileSystem.exists(names.data())) {
        throw recovery.missing();
      }
      try (StoreFile data = fileSystem.open(names.data(), Mode.READ)) {
        return recovery.newestHeader(data);
      }
    } catch (AccessDeniedException e) {
      throw access(names, "may not be opened: permission denied", e);
    } catch (IOException e) {
      throw failure(names, "cannot be opened", e);
    }
  }

  /** The files of a store, open for reading, and what its header names. */
  record Reading(
      Recovery recovery,
      StoreLock lock,
      StoreFile data,
      @Nullable LogFile log,
      StoreHeader header,
      List<ExtentRecord> extents)
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
    Recovery recovery = new Recovery(fileSystem, names, false);
    if (!fileSystem.exists(names.data())) {
      throw recovery.missing();
    }
    StoreLock lock = fileSystem.lockForReading(names.lock());
    StoreFile data = null;
    LogFile log = null;
    Reading reading = null;
    try {
      data = fileSystem.open(names.data(), Mode.READ);
      StoreHeader header = recovery.newestHeader(data);
      if (fileSystem.exists(names.log())) {
        log =
            new LogFile(
                fileSystem.open(names.log(), Mode.READ),
                header.storeIdLow(),
                header.log().segment());
        Optional<PageImageReader> images =
            PageImageReader.find(log, log.scan(), header.generation() + 1);
        if (images.isPresent()) {
          header = recovery.putInPlace(data, images.get());
        }
      }
      List<ExtentRecord> extents = recovery.directory(data, header);
      recovery.checkSize(data, header);
      reading = new Reading(recovery, lock, data, log, header, extents);
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

  /** A page of the data file, under the images of a committed checkpoint; little-endian. */
  ByteBuffer page(StoreFile data, int page) throws IOException {
    ByteBuffer image = overlay.get(page);
    if (image != null) {
      return image.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
    ByteBuffer bytes = ByteBuffer.allocate(PageLayout.PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.read(bytes, PageLayout.addressOf(page));
    return bytes.flip();
  }

  StoreAccessException missing() {
    return new StoreAccessException("%s: there is no such store".formatted(names.data()));
  }

  private static HMapException access(FileNames names, String what, IOException e) {
    return new StoreAccessException("%s %s".formatted(names.data(), what), e);
  }

  /** The exception for a failed call, by its cause. */
  static HMapException failure(FileNames names, String what, IOException e) {
    String message = "%s %s: %s".formatted(names.data(), what, e.getMessage());
    if (e instanceof FileNotFoundException
        || e instanceof FileSystemException refused
            && "Read-only file system".equals(refused.getReason())) {
      return new StoreAccessException(message, e);
    }
    return DiskFull.is(e)
        ? new StoreFullException(message, e)
        : new StoreFailedException(message, e);
  }

  // ---------------------------------------------------------------- create

  /**
   * Creates an empty store, cleanly closed: under a temporary name first, so that a crash leaves
   * the whole of it or none.
   *
   * @throws StoreAccessException if there is a file of that name already
   */
  public static void create(
      FileSystem fileSystem,
      FileNames names,
      Geometry geometry,
      long expectedEntries,
      Seeds seeds) {
    try (StoreLock _ = fileSystem.lockForWriting(names.lock())) {
      if (fileSystem.exists(names.data())) {
        throw new StoreAccessException("%s exists already".formatted(names.data()));
      }
      fileSystem.delete(names.fresh());
      fileSystem.delete(names.log());
      writeEmpty(fileSystem, names.fresh(), geometry, expectedEntries, seeds);
      fileSystem.rename(names.fresh(), names.data());
      fileSystem.forceFolder(names.folder());
    } catch (AccessDeniedException e) {
      throw access(names, "cannot be created: permission denied", e);
    } catch (NoSuchFileException e) {
      throw access(names, "cannot be created: its folder is missing", e);
    } catch (IOException e) {
      throw failure(names, "cannot be created", e);
    }
  }

  /**
   * The random numbers of a new store.
   *
   * @param storeIdHigh half of its id
   * @param storeIdLow the other half
   * @param hash0 the seed of its hash
   */
  public record Seeds(long storeIdHigh, long storeIdLow, long hash0) {}

  private static void writeEmpty(
      FileSystem fileSystem, Path path, Geometry geometry, long expectedEntries, Seeds seeds)
      throws IOException {
    try (StoreFile file = fileSystem.open(path, Mode.CREATE);
        Space space = new Space(file, Space.Access.WRITE)) {
      space.load(List.of());
      Hmap map = Hmap.create(geometry, space, new DirtyPages(), expectedEntries, seeds.hash0());
      List<ExtentRecord> extents = map.extents();
      int page = space.allocate(0);
      extents.add(new ExtentRecord(page, ExtentRecord.KIND_DIRECTORY, 0, 0, 0, 0, 0, 0));
      int order = 0;
      while ((long) PageLayout.PAGE_BYTES << order < ExtentRecord.directoryBytes(extents.size())) {
        order++;
      }
      if (order > 0) {
        extents.removeLast();
        space.free(page, 0);
        page = space.allocate(order);
        extents.add(new ExtentRecord(page, ExtentRecord.KIND_DIRECTORY, order, 0, 0, 0, 0, 0));
      }
      ByteBuffer directory = ExtentRecord.encode(1, extents);
      int pages = Space.used(extents).length();
      StoreHeader header =
          new StoreHeader(
              1,
              seeds.storeIdHigh(),
              seeds.storeIdLow(),
              geometry,
              pages,
              new StoreHeader.DirectoryPointer(
                  page, order, directory.remaining(), new Checksums().sum(directory)),
              LogPosition.START,
              map.fields());
      file.resize(PageLayout.addressOf(pages));
      // the other header slot gets its block too, so that the first write needs no room for it
      file.write(ByteBuffer.allocateDirect(PageLayout.PAGE_BYTES), 0);
      file.write(directory, PageLayout.addressOf(page));
      file.write(header.encode(), PageLayout.addressOf(StoreHeader.slotPage(1)));
      file.force();
    }
  }

  // ---------------------------------------------------------------- open

  private OpenedStore open(StoreLock lock, @Nullable Geometry expected) throws IOException {
    if (!fileSystem.exists(names.data())) {
      throw missing();
    }
    if (writable) {
      FileNames left = new FileNames(names.fresh()); // by a creation or compaction that was cut off
      fileSystem.delete(left.data());
      fileSystem.delete(left.log());
      fileSystem.delete(left.lock());
    }
    StoreFile data = fileSystem.open(names.data(), writable ? Mode.READ_WRITE : Mode.READ);
    OpenedStore opened = null;
    LogFile log = null;
    Space space = null;
    try {
      StoreHeader header = newestHeader(data);
      checkGeometry(header.geometry(), expected);
      List<LogFile.Segment> segments = List.of();
      boolean completed = false;
      if (fileSystem.exists(names.log())) {
        log =
            new LogFile(
                fileSystem.open(names.log(), writable ? Mode.READ_WRITE : Mode.READ),
                header.storeIdLow(),
                header.log().segment());
        segments = log.scan();
        Optional<PageImageReader> images =
            PageImageReader.find(log, segments, header.generation() + 1);
        if (images.isPresent()) {
          if (writable) {
            log.force(); // the commit may be in the page cache only, and what it replaces goes now
          }
          header = complete(data, lock, images.get());
          completed = true;
        }
      }
      boolean wasClean = !header.hmap().hashWriting();
      if (!wasClean && log == null) {
        throw new StoreCorruptException(
            "%s was not closed, and its log %s is missing".formatted(names.data(), names.log()));
      }
      if (writable && log != null) {
        // What recovery read may be in the page cache only. It must be durable before anything that
        // is written from here on relies on it.
        data.force();
        log.force();
      }
      if (writable) {
        fileSystem.forceFolder(names.folder()); // nor may the files' names be
      }
      List<ExtentRecord> extents = directory(data, header);
      checkSize(data, header);
      space = new Space(data, access(log));
      space.load(extents);
      applyOverlay(space);
      DirtyPages dirty = new DirtyPages();
      Hmap map = Hmap.load(header.geometry(), space, dirty, header.hmap(), extents);
      LogPosition end = header.log();
      List<LogFile.Segment> alive = List.of();
      if (log != null) {
        LogReader reader = new LogReader(log, segments);
        end = replay(reader, header.log(), map);
        alive = reader.alive();
        log.keep(alive);
      }
      opened =
          new OpenedStore(
              fileSystem,
              names,
              lock,
              data,
              log,
              header,
              extents,
              space,
              dirty,
              map,
              end,
              alive,
              new OpenedStore.Report(
                  wasClean, completed, end.sequence() - header.log().sequence()));
      return opened;
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
        from,
        (bytes, at, length) -> {
          outcome.reset(false);
          applier.apply(bytes, at, at + length, outcome);
        });
  }

  /** The sound header with the greater generation. */
  private StoreHeader newestHeader(StoreFile data) throws IOException {
    return soundHeaders(data).getFirst();
  }

  /**
   * The headers with a right checksum, that with the greater generation first.
   *
   * @throws StoreCorruptException if there is none
   */
  List<StoreHeader> soundHeaders(StoreFile data) throws IOException {
    List<StoreHeader> sound = new ArrayList<>();
    long bytes = data.size();
    boolean magic = false;
    for (int slot = 0; slot < PageLayout.HEADER_PAGES; slot++) {
      if (bytes < PageLayout.addressOf(slot + 1)) {
        continue;
      }
      ByteBuffer page = ByteBuffer.allocateDirect(PageLayout.PAGE_BYTES);
      page.order(ByteOrder.LITTLE_ENDIAN);
      data.read(page, PageLayout.addressOf(slot));
      page.clear();
      if (!StoreHeader.hasMagic(page)) {
        continue;
      }
      magic = true;
      if (!StoreHeader.isSound(page)) {
        continue;
      }
      if (StoreHeader.version(page) != StoreHeader.VERSION) {
        throw new StoreCorruptException(
            "%s is of format version %d: this library knows version %d"
                .formatted(names.data(), StoreHeader.version(page), StoreHeader.VERSION));
      }
      sound.add(StoreHeader.decode(page));
    }
    if (sound.isEmpty()) {
      throw new StoreCorruptException(
          magic
              ? "%s is damaged: neither header has a right checksum".formatted(names.data())
              : "%s is no hmap store (%,d bytes)".formatted(names.data(), bytes));
    }
    sound.sort(Comparator.comparingLong(StoreHeader::generation).reversed());
    return sound;
  }

  private void checkGeometry(Geometry found, @Nullable Geometry expected) {
    if (expected != null && !found.equals(expected)) {
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

  private void checkSize(StoreFile data, StoreHeader header) throws IOException {
    long needed = PageLayout.addressOf(header.filePages());
    if (data.size() < needed) {
      throw new StoreCorruptException(
          "%s is truncated: it has %,d bytes of %,d".formatted(names.data(), data.size(), needed));
    }
  }

  /** Finishes a committed checkpoint: in the file, or in memory if nothing may be written. */
  private StoreHeader complete(StoreFile data, StoreLock lock, PageImageReader images)
      throws IOException {
    if (!writable) {
      return putInPlace(data, images);
    }
    long giveUp = System.nanoTime() + GUARD_WAIT_NANOS;
    while (!lock.tryGuard()) {
      if (System.nanoTime() - giveUp > 0) {
        throw new StoreLockedException(
            "%s: a checkpoint must be finished, and a reader in another process holds it up"
                .formatted(names.data()));
      }
      LockSupport.parkNanos(GUARD_RETRY_NANOS);
    }
    try {
      return putInPlace(data, images);
    } finally {
      lock.releaseGuard();
    }
  }

  /** Puts the images of a committed checkpoint in place, its header last, and returns that. */
  StoreHeader putInPlace(StoreFile data, PageImageReader images) throws IOException {
    StoreHeader[] committed = new StoreHeader[1];
    int[] headerPage = new int[1];
    ByteBuffer headerBytes = ByteBuffer.allocateDirect(PageLayout.PAGE_BYTES);
    headerBytes.order(ByteOrder.LITTLE_ENDIAN);
    images.forEach((page, bytes) -> {
      if (page < PageLayout.HEADER_PAGES) {
        if (!StoreHeader.isSound(bytes)) {
          throw new StoreCorruptException(
              "the images of %s end with no valid header".formatted(names.data()));
        }
        headerPage[0] = page;
        headerBytes.clear().put(bytes.duplicate());
        committed[0] = StoreHeader.decode(bytes);
      } else if (writable) {
        data.write(bytes, PageLayout.addressOf(page));
      } else {
        ByteBuffer copy = ByteBuffer.allocateDirect(PageLayout.PAGE_BYTES);
        overlay.put(page, copy.put(bytes).flip());
      }
    });
    StoreHeader header = committed[0];
    if (header == null) {
      throw new StoreCorruptException("the images of %s have no header".formatted(names.data()));
    }
    if (writable) {
      data.force();
      data.write(headerBytes.flip(), PageLayout.addressOf(headerPage[0]));
    }
    return header;
  }

  /** The directory that a header names. */
  List<ExtentRecord> directory(StoreFile data, StoreHeader header) throws IOException {
    StoreHeader.DirectoryPointer d = header.directory();
    if (d.order() < 0
        || d.order() > ExtentLayout.MAX_ORDER
        || d.bytes() < ExtentRecord.HEAD_BYTES
        || d.bytes() > (long) PageLayout.PAGE_BYTES << d.order()
        || d.page() < PageLayout.HEADER_PAGES
        || PageLayout.addressOf(d.page()) + d.bytes() > data.size()) {
      throw new StoreCorruptException(
          "%s is damaged or truncated: its directory should have %,d bytes at page %d of %d"
              .formatted(names.data(), d.bytes(), d.page(), PageLayout.pageOf(data.size())));
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(d.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < d.bytes(); at += PageLayout.PAGE_BYTES) {
      int page = d.page() + at / PageLayout.PAGE_BYTES;
      int n = Math.min(PageLayout.PAGE_BYTES, d.bytes() - at);
      ByteBuffer part = bytes.slice(at, n);
      ByteBuffer image = overlay.get(page);
      if (image != null) {
        part.put(image.duplicate().limit(n));
      } else {
        data.read(part, PageLayout.addressOf(page));
      }
    }
    if (new Checksums().sum(bytes) != d.crc()) {
      throw new StoreCorruptException(
          "%s is damaged: the directory at page %d has a wrong checksum"
              .formatted(names.data(), d.page()));
    }
    return ExtentRecord.decode(header.generation(), bytes);
  }

  private void applyOverlay(Space space) {
    overlay.forEach((page, bytes) ->
        MemorySegment.copy(
            MemorySegment.ofBuffer(bytes), 0, space.segment(page, 1), 0, PageLayout.PAGE_BYTES));
    overlay.clear();
  }
}
