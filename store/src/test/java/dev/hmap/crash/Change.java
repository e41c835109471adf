package dev.hmap.crash;

import java.nio.file.Path;

/** One entry of the journal: a call that changed something, or a mark of the test. */
sealed interface Change {
  /** What a crash may keep or lose. */
  sealed interface Piece extends Change {
    /** Whether it is of names, and not of the bytes of a file. */
    default boolean isOfNames() {
      return !(this instanceof Write || this instanceof Resize);
    }
  }

  /** A write into a file. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
  record Write(int file, long position, byte[] bytes, int length) implements Piece {
    @Override
    public String toString() {
      return "write file %d at %,d, %,d bytes".formatted(file, position, length);
    }
  }

  /** A new length of a file. */
  record Resize(int file, long bytes) implements Piece {}

  /** A new name, of a new file or of one that has another. */
  record Create(Path path, int file) implements Piece {}

  /** A name goes. */
  record Delete(Path path) implements Piece {}

  /** A name goes and another leads to the file, in one step. */
  record Rename(Path from, Path to, int file) implements Piece {}

  /** A new folder. */
  record CreateFolder(Path path) implements Piece {}

  /** A folder goes, empty. */
  record DeleteFolder(Path path) implements Piece {}

  /** All that was written to a file is durable. */
  record Force(int file, boolean isLog) implements Change {}

  /**
   * A force failed, as Linux does it: what was written stays in the cache, counts as clean, and no
   * later force writes it.
   */
  record FailedForce(int file) implements Change {}

  /** All names in a folder are durable. */
  record ForceFolder(Path path) implements Change {}

  /** What a mark says. */
  enum Kind {
    /** The store exists: its first opening returned. */
    OPENED,
    /** This many operations were begun. */
    ISSUED,
    /** This many operations returned. */
    ACKNOWLEDGED,
    /** This many operations survive a power cut, the store said. */
    DURABLE
  }

  /** Where the test stood. */
  record Mark(Kind kind, int operations) implements Change {}
}
