package dev.hmap.table;

import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A data file in memory, for maps without a log: what is stored to a mapping is in the file. */
final class MemoryFile implements StoreFile {
  private final Map<Long, MemorySegment> parts = new HashMap<>();
  private long size;
  private boolean isFull;

  /** From now on the file cannot be extended, or can be again. */
  void setFull(boolean full) {
    isFull = full;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void resize(long bytes) throws IOException {
    if (isFull && bytes > size) {
      throw new IOException("No space left on device");
    }
    size = bytes;
  }

  @Override
  public void fillHoles(long position, long bytes) {
    // there are none
  }

  @Override
  public MemorySegment map(long position, long bytes, Arena arena) {
    return parts.computeIfAbsent(position, _ -> Arena.ofAuto().allocate(bytes, Long.BYTES));
  }

  @Override
  public boolean isAt(Path path) {
    throw new UnsupportedOperationException("it has no name");
  }

  @Override
  public void read(ByteBuffer to, long position) {
    throw new UnsupportedOperationException("only mapped");
  }

  @Override
  public void write(ByteBuffer from, long position) {
    throw new UnsupportedOperationException("only mapped");
  }

  @Override
  public void force() {
    throw new UnsupportedOperationException("only mapped");
  }

  @Override
  public void close() {
    // the memory is the collector's
  }
}
