package dev.hmap.maintenance;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.FileNames;
import dev.hmap.io.FileSystem;
import dev.hmap.io.FileSystem.Mode;
import dev.hmap.io.ForceFailedException;
import dev.hmap.io.LostLockException;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import dev.hmap.recovery.Creation;
import dev.hmap.recovery.Recovery;
import dev.hmap.recovery.StoreFailures;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * Copies the files of a store that may be in use, as a crash would leave them, and has the copy
 * recovered.
 *
 * <p>Why this is right: while a reader holds the guard, no page that the header refers to changes,
 * and no segment of the log that it needs is used again. The log is copied first. So a checkpoint
 * that the copied log says is committed has all its pages in the data file, which is copied after;
 * and one that is committed later is not in the copy. What is torn at the end of the copied log was
 * not acknowledged when the copy began.
 */
public final class Backup {
  private static final int BUFFER_BYTES = 1 << 20;

  private final FileSystem fileSystem;
  private final FileNames names;
  private final LongConsumer progress;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final ByteBuffer zeros = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private long done;

  private Backup(FileSystem fileSystem, FileNames names, LongConsumer progress) {
    this.fileSystem = fileSystem;
    this.names = names;
    this.progress = progress;
  }

  /**
   * Copies a store.
   *
   * @param progress is called now and then with the number of bytes copied
   */
  public static void run(
      FileSystem fileSystem, FileNames names, FileNames target, LongConsumer progress) {
    try {
      new Backup(fileSystem, names, progress).run(target);
    } catch (IOException e) {
      throw StoreFailures.failure(names, "cannot be copied to " + target.data(), e);
    }
  }

  private void run(FileNames target) throws IOException {
    var _ = Recovery.readHeader(fileSystem, names); // what is not a store is not copied first
    Creation.checkIsFree(fileSystem, target);
    try (FreshStore fresh = new FreshStore(fileSystem, target)) {
      copyTo(fresh.files());
      recover(fresh);
      fresh.publish(names.data());
    }
  }

  /** What is wrong with the copy is wrong with the store, whose name the user knows. */
  private void recover(FreshStore fresh) {
    try {
      fresh.recover();
    } catch (StoreCorruptException e) {
      throw new StoreCorruptException(
          "%s cannot be copied: %s".formatted(names.data(), e.getMessage()), e);
    }
  }

  private void copyTo(FileNames fresh) throws IOException {
    while (true) {
      try (StoreLock lock = fileSystem.lockForReading(names.data())) {
        boolean hasLog;
        do { // a log that is begun meanwhile belongs to the data file's state by then: again
          fileSystem.delete(fresh.data());
          fileSystem.delete(fresh.log());
          hasLog = copyLog(fresh);
          copy(names.data(), fresh.data());
          lock.check();
        } while (!hasLog && fileSystem.exists(names.log()));
        return;
      } catch (LostLockException _) {
        done = 0; // a compaction put another file in its place: again
      }
    }
  }

  /** False if there is none, or none any more. */
  private boolean copyLog(FileNames fresh) throws IOException {
    if (!fileSystem.exists(names.log())) {
      return false;
    }
    try {
      copy(names.log(), fresh.log());
      return true;
    } catch (NoSuchFileException | FileNotFoundException e) {
      if (fileSystem.exists(names.log())) { // it may be that it may not be read
        throw e;
      }
      return false;
    }
  }

  private void copy(Path from, Path to) throws IOException {
    try (StoreFile source = fileSystem.open(from, Mode.READ);
        StoreFile copy = fileSystem.open(to, Mode.CREATE)) {
      long bytes = source.size();
      copy.resize(bytes);
      for (long at = 0; at < bytes; at += BUFFER_BYTES) {
        buffer.clear().limit((int) Math.min(BUFFER_BYTES, bytes - at));
        source.read(buffer, at);
        buffer.flip();
        if (!buffer.equals(zeros.clear().limit(buffer.limit()))) { // else it stays sparse
          copy.write(buffer, at);
        }
        done += buffer.limit();
        progress.accept(done);
      }
      ForceFailedException.force(copy);
    }
  }
}
