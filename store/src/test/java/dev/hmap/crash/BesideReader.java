package dev.hmap.crash;

import dev.hmap.crash.Oracle.Bounds;
import dev.hmap.io.FileSystem;
import dev.hmap.io.ForwardingFileSystem;
import dev.hmap.recovery.Follower;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import java.io.IOException;
import java.io.UncheckedIOException;
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
  BesideReader(FileSystem fileSystem) {
    begin(Recovery.open(fileSystem, Oracle.NAMES, false, null));
  }

  /** The same, and something happens just when the reader has found that there is a log. */
  static BesideReader opening(FileSystem fileSystem, Runnable meanwhile) {
    return new BesideReader(new Interrupting(fileSystem, meanwhile));
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

  /** Has it replay what came, or open the store anew. */
  void refresh() {
    if (!follower.advance()) {
      follower.letGo();
      begin(follower.open(geometry -> geometry));
    }
  }

  void close() {
    try {
      store.release();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets something happen once, between a look for the log and its opening. */
  private static final class Interrupting extends ForwardingFileSystem {
    private Runnable meanwhile;

    Interrupting(FileSystem inner, Runnable meanwhile) {
      super(inner);
      this.meanwhile = meanwhile;
    }

    @Override
    public boolean exists(Path path) throws IOException {
      boolean exists = super.exists(path);
      Runnable once = meanwhile;
      if (once != null && path.equals(Oracle.NAMES.log())) {
        meanwhile = null;
        once.run();
      }
      return exists;
    }
  }
}
