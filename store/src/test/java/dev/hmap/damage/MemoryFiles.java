package dev.hmap.damage;

import dev.hmap.error.StoreLockedException;
import dev.hmap.io.FileSystem;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Files in memory, with a limit of size that no small store comes near. {@link StoreFile#map} gives
 * a copy of the file's bytes at that time. Thread-safe.
 */
public final class MemoryFiles implements FileSystem {
  /** The longest file: longer ones are made of garbage lengths only. */
  static final long MAX_BYTES = 64L << 20;

  private final Map<Path, Content> files = new HashMap<>();
  private final Set<Path> folders = new HashSet<>();
  private final Set<Path> locked = new HashSet<>();
  private boolean isLimitPassed;
  private boolean areReadersAbout;

  /** The bytes of one file; the array may be longer, and has zeros there. */
  private static final class Content {
    byte[] bytes;
    int size;
    boolean isOwn;

    Content(byte[] bytes) {
      this.bytes = bytes;
      this.size = bytes.length;
    }
  }

  /** Makes or replaces a file. The array is copied before it is changed. */
  public synchronized void put(Path path, byte[] bytes) {
    files.put(path, new Content(bytes));
  }

  /** A copy of a file, or null if there is none. */
  public synchronized byte[] copy(Path path) {
    Content content = files.get(path);
    return content == null ? null : Arrays.copyOf(content.bytes, content.size);
  }

  /** Whether anything was to be written beyond the limit. */
  synchronized boolean isLimitPassed() {
    return isLimitPassed;
  }

  /** From now on checkpoints wait after their commit, as if another process read the store. */
  public synchronized void setReadersAbout() {
    areReadersAbout = true;
  }

  @Override
  public synchronized StoreFile open(Path path, Mode mode) throws IOException {
    if (mode == Mode.CREATE) {
      if (files.containsKey(path)) {
        throw new FileAlreadyExistsException(path.toString());
      }
      files.put(path, new Content(new byte[0]));
    }
    Content content = files.get(path);
    if (content == null) {
      throw new FileNotFoundException(path.toString());
    }
    return new File(content);
  }

  @Override
  public synchronized boolean exists(Path path) {
    return files.containsKey(path);
  }

  @Override
  public synchronized void delete(Path path) {
    files.remove(path);
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    Content content = files.remove(from);
    if (content == null) {
      throw new FileNotFoundException(from.toString());
    }
    files.put(to, content);
  }

  @Override
  public synchronized void renameToNew(Path from, Path to) throws IOException {
    if (files.containsKey(to)) {
      throw new FileAlreadyExistsException(to.toString());
    }
    rename(from, to);
  }

  @Override
  public Path resolve(Path path) {
    return path;
  }

  @Override
  public int links(Path path) {
    return 1;
  }

  @Override
  public void takeAfter(Path path, Path model) {}

  @Override
  public synchronized void createFolder(Path path) throws IOException {
    if (!folders.add(path)) {
      throw new FileAlreadyExistsException(path.toString());
    }
  }

  @Override
  public synchronized List<Path> list(Path folder) {
    return files.keySet().stream().filter(path -> folder.equals(path.getParent())).toList();
  }

  @Override
  public synchronized void deleteFolder(Path path) {
    folders.remove(path);
  }

  @Override
  public long usableBytes(Path folder) {
    return Long.MAX_VALUE;
  }

  @Override
  public void forceFolder(Path folder) {}

  @Override
  public synchronized StoreLock lockForWriting(Path data) throws IOException {
    checkIsThere(data);
    if (!locked.add(data)) {
      throw new StoreLockedException("locked for writing by this test (%s)".formatted(data));
    }
    return new Lock(data);
  }

  @Override
  public synchronized StoreLock lockForReading(Path data) throws IOException {
    checkIsThere(data);
    return new Lock(null);
  }

  private void checkIsThere(Path data) throws IOException {
    if (!files.containsKey(data)) {
      throw new NoSuchFileException(data.toString());
    }
  }

  private final class Lock implements StoreLock {
    private final Path path;

    Lock(Path path) {
      this.path = path;
    }

    @Override
    public boolean tryGuard() {
      synchronized (MemoryFiles.this) {
        return !areReadersAbout;
      }
    }

    @Override
    public void releaseGuard() {}

    @Override
    public void check() {}

    @Override
    public void leaveNote() {}

    @Override
    public void close() {
      synchronized (MemoryFiles.this) {
        locked.remove(path);
      }
    }
  }

  private final class File implements StoreFile {
    private final Content content;

    File(Content content) {
      this.content = content;
    }

    @Override
    public void read(ByteBuffer to, long position) throws IOException {
      synchronized (MemoryFiles.this) {
        if (position + to.remaining() > content.size) {
          throw new EOFException("the file ends at %,d".formatted(content.size));
        }
        to.put(content.bytes, (int) position, to.remaining());
      }
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      synchronized (MemoryFiles.this) {
        int length = from.remaining();
        reach(position + length);
        from.get(content.bytes, (int) position, length);
      }
    }

    private void reach(long bytes) throws IOException {
      if (bytes > MAX_BYTES) {
        isLimitPassed = true;
        throw new IOException("No space left on device");
      }
      if (!content.isOwn) {
        content.bytes = content.bytes.clone();
        content.isOwn = true;
      }
      if (bytes > content.bytes.length) {
        content.bytes =
            Arrays.copyOf(content.bytes, Math.max((int) bytes, content.bytes.length * 5 / 4));
      }
      content.size = Math.max(content.size, (int) bytes);
    }

    @Override
    public void force() {}

    @Override
    public boolean isAt(Path path) {
      synchronized (MemoryFiles.this) {
        return files.get(path) == content;
      }
    }

    @Override
    public long size() {
      synchronized (MemoryFiles.this) {
        return content.size;
      }
    }

    @Override
    public void resize(long bytes) throws IOException {
      synchronized (MemoryFiles.this) {
        reach(bytes);
        Arrays.fill(content.bytes, (int) bytes, content.bytes.length, (byte) 0);
        content.size = (int) bytes;
      }
    }

    @Override
    public void fillHoles(long position, long bytes) {
      // there are none
    }

    @Override
    public MemorySegment map(long position, long bytes, Arena arena) throws IOException {
      MemorySegment copy = arena.allocate(bytes, 4096);
      read(copy.asByteBuffer(), position);
      return copy;
    }

    @Override
    public void close() {}
  }
}
