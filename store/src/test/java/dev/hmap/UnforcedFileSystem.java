package dev.hmap;

import dev.hmap.io.ForwardingFileSystem;
import dev.hmap.io.ForwardingStoreFile;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.nio.file.Path;

/** Forces nothing: for thousands of small stores whose power is not cut. */
final class UnforcedFileSystem extends ForwardingFileSystem {
  UnforcedFileSystem() {
    super(REAL);
  }

  @Override
  public StoreFile open(Path path, Mode mode) throws IOException {
    return new Unforced(super.open(path, mode));
  }

  @Override
  public void forceFolder(Path folder) {}

  private static final class Unforced extends ForwardingStoreFile {
    Unforced(StoreFile inner) {
      super(inner);
    }

    @Override
    public void force() {}
  }
}
