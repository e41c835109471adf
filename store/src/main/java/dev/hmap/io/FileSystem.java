package dev.hmap.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What hmap asks of a file system. Names are those of {@link #resolve}: no call follows a link that
 * stands at a name. Thread-safe.
 */
public interface FileSystem {
  /** The machine's own. */
  FileSystem REAL = new RealFileSystem();

  /** How a file is opened. */
  enum Mode {
    /** An existing file, for reading only. */
    READ,
    /** An existing file. */
    READ_WRITE,
    /** A file of a name that nothing has yet. */
    CREATE
  }

  /**
   * The name of the file itself, if links lead to it; of a file that is not there, its name in the
   * folder itself.
   *
   * @throws IOException if it cannot be looked up, for example because a link leads nowhere or in a
   *     circle
   */
  Path resolve(Path path) throws IOException;

  /**
   * Opens a file.
   *
   * @throws NotAFileException if what has the name is not a regular file
   */
  StoreFile open(Path path, Mode mode) throws IOException;

  /** Whether anything has this name. */
  boolean exists(Path path) throws IOException;

  /** Names of the file: more than 1 if it has hard links. */
  int links(Path path) throws IOException;

  /** Gives a file the permissions of another, and its owner and group where that is allowed. */
  void takeAfter(Path path, Path model) throws IOException;

  /** Deletes a file, if it is there. Durable after {@link #forceFolder}. */
  void delete(Path path) throws IOException;

  /** Gives a file another name, replacing what had it, in one step. */
  void rename(Path from, Path to) throws IOException;

  /**
   * Gives a file another name, which nothing must have.
   *
   * @throws java.nio.file.FileAlreadyExistsException if something has it
   */
  void renameToNew(Path from, Path to) throws IOException;

  /**
   * Makes a folder that nobody else may enter.
   *
   * @throws java.nio.file.FileAlreadyExistsException if something has the name
   */
  void createFolder(Path path) throws IOException;

  /** The names of what is in a folder. */
  List<Path> list(Path folder) throws IOException;

  /** Deletes a folder, if it is there and empty. */
  void deleteFolder(Path path) throws IOException;

  /** Bytes that files in a folder may take beyond those there; very many if that is not known. */
  long usableBytes(Path folder) throws IOException;

  /** Makes creations, deletions and renames in a folder durable. */
  void forceFolder(Path folder) throws IOException;

  /**
   * Takes the right to write a store.
   *
   * @param data its data file
   * @throws dev.hmap.error.StoreLockedException if another holds it; the message names the holder
   */
  StoreLock lockForWriting(Path data) throws IOException;

  /**
   * Takes the right to read a store that nobody writes in place meanwhile; waits while one does.
   *
   * @param data its data file
   */
  StoreLock lockForReading(Path data) throws IOException;
}
