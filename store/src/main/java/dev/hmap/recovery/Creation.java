package dev.hmap.recovery;

import dev.hmap.checkpoint.DirtyPages;
import dev.hmap.error.StoreAccessException;
import dev.hmap.format.Checksums;
import dev.hmap.format.Directory;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogPosition;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.io.FileSystem.Mode;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import dev.hmap.table.Hmap;
import dev.hmap.table.HmapLoader;
import dev.hmap.table.Space;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Making a store. Not to be run on a thread that users may interrupt. */
public final class Creation {
  private Creation() {}

  /**
   * Creates an empty store, cleanly closed: under a temporary name first, so that a crash leaves
   * the whole of it or none.
   *
   * @throws StoreAccessException if there is a file of that name already
   */
  public static void create(
      FileSystem fileSystem,
      FileNames names,
      Geometry geometry,
      long expectedEntries,
      Seeds seeds) {
    try (StoreLock _ = fileSystem.lockForWriting(names.lock())) {
      if (fileSystem.exists(names.data())) {
        throw new StoreAccessException("%s exists already".formatted(names.data()));
      }
      fileSystem.delete(names.fresh());
      fileSystem.delete(names.log());
      writeEmpty(fileSystem, names.fresh(), geometry, expectedEntries, seeds);
      fileSystem.rename(names.fresh(), names.data());
      fileSystem.forceFolder(names.folder());
    } catch (AccessDeniedException e) {
      throw Recovery.access(names, "cannot be created: permission denied", e);
    } catch (NoSuchFileException e) {
      throw Recovery.access(names, "cannot be created: its folder is missing", e);
    } catch (IOException e) {
      throw Recovery.failure(names, "cannot be created", e);
    }
  }

  /**
   * The random numbers of a new store.
   *
   * @param storeIdHigh half of its id
   * @param storeIdLow the other half
   * @param hash0 the seed of its hash
   */
  public record Seeds(long storeIdHigh, long storeIdLow, long hash0) {}

  private static void writeEmpty(
      FileSystem fileSystem, Path path, Geometry geometry, long expectedEntries, Seeds seeds)
      throws IOException {
    try (StoreFile file = fileSystem.open(path, Mode.CREATE);
        Space space = new Space(file, Space.Access.WRITE)) {
      space.load(List.of());
      Hmap map =
          HmapLoader.create(geometry, space, new DirtyPages(), expectedEntries, seeds.hash0());
      List<ExtentRecord> extents = map.extents();
      int page = space.allocate(0);
      extents.add(new ExtentRecord(page, ExtentRecord.KIND_DIRECTORY, 0, 0, 0, 0, 0, 0));
      int order = 0;
      while ((long) PageLayout.PAGE_BYTES << order < Directory.bytes(extents.size(), 0)) {
        order++;
      }
      if (order > 0) {
        extents.removeLast();
        space.free(page, 0);
        page = space.allocate(order);
        extents.add(new ExtentRecord(page, ExtentRecord.KIND_DIRECTORY, order, 0, 0, 0, 0, 0));
      }
      ByteBuffer directory = new Directory(extents, new byte[0]).encode(1);
      int pages = Space.used(extents).length();
      StoreHeader header =
          new StoreHeader(
              1,
              seeds.storeIdHigh(),
              seeds.storeIdLow(),
              geometry,
              pages,
              new StoreHeader.DirectoryPointer(
                  page, order, directory.remaining(), new Checksums().sum(directory)),
              LogPosition.START,
              map.fields());
      file.resize(PageLayout.addressOf(pages));
      // the other header slot gets its block too, so that the first write needs no room for it
      file.write(ByteBuffer.allocateDirect(PageLayout.PAGE_BYTES), 0);
      file.write(directory, PageLayout.addressOf(page));
      file.write(header.encode(), PageLayout.addressOf(StoreHeader.slotPage(1)));
      file.force();
    }
  }
}
