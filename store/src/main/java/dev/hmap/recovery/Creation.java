package dev.hmap.recovery;

import dev.hmap.checkpoint.DirtyPages;
import dev.hmap.error.StoreAccessException;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.Checksums;
import dev.hmap.format.Directory;
import dev.hmap.format.EvacuatedUnits;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogHead;
import dev.hmap.format.LogPosition;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.io.FileSystem.Mode;
import dev.hmap.io.ForceFailedException;
import dev.hmap.io.StoreFile;
import dev.hmap.table.Hmap;
import dev.hmap.table.HmapLoader;
import dev.hmap.table.Space;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Making a store. Not to be run on a thread that users may interrupt. */
public final class Creation {
  private Creation() {}

  /**
   * Creates an empty store, cleanly closed: in a workshop first, so that a crash leaves the whole
   * of it or none.
   *
   * @return false if something has the name already; then nothing was done
   * @throws StoreAccessException if it cannot be created here, for example because what may be the
   *     log of a lost store has the name of its log
   */
  public static boolean tryCreate(
      FileSystem fileSystem,
      FileNames names,
      Geometry geometry,
      long expectedEntries,
      Seeds seeds) {
    try {
      if (!isFree(fileSystem, names)) {
        return false;
      }
      checkRoom(fileSystem, names, geometry, expectedEntries);
      try (Workshop workshop = Workshop.open(fileSystem, names)) {
        writeEmpty(fileSystem, workshop.files().data(), geometry, expectedEntries, seeds);
        fileSystem.renameToNew(workshop.files().data(), names.data());
      }
      ForceFailedException.forceFolder(fileSystem, names.folder());
      return true;
    } catch (FileAlreadyExistsException e) {
      if (names.data().toString().equals(e.getFile())) {
        return false; // another was faster
      }
      throw StoreFailures.failure(names, "cannot be created", e);
    } catch (AccessDeniedException e) {
      throw StoreFailures.access(names, "cannot be created: permission denied", e);
    } catch (NoSuchFileException e) {
      throw StoreFailures.access(names, "cannot be created: its folder is missing", e);
    } catch (IOException e) {
      throw StoreFailures.failure(names, "cannot be created", e);
    }
  }

  /** A file with holes would be made on any disk, and fail when it is written. */
  private static void checkRoom(
      FileSystem fileSystem, FileNames names, Geometry geometry, long expectedEntries)
      throws IOException {
    long needed = HmapLoader.bucketBytes(geometry, expectedEntries);
    long there = fileSystem.usableBytes(names.folder());
    if (expectedEntries > 0 && needed > there) {
      throw new StoreFullException(
          "%s cannot be created for %,d entries: their buckets take %,d bytes, and there is room for %,d"
              .formatted(names.data(), expectedEntries, needed, there));
    }
  }

  /**
   * The same where nothing may have the name.
   *
   * @throws StoreAccessException if something has
   */
  public static void create(
      FileSystem fileSystem,
      FileNames names,
      Geometry geometry,
      long expectedEntries,
      Seeds seeds) {
    if (!tryCreate(fileSystem, names, geometry, expectedEntries, seeds)) {
      throw existsAlready(names, null);
    }
  }

  /**
   * Makes sure that a store can get a name.
   *
   * @throws StoreAccessException if it cannot
   */
  public static void checkIsFree(FileSystem fileSystem, FileNames names) throws IOException {
    if (!isFree(fileSystem, names)) {
      throw existsAlready(names, null);
    }
  }

  private static boolean isFree(FileSystem fileSystem, FileNames names) throws IOException {
    if (fileSystem.exists(names.data())) {
      return false;
    }
    if (!fileSystem.exists(names.log())) {
      return true;
    }
    if (fileSystem.exists(names.data())) {
      return false; // since
    }
    throw new StoreAccessException(
        ("%s cannot be created beside %s, which may be the log of a store whose data file is"
                + " missing")
            .formatted(names.data(), names.log()));
  }

  /** The exception for a name that is taken where a store was to be made. */
  public static StoreAccessException existsAlready(FileNames names, @Nullable Throwable cause) {
    return new StoreAccessException("%s exists already".formatted(names.data()), cause);
  }

  /**
   * What is peculiar to a new store: its random numbers.
   *
   * @param storeIdHigh half of its id
   * @param storeIdLow the other half
   * @param hash0 the seed of its hash
   * @param former whose log may be left behind, because the store is to replace that one
   */
  public record Seeds(long storeIdHigh, long storeIdLow, long hash0, LogHead former) {
    /** Drawn, for a store that replaces another one or, with {@link LogHead#NONE}, none. */
    public static Seeds random(LogHead former) {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      return new Seeds(random.nextLong(), random.nextLong(), random.nextLong(), former);
    }
  }

  private static void writeEmpty(
      FileSystem fileSystem, Path path, Geometry geometry, long expectedEntries, Seeds seeds)
      throws IOException {
    try (StoreFile file = fileSystem.open(path, Mode.CREATE);
        Space space = new Space(file, Space.Access.WRITE)) {
      space.load(List.of());
      Hmap map =
          HmapLoader.create(geometry, space, new DirtyPages(), expectedEntries, seeds.hash0());
      List<ExtentRecord> extents = map.extents();
      Directory contents = new Directory(extents, EvacuatedUnits.NONE, new byte[0]);
      int order = contents.orderWithItself();
      int page = space.allocate(order);
      extents.add(new ExtentRecord(page, ExtentRecord.KIND_DIRECTORY, order, 0, 0, 0, 0, 0));
      ByteBuffer directory = contents.encode(1);
      int pages = Space.used(extents).length();
      StoreHeader header =
          new StoreHeader(
              1,
              seeds.storeIdHigh(),
              seeds.storeIdLow(),
              seeds.former(),
              geometry,
              pages,
              new StoreHeader.DirectoryPointer(
                  page, order, directory.remaining(), new Checksums().sum(directory)),
              LogPosition.START,
              map.fields(),
              0,
              0);
      file.resize(PageLayout.addressOf(pages));
      // the other header slot gets its block too, so that the first write needs no room for it
      file.write(ByteBuffer.allocateDirect(PageLayout.PAGE_BYTES), 0);
      file.write(directory, PageLayout.addressOf(page));
      file.write(header.encode(), PageLayout.addressOf(StoreHeader.slotPage(1)));
      ForceFailedException.force(file);
    }
  }
}
