package dev.hmap.crash;

import dev.hmap.crash.Oracle.Bounds;
import dev.hmap.io.FileSystem;
import dev.hmap.io.ForwardingFileSystem;
import dev.hmap.io.ForwardingStoreFile;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.store.Follower;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A reader beside the writer, in a process of its own as far as both can tell. It holds the guard,
 * and what it has read stays what it was until it refreshes.
 */
final class BesideReader {
  private OpenedStore store;
  private Follower follower;
  private int prefix;

  /** Opens the store for reading. */
  BesideReader(SimulatedFileSystem fileSystem) {
    this(fileSystem.forReader());
  }

  private BesideReader(FileSystem fileSystem) {
    begin(Recovery.open(fileSystem, Oracle.NAMES, false, null));
  }

  /** The same, and something happens after this many of its calls, or behind all. */
  static BesideReader opening(SimulatedFileSystem fileSystem, long calls, Runnable meanwhile) {
    Interrupting interrupting = new Interrupting(fileSystem.forReader(), calls, meanwhile);
    BesideReader reader = new BesideReader(interrupting);
    try {
      interrupting.strike();
    } catch (RuntimeException | Error e) {
      reader.close();
      throw e;
    }
    return reader;
  }

  private void begin(OpenedStore opened) {
    store = opened;
    follower = new Follower(opened);
  }

  /** Compares all that was just opened or replayed with the history. */
  void see(History history, int acknowledged) {
    Bounds bounds = new Bounds(true, Math.max(acknowledged, prefix), history.size());
    prefix = compare(history, bounds);
  }

  /** Compares again: whatever was done meanwhile, it must be what it was. */
  void seeAgain(History history) {
    int same = compare(history, new Bounds(true, prefix, prefix));
    if (same != prefix) {
      throw new AssertionError("a reader has %d operations, which had %d".formatted(same, prefix));
    }
  }

  private int compare(History history, Bounds bounds) {
    try {
      return Oracle.check(store, follower.end(), history, bounds, true);
    } catch (AssertionError e) {
      throw new AssertionError("a reader beside the writer: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw new AssertionError("a reader beside the writer cannot read: " + e, e);
    }
  }

  /** Has it replay what came, or open the store again. */
  void refresh() {
    if (!follower.advance()) {
      follower.letGo();
      begin(follower.open(geometry -> geometry));
    }
  }

  void close() {
    store.close();
  }

  /** Lets something happen once, after a call. */
  private static final class Interrupting extends ForwardingFileSystem {
    private final Runnable meanwhile;
    private long left;
    private boolean isDone;

    Interrupting(FileSystem inner, long calls, Runnable meanwhile) {
      super(inner);
      this.left = calls;
      this.meanwhile = meanwhile;
    }

    private void called() {
      if (--left == 0) {
        strike();
      }
    }

    void strike() {
      if (!isDone) {
        isDone = true;
        meanwhile.run();
      }
    }

    @Override
    public boolean exists(Path path) throws IOException {
      boolean exists = super.exists(path);
      called();
      return exists;
    }

    @Override
    public StoreLock lockForReading(Path data) throws IOException {
      StoreLock lock = super.lockForReading(data);
      called();
      return lock;
    }

    @Override
    public StoreFile open(Path path, Mode mode) throws IOException {
      StoreFile file = super.open(path, mode);
      called();
      return new File(file);
    }

    private final class File extends ForwardingStoreFile {
      File(StoreFile inner) {
        super(inner);
      }

      @Override
      public void read(ByteBuffer to, long position) throws IOException {
        super.read(to, position);
        called();
      }

      @Override
      public long size() throws IOException {
        long size = super.size();
        called();
        return size;
      }

      @Override
      public MemorySegment map(long position, long bytes, Arena arena) throws IOException {
        MemorySegment mapped = super.map(position, bytes, arena);
        called();
        return mapped;
      }
    }
  }
}
