package dev.hmap.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Hands every call but mappings of the log on to another file. */
public abstract class ForwardingStoreFile implements StoreFile {
  private final StoreFile inner;

  protected ForwardingStoreFile(StoreFile inner) {
    this.inner = inner;
  }

  @Override
  public void read(ByteBuffer to, long position) throws IOException {
    inner.read(to, position);
  }

  @Override
  public void write(ByteBuffer from, long position) throws IOException {
    inner.write(from, position);
  }

  @Override
  public void force() throws IOException {
    inner.force();
  }

  @Override
  public boolean isAt(Path path) throws IOException {
    return inner.isAt(path);
  }

  @Override
  public long size() throws IOException {
    return inner.size();
  }

  @Override
  public void resize(long bytes) throws IOException {
    inner.resize(bytes);
  }

  @Override
  public void fillHoles(long position, long bytes) throws IOException {
    inner.fillHoles(position, bytes);
  }

  @Override
  public MemorySegment map(long position, long bytes, Arena arena) throws IOException {
    return inner.map(position, bytes, arena);
  }

  @Override
  public void close() throws IOException {
    inner.close();
  }
}
