package dev.hmap;

import dev.hmap.io.ForwardingFileSystem;
import dev.hmap.io.ForwardingStoreFile;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The machine's file system, on which data files find no more room from some moment on, as on a
 * tmpfs that is full; there is some left for logs. Thread-safe.
 */
final class SmallDisk extends ForwardingFileSystem {
  private volatile boolean isFull;

  SmallDisk() {
    super(REAL);
  }

  /** From now on data files cannot be extended, or can be again. */
  void setFull(boolean full) {
    isFull = full;
  }

  @Override
  public StoreFile open(Path path, Mode mode) throws IOException {
    StoreFile file = super.open(path, mode);
    return path.toString().endsWith("-log") ? file : new File(file);
  }

  private final class File extends ForwardingStoreFile {
    File(StoreFile file) {
      super(file);
    }

    @Override
    public void resize(long bytes) throws IOException {
      if (isFull && bytes > size()) {
        throw new IOException("No space left on device");
      }
      super.resize(bytes);
    }
  }
}
