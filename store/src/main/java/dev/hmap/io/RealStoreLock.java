package dev.hmap.io;

import dev.hmap.error.StoreLockedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Range locks on a store's lock file.
 *
 * <p>A POSIX lock belongs to a process, and any channel on the file that the process closes gives
 * it up. So each lock file has at most one channel in this JVM, shared by all who lock it here;
 * what they exclude among themselves is kept in {@link Shared}. The lock file is removed by whoever
 * uses it last; therefore a lock counts only if, once taken, the name still leads to the file it is
 * on.
 */
final class RealStoreLock implements StoreLock {
  private static final long WRITER_BYTE = 1L << 40;
  private static final long GUARD_BYTE = WRITER_BYTE + 1;
  private static final long RETRY_NANOS = 1_000_000;
  private static final int HOLDER_BYTES = 200;
  private static final Map<Path, Shared> SHARED = new HashMap<>();

  /** What this JVM holds on one lock file. Guarded by {@link #SHARED}. */
  private static final class Shared {
    final Path path;
    final FileChannel channel;
    final boolean mayRemove;
    @Nullable FileLock writer;
    @Nullable FileLock guard;
    int readers;

    Shared(Path path, FileChannel channel, boolean mayRemove) {
      this.path = path;
      this.channel = channel;
      this.mayRemove = mayRemove;
    }
  }

  /** Tells a file from another that came to the same name later. */
  private record Identity(@Nullable Object key, Instant created) {
    static @Nullable Identity of(Path path) throws IOException {
      try {
        BasicFileAttributes a = Files.readAttributes(path, BasicFileAttributes.class);
        return new Identity(a.fileKey(), a.creationTime().toInstant());
      } catch (NoSuchFileException _) {
        return null;
      }
    }
  }

  private final @Nullable Shared shared;
  private final boolean writing;
  private boolean closed;

  private RealStoreLock(@Nullable Shared shared, boolean writing) {
    this.shared = shared;
    this.writing = writing;
  }

  static StoreLock forWriting(Path lockFile) throws IOException {
    synchronized (SHARED) {
      while (true) {
        Path path = canonical(lockFile);
        Shared at = SHARED.get(path);
        if (at != null && at.writer != null) {
          throw locked(path, "this process, " + holder(at.channel));
        }
        Identity before = Identity.of(path);
        Shared s = at != null ? at : open(path);
        boolean taken = false;
        try {
          FileLock lock = s.channel.tryLock(WRITER_BYTE, 1, false);
          if (lock == null) {
            throw locked(path, holder(s.channel));
          }
          if (before != null && before.equals(Identity.of(path))) {
            s.writer = lock;
            taken = true;
            writeHolder(s.channel);
            SHARED.put(path, s);
            return new RealStoreLock(s, true);
          }
          lock.release();
        } finally {
          if (!taken && at == null) {
            s.channel.close();
          }
        }
      }
    }
  }

  static StoreLock forReading(Path lockFile) throws IOException {
    while (true) {
      synchronized (SHARED) {
        StoreLock lock = tryForReading(canonical(lockFile));
        if (lock != null) {
          return lock;
        }
      }
      LockSupport.parkNanos(RETRY_NANOS);
    }
  }

  private static @Nullable StoreLock tryForReading(Path path) throws IOException {
    Shared at = SHARED.get(path);
    if (at != null && at.readers > 0) {
      at.readers++;
      return new RealStoreLock(at, false);
    }
    if (at != null && at.guard != null) {
      return null;
    }
    Identity before = Identity.of(path);
    Shared s = at;
    boolean taken = false;
    try {
      if (s == null) {
        s = openForReading(path);
        if (s == null) {
          return new RealStoreLock(null, false);
        }
      }
      FileLock lock = s.channel.tryLock(GUARD_BYTE, 1, true);
      if (lock != null && before != null && before.equals(Identity.of(path))) {
        s.guard = lock;
        s.readers = 1;
        SHARED.put(path, s);
        taken = true;
        return new RealStoreLock(s, false);
      }
      if (lock != null) {
        lock.release();
      }
      return null;
    } finally {
      if (!taken && at == null && s != null) {
        s.channel.close();
      }
    }
  }

  private static Path canonical(Path lockFile) throws IOException {
    Path absolute = lockFile.toAbsolutePath();
    Path folder = absolute.getParent();
    return folder == null ? absolute : folder.toRealPath().resolve(absolute.getFileName());
  }

  private static Shared open(Path path) throws IOException {
    return new Shared(
        path,
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
        true);
  }

  /**
   * The lock file for a reader; as it is if it may not be written; null if there is none and none
   * may be made, and so no writer either.
   */
  private static @Nullable Shared openForReading(Path path) throws IOException {
    try {
      return open(path);
    } catch (FileSystemException e) {
      Path folder = path.getParent();
      if (Files.isReadable(path)) {
        return new Shared(path, FileChannel.open(path, StandardOpenOption.READ), false);
      }
      if (Files.notExists(path) && folder != null && !Files.isWritable(folder)) {
        return null;
      }
      throw e;
    }
  }

  private static StoreLockedException locked(Path path, String holder) {
    return new StoreLockedException("locked for writing by %s (%s)".formatted(holder, path));
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer to = ByteBuffer.allocate(HOLDER_BYTES);
    int n = channel.read(to, 0);
    String text = n <= 0 ? "" : new String(to.array(), 0, n, StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "another process" : text;
  }

  private static void writeHolder(FileChannel channel) throws IOException {
    String text =
        "process %d since %s%n"
            .formatted(
                ProcessHandle.current().pid(), Instant.now().truncatedTo(ChronoUnit.SECONDS));
    channel.truncate(0);
    ByteBuffer from = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (from.hasRemaining()) {
      channel.write(from, from.position());
    }
  }

  @Override
  public boolean tryGuard() throws IOException {
    synchronized (SHARED) {
      Shared s = held();
      if (s.readers > 0 || s.guard != null) {
        return false;
      }
      s.guard = s.channel.tryLock(GUARD_BYTE, 1, false);
      return s.guard != null;
    }
  }

  @Override
  public void releaseGuard() throws IOException {
    synchronized (SHARED) {
      releaseGuard(held());
    }
  }

  private static void releaseGuard(Shared s) throws IOException {
    FileLock guard = s.guard;
    s.guard = null;
    if (guard != null) {
      guard.release();
    }
  }

  private Shared held() {
    Shared s = shared;
    if (s == null || closed) {
      throw new IllegalStateException("the lock is not held");
    }
    return s;
  }

  @Override
  public void close() throws IOException {
    synchronized (SHARED) {
      if (closed) {
        return;
      }
      closed = true;
      Shared s = shared;
      if (s == null) {
        return;
      }
      if (writing) {
        if (s.readers == 0) {
          releaseGuard(s);
        }
      } else if (--s.readers == 0) {
        releaseGuard(s);
      }
      if (s.readers == 0 && (writing || s.writer == null)) {
        removeUnlessUsed(s);
        SHARED.remove(s.path);
        s.channel.close();
      } else if (writing && s.writer != null) {
        s.writer.release();
        s.writer = null;
      }
    }
  }

  /** Removes the lock file while holding all of it, so that no other can hold any. */
  private static void removeUnlessUsed(Shared s) throws IOException {
    if (!s.mayRemove) {
      return;
    }
    FileLock writer = s.writer != null ? s.writer : s.channel.tryLock(WRITER_BYTE, 1, false);
    FileLock guard = s.channel.tryLock(GUARD_BYTE, 1, false);
    if (writer != null && guard != null) {
      Files.deleteIfExists(s.path);
    }
  }
}
