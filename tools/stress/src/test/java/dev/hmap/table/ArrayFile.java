package dev.hmap.table;

import dev.hmap.io.StoreFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A data file of no file, which maps new arrays, all zeros. */
final class ArrayFile implements StoreFile {
  private long size;

  @Override
  public boolean isAt(Path path) {
    throw new UnsupportedOperationException("it has no name");
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void resize(long bytes) {
    size = bytes;
  }

  @Override
  public void fillHoles(long position, long bytes) {
    // there are none
  }

  @Override
  public MemorySegment map(long position, long bytes, Arena arena) {
    return MemorySegment.ofArray(new long[Math.toIntExact(bytes / Long.BYTES)]);
  }

  @Override
  public void read(ByteBuffer to, long position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void write(ByteBuffer from, long position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void force() {}

  @Override
  public void close() {}
}
