package dev.hmap.io;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An open file. Thread-safe. Not to be used on a thread that users may interrupt: an interrupt
 * would close it.
 */
public interface StoreFile extends Closeable {
  /**
   * Fills a buffer.
   *
   * @throws java.io.EOFException if the file ends before
   */
  void read(ByteBuffer to, long position) throws IOException;

  /** Writes all that remains in a buffer. */
  void write(ByteBuffer from, long position) throws IOException;

  /** Returns when everything written so far survives a power cut. */
  void force() throws IOException;

  /** Whether a name leads to this file, and not to another that came there since, or to none. */
  boolean isAt(Path path) throws IOException;

  /** Bytes in the file. */
  long size() throws IOException;

  /** Cuts the file, or extends it with zeros, which on most file systems take no room yet. */
  void resize(long bytes) throws IOException;

  /**
   * Gives a part of the file its blocks, where it is a hole because the file was copied with holes.
   * What is read there does not change.
   *
   * @throws IOException if the call fails, for example because the disk is full
   */
  void fillHoles(long position, long bytes) throws IOException;

  /**
   * Maps a part of the file privately: stores to the mapping stay in memory. The part must lie
   * within the file.
   */
  MemorySegment map(long position, long bytes, Arena arena) throws IOException;

  /**
   * Maps a part of the file that nobody will store to. Needs no right to write the file, and no
   * memory of its own.
   */
  default MemorySegment mapReadOnly(long position, long bytes, Arena arena) throws IOException {
    return map(position, bytes, arena);
  }

  /**
   * Maps a part of the file so that stores to it are writes, for {@link #force} to make durable.
   * The part must have been written before, and must not be cut off while it is mapped.
   *
   * @return null where a store might fail later than a write would
   */
  default @Nullable MemorySegment mapShared(long position, long bytes, Arena arena)
      throws IOException {
    return null;
  }
}
