package dev.hmap.recovery;

import dev.hmap.checkpoint.DirtyPages;
import dev.hmap.checkpoint.PageImageReader;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.FileNames;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.ForceFailedException;
import dev.hmap.io.StoreFile;
import dev.hmap.table.Space;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pages of a data file, and the images of a checkpoint that was committed but not finished.
 * Finishing it puts them in place: in the file, or where nothing may be written, into memory, from
 * where they hide the file's pages.
 */
public final class DataPages {
  final FileNames names;
  private final StoreFile data;

  /** The images of a committed checkpoint, where nothing may be written. */
  private @Nullable PageImageReader images;

  /** Their places in the set, by page; they are read when they are asked for. */
  private final Map<Integer, Integer> overlay = new HashMap<>();

  /** The pages of an open file. */
  public DataPages(StoreFile data, FileNames names) {
    this.data = data;
    this.names = names;
  }

  /** Bytes of the file. */
  long fileBytes() throws IOException {
    return data.size();
  }

  /** A page of the data file, under the images of a committed checkpoint; little-endian. */
  public ByteBuffer page(int page) throws IOException {
    ByteBuffer image = image(page);
    if (image != null) {
      return image;
    }
    ByteBuffer bytes = ByteBuffer.allocate(PageLayout.PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.read(bytes, PageLayout.addressOf(page));
    return bytes.flip();
  }

  /** Fills a buffer with the first bytes of a page, as {@link #page} has it. */
  public void read(int page, ByteBuffer to) throws IOException {
    ByteBuffer image = image(page);
    if (image != null) {
      to.put(image.limit(to.remaining()));
    } else {
      data.read(to, PageLayout.addressOf(page));
    }
  }

  private @Nullable ByteBuffer image(int page) throws IOException {
    Integer index = overlay.get(page);
    return images == null || index == null ? null : images.content(index);
  }

  /** Checks that the file is as long as a header says. */
  public void checkSize(StoreHeader header) throws IOException {
    long needed = PageLayout.addressOf(header.filePages());
    if (data.size() < needed) {
      throw new StoreCorruptException(
          "%s is truncated: it has %,d bytes of %,d".formatted(names.data(), data.size(), needed));
    }
  }

  /** Puts the images of a committed checkpoint in place, its header last, and returns that. */
  StoreHeader putInPlace(StoreHeader before, PageImageReader images) throws IOException {
    StoreHeader header = committedHeader(before, images);
    images.forEachPage((page, bytes) -> data.write(bytes, PageLayout.addressOf(page)));
    ForceFailedException.force(data);
    data.write(header.encode(), PageLayout.addressOf(StoreHeader.slotPage(header.generation())));
    return header;
  }

  /** Puts the images of a committed checkpoint over the file's pages, in memory only. */
  public StoreHeader overlay(StoreHeader before, PageImageReader set) throws IOException {
    StoreHeader header = committedHeader(before, set);
    int[] index = new int[1];
    set.forEach((page, _) -> {
      if (page >= PageLayout.HEADER_PAGES) {
        overlay.put(page, index[0]);
      }
      index[0]++;
    });
    images = set;
    return header;
  }

  /** The header with which a set of images ends; nothing is written yet. */
  StoreHeader committedHeader(StoreHeader before, PageImageReader images) throws IOException {
    int[] lastPage = {PageLayout.HEADER_PAGES};
    ByteBuffer page = ByteBuffer.allocate(PageLayout.PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    images.forEach((number, bytes) -> {
      if (number < PageLayout.HEADER_PAGES) {
        page.clear().put(bytes.duplicate());
      } else {
        lastPage[0] = Math.max(lastPage[0], number);
      }
    });
    page.clear();
    StoreHeader header =
        StoreHeader.hasMagic(page)
                && StoreHeader.version(page) == StoreHeader.VERSION
                && StoreHeader.isSound(page)
            ? StoreHeader.decode(page)
            : null;
    if (header == null
        || header.generation() != before.generation() + 1
        || header.storeIdHigh() != before.storeIdHigh()
        || header.storeIdLow() != before.storeIdLow()
        || !header.geometry().equals(before.geometry())
        || lastPage[0] >= header.filePages()) {
      throw new StoreCorruptException(
          "the images of %s end with no valid header for page %d"
              .formatted(names.log(), lastPage[0]));
    }
    return header;
  }

  /** Puts the images over the file's pages into a space of the same file, private to it. */
  void applyTo(Space space, DirtyPages dirty) throws IOException {
    PageImageReader set = images;
    if (set != null) {
      set.forEachPage((page, bytes) -> {
        dirty.setPrivate(page);
        MemorySegment.copy(
            MemorySegment.ofBuffer(bytes), 0, space.segment(page, 1), 0, PageLayout.PAGE_BYTES);
      });
    }
    images = null;
    overlay.clear();
  }
}
