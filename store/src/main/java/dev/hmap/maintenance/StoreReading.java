package dev.hmap.maintenance;

import dev.hmap.checkpoint.PageImageReader;
import dev.hmap.format.Directory;
import dev.hmap.format.FileNames;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.io.LostLockException;
import dev.hmap.log.LogFile;
import dev.hmap.recovery.DataPages;
import dev.hmap.recovery.DirectoryReader;
import dev.hmap.recovery.HeaderSlots;
import dev.hmap.recovery.LockedStore;
import dev.hmap.recovery.LogFinder;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files of a store, open for reading, and what its header names. */
record StoreReading(
    LockedStore files,
    DataPages pages,
    @Nullable LogFile log,
    StoreHeader header,
    Directory directory)
    implements AutoCloseable {
  @Override
  public void close() throws IOException {
    try (LockedStore _ = files;
        LogFile _ = log) {
      // closed in reverse order
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
    LogFile log = null;
    StoreReading reading = null;
    try {
      DataPages pages = new DataPages(files.data(), names);
      HeaderSlots slots = HeaderSlots.read(files.data(), names);
      StoreHeader header = slots.newest();
      log = LogFinder.find(fileSystem, names, header, files.lock());
      Optional<PageImageReader> images =
          log == null
              ? Optional.empty()
              : PageImageReader.find(log, log.scan(), header.generation() + 1);
      if (images.isPresent()) {
        header = pages.overlay(header, images.get());
      }
      slots.checkIsNewest(names, images.isPresent(), header);
      Directory directory = DirectoryReader.read(pages, header);
      pages.checkSize(header);
      reading = new StoreReading(files, pages, log, header, directory);
      return reading;
    } finally {
      if (reading == null) {
        try (LockedStore _ = files;
            LogFile _ = log) {
          // what was opened is closed again
        }
      }
    }
  }
}
