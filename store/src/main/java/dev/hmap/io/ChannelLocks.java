package dev.hmap.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The portable way: locks of Java's channels, which on POSIX belong to the process. Any channel on
 * the file that the process closes gives them up; so hmap's own are not closed while one is held
 * here, but put aside. Of what other code closes nothing is known here; so one that is held alone
 * is taken again whenever somebody makes sure of it.
 *
 * <p>What this JVM holds is written down among the system properties, in types of the JDK alone,
 * for hmap may have been loaded more than once: for each file a map, of a byte to its lock and the
 * number of those who hold it, and of {@link #ASIDE} to what is to be closed when none is held.
 */
final class ChannelLocks implements ByteLocks {
  /** Names the table; its monitor guards all that is in it. */
  private static final String TABLE = "dev.hmap.locks";

  private static final String ASIDE = "aside";

  private final FileIdentity identity;
  private final FileChannel channel;
  private final Set<Long> own = new HashSet<>();

  private ChannelLocks(FileIdentity identity, FileChannel channel) {
    this.identity = identity;
    this.channel = channel;
  }

  static ChannelLocks open(Path path, FileIdentity identity, boolean writable) throws IOException {
    return new ChannelLocks(
        identity,
        writable
            ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
            : FileChannel.open(path, StandardOpenOption.READ));
  }

  @SuppressWarnings("unchecked") // only this class puts it there
  private static Map<Object, Map<Object, Object>> table() {
    return (Map<Object, Map<Object, Object>>)
        System.getProperties()
            .computeIfAbsent(TABLE, _ -> new HashMap<Object, Map<Object, Object>>());
  }

  /** A lock in a file's map. */
  private record Held(FileLock lock, int holders) {
    static @Nullable Held of(Map<Object, Object> file, long at) {
      return file.get(at) instanceof Object[] pair
          ? new Held((FileLock) pair[0], (Integer) pair[1])
          : null;
    }

    void putTo(Map<Object, Object> file, long at) {
      file.put(at, new Object[] {lock, holders});
    }
  }

  @Override
  public boolean tryLock(long at, boolean shared) throws IOException {
    Map<Object, Map<Object, Object>> table = table();
    synchronized (table) {
      Map<Object, Object> file = table.computeIfAbsent(identity.key(), _ -> new HashMap<>());
      try {
        return tryLock(file, at, shared);
      } finally {
        closeIfIdle(table, file);
      }
    }
  }

  private boolean tryLock(Map<Object, Object> file, long at, boolean shared) throws IOException {
    Held held = Held.of(file, at);
    if (held != null && own.contains(at)) {
      if (shared) {
        return true;
      }
      own.remove(at);
      file.remove(at);
      held.lock.release();
      held = null;
    }
    if (held != null) {
      boolean isTaken = shared && held.lock.isShared();
      if (isTaken) {
        new Held(held.lock, held.holders + 1).putTo(file, at);
        own.add(at);
      }
      return isTaken;
    }
    FileLock lock;
    try {
      lock = channel.tryLock(at, 1, shared);
    } catch (OverlappingFileLockException _) {
      return false; // held by other code of this JVM
    }
    if (lock == null) {
      return false;
    }
    new Held(lock, 1).putTo(file, at);
    own.add(at);
    return true;
  }

  @Override
  public void unlock(long at) throws IOException {
    Map<Object, Map<Object, Object>> table = table();
    synchronized (table) {
      Map<Object, Object> file = table.get(identity.key());
      Held held = file == null ? null : Held.of(file, at);
      if (file == null || held == null || !own.remove(at)) {
        return;
      }
      if (held.holders > 1) {
        new Held(held.lock, held.holders - 1).putTo(file, at);
        return;
      }
      file.remove(at);
      try {
        held.lock.release();
      } finally {
        closeIfIdle(table, file);
      }
    }
  }

  /** Once no lock is held, what was put aside can be closed. */
  private void closeIfIdle(Map<Object, Map<Object, Object>> table, Map<Object, Object> file)
      throws IOException {
    Object aside = file.get(ASIDE);
    if (file.size() > (aside == null ? 0 : 1)) {
      return;
    }
    table.remove(identity.key());
    if (aside instanceof List<?> files) {
      for (Object each : files) {
        ((Closeable) each).close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (long at : new ArrayList<>(own)) {
      unlock(at);
    }
    closeBeside(channel, identity);
  }

  /** Closes a file, or puts it aside until no lock on it is held here. */
  @SuppressWarnings("unchecked") // only this class puts it there
  static void closeBeside(Closeable file, FileIdentity identity) throws IOException {
    Map<Object, Map<Object, Object>> table = table();
    synchronized (table) {
      Map<Object, Object> entry = table.get(identity.key());
      if (entry == null) {
        file.close();
      } else {
        ((List<Object>) entry.computeIfAbsent(ASIDE, _ -> new ArrayList<>())).add(file);
      }
    }
  }
}
