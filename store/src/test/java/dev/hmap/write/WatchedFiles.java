package dev.hmap.write;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.PageLayout;
import dev.hmap.io.ForwardingFileSystem;
import dev.hmap.io.ForwardingStoreFile;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Files in memory, of which a test sees each write and force of the log, and may have it fail. */
final class WatchedFiles extends ForwardingFileSystem {
  /** Is called before each write of the log, and each force. */
  interface Watcher {
    /**
     * Takes note of a call.
     *
     * @param call "write" or "force"
     * @throws IOException if it shall fail
     */
    void before(String call) throws IOException;
  }

  private volatile Watcher watcher = _ -> {};

  WatchedFiles() {
    super(new MemoryFiles());
  }

  /** From now on this one watches. */
  void watch(Watcher other) {
    watcher = other;
  }

  @Override
  public StoreFile open(Path path, Mode mode) throws IOException {
    StoreFile file = super.open(path, mode);
    return path.toString().endsWith("-log") ? new Log(file) : file;
  }

  private final class Log extends ForwardingStoreFile {
    Log(StoreFile file) {
      super(file);
    }

    /** Of memory that nobody reads as a file. */
    @Override
    public MemorySegment mapShared(long position, long bytes, Arena arena) {
      return arena.allocate(bytes, PageLayout.PAGE_BYTES);
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      watcher.before("write");
      super.write(from, position);
    }

    @Override
    public void force() throws IOException {
      watcher.before("force");
      super.force();
    }
  }
}
