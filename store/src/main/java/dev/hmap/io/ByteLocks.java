package dev.hmap.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Locks on single bytes of one file, each held until it is given up or all are closed. They exclude
 * those of other objects of this kind, in this process and in others. Not thread-safe.
 */
interface ByteLocks extends Closeable {
  /**
   * Takes a lock that is not held, or makes sure of one that is.
   *
   * @param shared whether others may hold it shared too
   * @return false if others hold it
   */
  boolean tryLock(long at, boolean shared) throws IOException;

  /** Gives a lock up, if it is held. */
  void unlock(long at) throws IOException;

  /** On a regular file; for locks that are not shared it must be open for writing. */
  static ByteLocks open(Path file, FileIdentity identity, boolean writable) throws IOException {
    return DescriptorLocks.isAvailable()
        ? DescriptorLocks.open(file, writable)
        : ChannelLocks.open(file, identity, writable);
  }

  /** Closes a file that may be locked by this process, so that its locks stay. */
  static void closeBeside(Closeable file, FileIdentity identity) throws IOException {
    if (DescriptorLocks.isAvailable()) {
      file.close();
    } else {
      ChannelLocks.closeBeside(file, identity);
    }
  }
}
