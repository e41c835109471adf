package dev.hmap.io;

import dev.hmap.format.PageLayout;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file of the machine. */
final class RealStoreFile implements StoreFile {
  private static final int MAX_COPY_BYTES = 1 << 20;

  /** The JDK writes an array through a direct buffer as long, and keeps that for the thread. */
  private static final int MAX_HEAP_BYTES = 64 << 10;

  private static final Set<String> OVERWRITING = Set.of("ext4", "xfs", "tmpfs");

  /**
   * File systems in which a page that was never written is read without taking room: it is a hole.
   * An overlay is not among them, for it may lie on a tmpfs.
   */
  private static final Set<String> WITH_HOLES =
      Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "nfs", "nfs4", "apfs", "NTFS");

  /** Its name when it was opened. */
  private final Path path;

  private final RandomAccessFile file;
  private final FileChannel channel;
  private final FileIdentity identity;
  private final boolean isOpenForWriting;

  /**
   * Whether the file may be on a tmpfs. There a mapped page that was never written takes room when
   * it is first read, and where there is none the process gets a SIGBUS; so it must be there
   * before.
   */
  private final boolean isFilled;

  /** Whether blocks that were written once are written to again, and not others in their place. */
  private final boolean overwrites;

  private RealStoreFile(
      Path path,
      FileIdentity.Opened<RandomAccessFile> opened,
      boolean isOpenForWriting,
      String type) {
    this.path = path;
    this.file = opened.file();
    this.channel = file.getChannel();
    this.identity = opened.identity();
    this.isOpenForWriting = isOpenForWriting;
    this.isFilled = !WITH_HOLES.contains(type);
    this.overwrites = OVERWRITING.contains(type);
  }

  /** Opens the regular file that has a name. */
  static RealStoreFile open(Path path, boolean writable) throws IOException {
    // Java maps a file privately only if it is open for writing, even if nothing is written.
    boolean forWriting = writable || Files.isWritable(path);
    FileIdentity.Opened<RandomAccessFile> opened =
        FileIdentity.open(path, _ -> new RandomAccessFile(path.toFile(), forWriting ? "rw" : "r"));
    boolean isWhole = false;
    try {
      RealStoreFile file = new RealStoreFile(path, opened, forWriting, type(path));
      isWhole = true;
      return file;
    } finally {
      if (!isWhole) {
        ByteLocks.closeBeside(opened.file(), opened.identity());
      }
    }
  }

  /** The type of the file system; none if that is not known: then nothing is taken for granted. */
  private static String type(Path path) {
    try {
      return Files.getFileStore(path).type();
    } catch (IOException e) {
      return ""; // for example, without /proc, or in a root that is not a mount point
    }
  }

  @Override
  public boolean isAt(Path path) throws IOException {
    return identity.isAt(path);
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
    int limit = from.limit();
    try {
      while (from.position() < limit) {
        from.limit(from.isDirect() ? limit : Math.min(limit, from.position() + MAX_HEAP_BYTES));
        at += channel.write(from, at);
      }
    } finally {
      from.limit(limit);
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
    long before = size();
    if (isFilled && bytes > before) {
      fill(before, bytes);
    } else {
      file.setLength(bytes);
    }
  }

  /** Extends the file with zeros that are there; if there is no room for them, not at all. */
  private void fill(long from, long to) throws IOException {
    try {
      if (Allocation.take(path, identity, from, to - from)) {
        return;
      }
      ByteBuffer zeros = ByteBuffer.allocateDirect(MAX_COPY_BYTES);
      for (long at = from; at < to; at += MAX_COPY_BYTES) {
        write(zeros.clear().limit((int) Math.min(MAX_COPY_BYTES, to - at)), at);
      }
    } catch (IOException e) {
      file.setLength(from);
      throw e;
    }
  }

  /** Writes zeros where zeros are read, a page at a time. */
  @Override
  public void fillHoles(long position, long bytes) throws IOException {
    ByteBuffer found = ByteBuffer.allocateDirect(MAX_HEAP_BYTES);
    ByteBuffer zeros = ByteBuffer.allocateDirect(PageLayout.PAGE_BYTES);
    for (long at = 0; at < bytes; at += MAX_HEAP_BYTES) {
      read(found.clear().limit((int) Math.min(MAX_HEAP_BYTES, bytes - at)), position + at);
      for (int page = 0; page < found.limit(); page += PageLayout.PAGE_BYTES) {
        if (found.slice(page, PageLayout.PAGE_BYTES).equals(zeros.clear())) {
          write(zeros, position + at + page);
        }
      }
    }
  }

  @Override
  public MemorySegment map(long position, long bytes, Arena arena) throws IOException {
    checkWithin(position, bytes);
    if (isOpenForWriting) {
      return channel.map(MapMode.PRIVATE, position, bytes, arena);
    }
    MemorySegment copy = arena.allocate(bytes, Long.BYTES);
    long done = 0;
    while (done < bytes) {
      long n = Math.min(bytes - done, MAX_COPY_BYTES);
      read(copy.asSlice(done, n).asByteBuffer(), position + done);
      done += n;
    }
    return copy;
  }

  @Override
  public MemorySegment mapReadOnly(long position, long bytes, Arena arena) throws IOException {
    checkWithin(position, bytes);
    return channel.map(MapMode.READ_ONLY, position, bytes, arena);
  }

  /** Elsewhere a store may meet a full disk, which it cannot tell of before the write returns. */
  @Override
  public @Nullable MemorySegment mapShared(long position, long bytes, Arena arena)
      throws IOException {
    checkWithin(position, bytes);
    return overwrites && isOpenForWriting
        ? channel.map(MapMode.READ_WRITE, position, bytes, arena)
        : null;
  }

  /** Mapping past the end would silently extend the file. */
  private void checkWithin(long position, long bytes) throws IOException {
    if (position + bytes > size()) {
      throw new EOFException(
          "mapping up to %,d: the file has %,d bytes".formatted(position + bytes, size()));
    }
  }

  @Override
  public void close() throws IOException {
    ByteLocks.closeBeside(file, identity);
  }
}
