package dev.hmap.io;

import java.io.IOException;
import java.nio.file.Path;

/** What hmap asks of a file system. Thread-safe. */
public interface FileSystem {
  /** The machine's own. */
  FileSystem REAL = new RealFileSystem();

  /** How a file is opened. */
  enum Mode {
    /** An existing file, for reading only. */
    READ,
    /** An existing file. */
    READ_WRITE,
    /** A file that must not exist yet. */
    CREATE
  }

  /** Opens a file. */
  StoreFile open(Path path, Mode mode) throws IOException;

  /** Whether a regular file of this name exists. */
  boolean exists(Path path) throws IOException;

  /** Deletes a file if it exists. Durable after {@link #forceFolder}. */
  void delete(Path path) throws IOException;

  /** Gives a file another name, replacing what had it, in one step. */
  void rename(Path from, Path to) throws IOException;

  /** Makes creations, deletions and renames in a folder durable. */
  void forceFolder(Path folder) throws IOException;

  /**
   * Takes the right to write a store.
   *
   * @param lockFile created if missing
   * @throws dev.hmap.error.StoreLockedException if another holds it; the message names the holder
   */
  StoreLock lockForWriting(Path lockFile) throws IOException;

  /**
   * Takes the right to read a store that nobody writes in place meanwhile; waits while one does.
   *
   * @param lockFile created if missing and possible
   */
  StoreLock lockForReading(Path lockFile) throws IOException;
}
