package dev.hmap.recovery;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.Checksums;
import dev.hmap.format.Directory;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.FileNames;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Reads the directory that a header names: whether it is there, has its sum, and makes sense. */
public final class DirectoryReader {
  private DirectoryReader() {}

  /**
   * Reads it.
   *
   * @throws StoreCorruptException if it is damaged
   */
  public static Directory read(DataPages pages, StoreHeader header) throws IOException {
    StoreHeader.DirectoryPointer d = header.directory();
    if (d.order() < 0
        || d.order() > ExtentLayout.MAX_ORDER
        || d.bytes() < Directory.HEAD_BYTES
        || d.bytes() > (long) PageLayout.PAGE_BYTES << d.order()
        || d.page() < PageLayout.HEADER_PAGES
        || PageLayout.addressOf(d.page()) + d.bytes() > pages.fileBytes()) {
      throw new StoreCorruptException(
          "%s is damaged or truncated: its directory should have %,d bytes at page %d of %d"
              .formatted(
                  pages.names.data(), d.bytes(), d.page(), PageLayout.pageOf(pages.fileBytes())));
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(d.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < d.bytes(); at += PageLayout.PAGE_BYTES) {
      int page = d.page() + at / PageLayout.PAGE_BYTES;
      int n = Math.min(PageLayout.PAGE_BYTES, d.bytes() - at);
      pages.read(page, bytes.slice(at, n));
    }
    if (new Checksums().sum(bytes) != d.crc()) {
      throw new StoreCorruptException(
          "%s is damaged: the directory at page %d has a wrong checksum"
              .formatted(pages.names.data(), d.page()));
    }
    Directory directory = Directory.decode(header.generation(), header.hmap().nevacuate(), bytes);
    checkExtents(pages.names, header, directory.extents());
    return directory;
  }

  /** Each by itself, and that the directory lists itself; whether they overlap is found later. */
  private static void checkExtents(
      FileNames names, StoreHeader header, List<ExtentRecord> extents) {
    int directories = 0;
    for (ExtentRecord r : extents) {
      if (r.kind() == ExtentRecord.KIND_DIRECTORY
          && r.page() == header.directory().page()
          && r.order() == header.directory().order()) {
        directories++;
      } else if (r.kind() < ExtentRecord.KIND_BUCKETS || r.kind() > ExtentRecord.KIND_LARGE) {
        directories = -1;
      }
      if (directories < 0
          || r.page() < PageLayout.HEADER_PAGES
          || r.order() > ExtentLayout.MAX_ORDER
          || (r.page() & (1 << r.order()) - 1) != 0
          || r.page() + (1L << r.order()) > header.filePages()) {
        throw new StoreCorruptException(
            "%s is damaged: its directory has %s in %d pages"
                .formatted(names.data(), r, header.filePages()));
      }
    }
    int end = extents.stream().mapToInt(r -> r.page() + (1 << r.order())).max().orElse(0);
    if (end != header.filePages()) {
      throw new StoreCorruptException(
          "%s is damaged: its last extent ends at page %d of %d"
              .formatted(names.data(), end, header.filePages()));
    }
    if (directories != 1) {
      throw new StoreCorruptException(
          "%s is damaged: its directory at page %d lists itself %d times"
              .formatted(names.data(), header.directory().page(), directories));
    }
  }
}
