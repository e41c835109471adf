package dev.hmap;

import dev.hmap.error.StoreFullException;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.io.ForceFailedException;
import dev.hmap.recovery.Creation;
import dev.hmap.recovery.Recovery;
import dev.hmap.recovery.Workshop;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A store that is filled in a workshop and gets its name in one step, once it is whole: a crash
 * leaves what was there before, or all of the new one.
 */
final class FreshStore implements AutoCloseable {
  private final FileSystem fileSystem;
  private final FileNames target;
  private final Workshop workshop;
  private final FileNames temporary;

  /** One that will be at {@code target}. */
  FreshStore(FileSystem fileSystem, FileNames target) throws IOException {
    this.fileSystem = fileSystem;
    this.target = target;
    this.workshop = Workshop.open(fileSystem, target);
    this.temporary = workshop.files();
    boolean isOpen = false;
    try {
      workshop.force();
      isOpen = true;
    } finally {
      if (!isOpen) {
        workshop.close();
      }
    }
  }

  /** Creates it; it shows what is expired too. Close the map before publishing. */
  StoreMap<byte[], byte[]> create(Geometry geometry, long expectedEntries) {
    return create(builder(geometry), expectedEntries);
  }

  /** Creates it to replace a store. Close the map before publishing. */
  StoreMap<byte[], byte[]> create(StoreHeader old, long expectedEntries) {
    return create(builder(old.geometry()).former(old), expectedEntries);
  }

  private static StoreMap<byte[], byte[]> create(
      HMapBuilder<byte[], byte[]> builder, long expectedEntries) {
    return (StoreMap<byte[], byte[]>)
        builder.expectedEntries(expectedEntries).time(InstantSource.fixed(Instant.EPOCH)).create();
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

  /** The files in the workshop. */
  FileNames files() {
    return temporary;
  }

  /**
   * Gives it its name, durably.
   *
   * @param model whose permissions and owner it gets
   * @throws StoreFullException if closing it found no room for its last checkpoint
   * @throws dev.hmap.error.StoreAccessException if something has the name
   */
  void publish(Path model) throws IOException {
    makeReady(model);
    try {
      fileSystem.renameToNew(temporary.data(), target.data());
    } catch (FileAlreadyExistsException e) {
      throw Creation.existsAlready(target, e);
    }
    ForceFailedException.forceFolder(fileSystem, target.folder());
  }

  /** Puts it in the place of the store that has its name, durably, with its permissions. */
  void replace() throws IOException {
    makeReady(target.data());
    fileSystem.rename(temporary.data(), target.data());
    ForceFailedException.forceFolder(fileSystem, target.folder());
  }

  private void makeReady(Path model) throws IOException {
    if (fileSystem.exists(temporary.log())) {
      throw new StoreFullException("%s: there is no room for all of it".formatted(target.data()));
    }
    fileSystem.takeAfter(temporary.data(), model);
  }

  /** Removes it unless it has its name. */
  @Override
  public void close() throws IOException {
    workshop.close();
  }
}
