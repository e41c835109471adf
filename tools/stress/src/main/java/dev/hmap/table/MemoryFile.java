package dev.hmap.table;

import dev.hmap.io.StoreFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;

/**
 * A data file of one chunk that has no file: native memory from a pool, all zeros. jcstress makes
 * maps by the million, so closing one must give its memory to the next.
 */
final class MemoryFile implements StoreFile {
  private static final long BYTES = Space.chunkBase(1);
  private static final ArrayDeque<MemorySegment> POOL = new ArrayDeque<>();

  private final MemorySegment memory = take();
  private long size;
  private long written;

  private static synchronized MemorySegment take() {
    MemorySegment pooled = POOL.poll();
    return pooled != null ? pooled : Arena.global().allocate(BYTES, Long.BYTES);
  }

  private static synchronized void giveBack(MemorySegment segment) {
    POOL.push(segment);
  }

  /** Remembers what to make zeros again. */
  void beforeWrite(long address, long bytes) {
    written = Math.max(written, address + bytes);
  }

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
    if (position != 0 || bytes != BYTES) {
      throw new IllegalStateException(
          "a map of more than %,d bytes: mapping %,d from %,d".formatted(BYTES, bytes, position));
    }
    return memory;
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
  public void close() {
    memory.asSlice(0, written).fill((byte) 0);
    giveBack(memory);
  }
}
