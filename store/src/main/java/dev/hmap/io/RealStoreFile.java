package dev.hmap.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/** A file of the machine. */
final class RealStoreFile implements StoreFile {
  private final RandomAccessFile file;
  private final FileChannel channel;

  RealStoreFile(Path path, boolean writable) throws IOException {
    file = new RandomAccessFile(path.toFile(), writable ? "rw" : "r");
    channel = file.getChannel();
  }

  @Override
  public void read(ByteBuffer to, long position) throws IOException {
    long at = position;
    while (to.hasRemaining()) {
      int n = channel.read(to, at);
      if (n < 0) {
        throw new EOFException("the file ends at %,d".formatted(at));
      }
      at += n;
    }
  }

  @Override
  public void write(ByteBuffer from, long position) throws IOException {
    long at = position;
    while (from.hasRemaining()) {
      at += channel.write(from, at);
    }
  }

  @Override
  public void force() throws IOException {
    channel.force(false);
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public void resize(long bytes) throws IOException {
    file.setLength(bytes);
  }

  @Override
  public MemorySegment map(long position, long bytes, Arena arena) throws IOException {
    if (position + bytes > size()) {
      throw new EOFException(
          "mapping up to %,d: the file has %,d bytes".formatted(position + bytes, size()));
    }
    return channel.map(MapMode.PRIVATE, position, bytes, arena);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
