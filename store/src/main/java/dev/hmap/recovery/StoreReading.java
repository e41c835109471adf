package dev.hmap.recovery;

import dev.hmap.checkpoint.PageImageReader;
import dev.hmap.format.Directory;
import dev.hmap.format.FileNames;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.io.LostLockException;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import dev.hmap.log.LogFile;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files of a store, open for reading, and what its header names. */
record StoreReading(
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

  /** Opens the files as a read-only opening does, up to the directory. */
  static StoreReading open(FileSystem fileSystem, FileNames names) throws IOException {
    while (true) {
      try {
        return openOnce(fileSystem, names);
      } catch (LostLockException _) {
        // another file came to the name meanwhile: once more
      }
    }
  }

  private static StoreReading openOnce(FileSystem fileSystem, FileNames names) throws IOException {
    LockedStore files = LockedStore.open(fileSystem, names, false);
    StoreLock lock = files.lock();
    StoreFile data = files.data();
    LogFile log = null;
    StoreReading reading = null;
    try {
      DataPages pages = new DataPages(data, names);
      HeaderSlots slots = HeaderSlots.read(data, names);
      StoreHeader header = slots.newest();
      boolean isInDoubt = slots.isNewestInDoubt();
      log = LogFinder.find(fileSystem, names, header, lock);
      if (log != null) {
        Optional<PageImageReader> images =
            PageImageReader.find(log, log.scan(), header.generation() + 1);
        if (images.isPresent()) {
          header = pages.overlay(header, images.get());
          isInDoubt = false;
        }
      }
      Recovery.checkIsNewest(names, isInDoubt, header);
      Directory directory = DirectoryReader.read(pages, header);
      pages.checkSize(header);
      reading = new StoreReading(lock, data, pages, log, header, directory);
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
}
