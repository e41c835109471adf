package dev.hmap.io;

import java.io.Closeable;
import java.io.IOException;

/**
 * A lock on a store's data file, held until closed. A writer's excludes other writers. The guard
 * stands between readers, who hold it shared while they are open, and a writer that changes what
 * they may look at, who holds it alone: in the in-place phase of a checkpoint, and when the log
 * goes.
 */
public interface StoreLock extends Closeable {
  /** Takes the guard alone; false, at once, while a reader holds it. For the writer. */
  boolean tryGuard() throws IOException;

  /** Gives the guard back. For the writer. */
  void releaseGuard() throws IOException;

  /**
   * Makes sure that the name still leads to the file that is locked, and a writer that it still
   * holds its lock.
   *
   * @throws LostLockException if not: then nothing may be written any more
   */
  void check() throws IOException;

  /**
   * Leaves a note beside the store that says who holds the lock, for people and for the message to
   * others; it goes with the lock. For the writer.
   */
  void leaveNote();

  /** Gives the lock up. */
  @Override
  void close() throws IOException;
}
