package dev.hmap.crash;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A reader's private mapping of a part of a simulated file, made of a real one: only the machine
 * itself can say, while others write to the file, which pages the reader has written before.
 */
final class PrivateMapping implements AutoCloseable {
  private static final byte GONE = (byte) 0xDB;

  private final FileChannel file;
  private final long position;
  private final MemorySegment bytes;

  /** Maps what a part of a file holds, which is handed over as its content. */
  PrivateMapping(ByteBuffer content, long position, Arena arena) throws IOException {
    Path path = Files.createTempFile("hmap-mapping", null);
    file = FileChannel.open(path, CREATE, READ, WRITE, DELETE_ON_CLOSE);
    this.position = position;
    long length = content.remaining();
    while (content.hasRemaining()) {
      file.write(content, length - content.remaining());
    }
    bytes = file.map(MapMode.PRIVATE, 0, length, arena);
  }

  MemorySegment bytes() {
    return bytes;
  }

  /** What is written to the file is seen in all pages that the reader has not written. */
  void write(ByteBuffer from, long at) throws IOException {
    ByteBuffer rest = from.duplicate();
    rest.position(Math.clamp(position - at, 0, rest.limit()));
    rest.limit(Math.clamp(position + bytes.byteSize() - at, rest.position(), rest.limit()));
    while (rest.hasRemaining()) {
      file.write(rest, at + rest.position() - position);
    }
  }

  /** What is cut off cannot be read any more. */
  void cut(long size) {
    if (size < position + bytes.byteSize()) {
      bytes.asSlice(Math.max(0, size - position)).fill(GONE);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
