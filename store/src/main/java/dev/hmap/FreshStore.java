package dev.hmap;

import dev.hmap.error.StoreFullException;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.FailedForce;
import dev.hmap.recovery.Recovery;
import java.io.IOException;

/**
 * A store that is filled under a temporary name and gets its own in one step, once it is whole: a
 * crash leaves what was there before, or all of the new one.
 */
final class FreshStore implements AutoCloseable {
  private final FileSystem fileSystem;
  private final FileNames target;
  private final FileNames temporary;
  private boolean isPublished;

  /** One that will be at {@code target}; what a cut-off attempt left behind is removed. */
  FreshStore(FileSystem fileSystem, FileNames target) throws IOException {
    this.fileSystem = fileSystem;
    this.target = target;
    this.temporary = new FileNames(target.fresh());
    delete();
  }

  private void delete() throws IOException {
    fileSystem.delete(temporary.data());
    fileSystem.delete(temporary.log());
    fileSystem.delete(temporary.lock());
  }

  /** Creates it. Close the map before publishing. */
  HMap<byte[], byte[]> create(Geometry geometry, long expectedEntries) {
    return builder(geometry).expectedEntries(expectedEntries).create();
  }

  /** Has what lies there, in files copied from a store that is in use, recovered and made whole. */
  void recover() {
    Geometry geometry = Recovery.readHeader(fileSystem, temporary).geometry();
    builder(geometry).openExisting().close();
  }

  private HMapBuilder<byte[], byte[]> builder(Geometry geometry) {
    return new HMapBuilder<>(
            temporary.data(),
            new RawCodec(geometry.keyShape(), geometry.keyWidth()),
            new RawCodec(geometry.valueShape(), geometry.valueWidth()))
        .raw(geometry.timeToLiveMillis())
        .fileSystem(fileSystem)
        .durability(Durability.ASYNC);
  }

  /** The files under the temporary name. */
  FileNames files() {
    return temporary;
  }

  /**
   * Puts it in its place, durably; a log of a store that it replaces goes.
   *
   * @throws StoreFullException if closing it found no room for its last checkpoint
   */
  void publish() throws IOException {
    if (fileSystem.exists(temporary.log())) {
      throw new StoreFullException("%s: there is no room for all of it".formatted(target.data()));
    }
    fileSystem.rename(temporary.data(), target.data());
    isPublished = true;
    fileSystem.delete(target.log());
    fileSystem.forceFolder(target.folder());
    FailedForce.unmark(fileSystem, target);
  }

  /** Removes it unless it was published. */
  @Override
  public void close() throws IOException {
    if (!isPublished) {
      delete();
    }
  }
}
