package dev.hmap.io;

import java.io.Closeable;
import java.io.IOException;

/**
 * A lock on a store, held until closed. A writer's excludes other writers. The guard stands between
 * readers in other processes, who hold it shared while they are open, and the in-place phase of a
 * writer's checkpoint, which holds it alone.
 */
public interface StoreLock extends Closeable {
  /** Takes the guard alone; false, at once, while a reader holds it. For the writer. */
  boolean tryGuard() throws IOException;

  /** Gives the guard back. For the writer. */
  void releaseGuard() throws IOException;

  /** Gives the lock up, and removes the lock file if nobody else uses it. */
  @Override
  void close() throws IOException;
}
