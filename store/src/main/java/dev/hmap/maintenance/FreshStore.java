package dev.hmap.maintenance;

import dev.hmap.error.StoreFullException;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogHead;
import dev.hmap.io.FileSystem;
import dev.hmap.io.ForceFailedException;
import dev.hmap.recovery.Creation;
import dev.hmap.recovery.Workshop;
import dev.hmap.store.Environment;
import dev.hmap.store.WritableStore;
import dev.hmap.write.WriterOptions;
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

  /**
   * Creates it; values come with their stamps, and nothing expires. Close it before publishing.
   *
   * @param former the store that it is to replace; {@link LogHead#NONE} if it replaces none
   */
  WritableStore create(Geometry geometry, long expectedEntries, LogHead former) {
    if (!Creation.tryCreate(
        fileSystem, temporary, geometry, expectedEntries, Creation.Seeds.random(former))) {
      throw Creation.existsAlready(temporary, null);
    }
    return open();
  }

  /** Has what lies there, in files copied from a store that is in use, recovered and made whole. */
  void recover() {
    open().close();
  }

  private WritableStore open() {
    Environment environment =
        Environment.REAL.with(fileSystem).with(InstantSource.fixed(Instant.EPOCH));
    return WritableStore.open(environment, temporary, null, WriterOptions.ofCopy());
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
