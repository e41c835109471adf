package dev.hmap.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How much memory and disk a trial gets, and whether there is so much. */
final class Budget {
  /** What an entry takes beside its bytes, in the engines that take most: objects, pages. */
  private static final long OVERHEAD = 100;

  /** Copies that engines make while they compact, and half-empty pages. */
  private static final long DISK_FACTOR = 4;

  private static final long GIB = 1L << 30;

  /** Enough for batches, whatever is on the disk. */
  private static final long BULK_BYTES = GIB / 2;

  private Budget() {}

  /** For caches of engines that have their own: all data fits, if the machine has the memory. */
  static long cacheBytes(Trial trial) {
    return Math.min((64L << 20) + 2 * entriesBytes(trial), Memory.machineBytes() / 4);
  }

  /** The same for every engine: a Java heap may be larger than it need be, but in a bulk. */
  static long heapBytes(Trial trial) {
    if (trial.stage() == Stage.BULK) {
      return BULK_BYTES;
    }
    return Math.min(GIB + 3 * entriesBytes(trial), Memory.machineBytes() / 2);
  }

  /** Why a trial cannot be done here; empty if it can. */
  static Optional<String> refusal(Trial trial, Path folder) {
    long bytes = entriesBytes(trial);
    if (trial.engine().isOnHeap() && bytes > heapBytes(trial) * 3 / 4) {
      return Optional.of("%,d MB do not fit the heap".formatted(bytes >> 20));
    }
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      if (trial.engine().isOnDisk() && bytes * DISK_FACTOR > free) {
        return Optional.of("%,d MB may not fit the disk".formatted(bytes * DISK_FACTOR >> 20));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Optional.empty();
  }

  private static long entriesBytes(Trial trial) {
    return trial.entries() * (trial.shape().entryBytes() + OVERHEAD);
  }
}
