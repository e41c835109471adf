package dev.hmap.damage;

import dev.hmap.format.Checksums;
import dev.hmap.format.Directory;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.LogHead;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.PageImageLayout;
import dev.hmap.format.PageLayout;
import dev.hmap.format.SegmentHeader;
import dev.hmap.format.StoreHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Makes the sums of a store's files right again. The places are those before any change. */
final class Sums {
  private static final int PAGE = PageLayout.PAGE_BYTES;
  private static final int HEADER_CRC = PAGE - 4;
  private static final int SEGMENT_CRC = SegmentHeader.BYTES - 4;

  private final ByteBuffer data;
  private final ByteBuffer log;
  private final Checksums checksums = new Checksums();
  private final StoreHeader header;
  private final List<ExtentRecord> extents;
  private final List<Integer> images = new ArrayList<>();

  Sums(ByteBuffer data, ByteBuffer log) {
    this.data = data;
    this.log = log;
    StoreHeader newest = null;
    for (int slot = 0; slot < PageLayout.HEADER_PAGES; slot++) {
      ByteBuffer page = slice(data, slot * PAGE, PAGE);
      if (StoreHeader.hasMagic(page)) {
        StoreHeader found = StoreHeader.decode(page);
        newest = newest == null || found.generation() > newest.generation() ? found : newest;
      }
    }
    header = newest;
    extents =
        Directory.decode(
                header.generation(),
                header.hmap().nevacuate(),
                slice(data, directoryAt(), header.directory().bytes()))
            .extents();
    for (int slot = LogHead.BYTES; slot < log.capacity(); slot += SegmentHeader.SEGMENT_BYTES) {
      int at = slot + SegmentHeader.BYTES;
      while (log.getInt(slot + 8) == SegmentHeader.KIND_IMAGES
          && log.getLong(slot + 40) == header.generation() + 1
          && at + PageImageLayout.BYTES <= slot + SegmentHeader.SEGMENT_BYTES
          && log.getInt(at + PageImageLayout.KIND) != 0) {
        images.add(at);
        at += PageImageLayout.BYTES;
      }
    }
  }

  private static ByteBuffer slice(ByteBuffer of, int at, int length) {
    return of.slice(at, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  int newestSlot() {
    return StoreHeader.slotPage(header.generation()) * PAGE;
  }

  int directoryAt() {
    return header.directory().page() * PAGE;
  }

  List<ExtentRecord> extents() {
    return extents;
  }

  /** Where the images of an unfinished checkpoint lie, in the order of the file. */
  List<Integer> images() {
    return images;
  }

  void mendHeader(ByteBuffer in, int at) {
    in.putInt(at + HEADER_CRC, checksums.sum(slice(in, at, HEADER_CRC)));
  }

  void mendDirectory() {
    int crc = checksums.sum(slice(data, directoryAt(), header.directory().bytes()));
    data.putInt(newestSlot() + 60, crc);
    mendHeader(data, newestSlot());
  }

  void mendPages(ExtentRecord extent) {
    if (extent.kind() == ExtentRecord.KIND_DIRECTORY) {
      mendDirectory();
      return;
    }
    int base = extent.page() * PAGE;
    for (int i = 0; i < 1 << extent.order(); i++) {
      int sumAt = base + (int) ExtentLayout.sumOffset(extent.order(), i);
      long sum = data.getLong(sumAt);
      if (sum == ExtentLayout.SUM_UNDEFINED || sum == ExtentLayout.SUM_ZERO_PAGE) {
        continue;
      }
      byte[] page = new byte[PAGE];
      data.get(base + i * PAGE, page);
      int own = sumAt - base - i * PAGE;
      ByteBuffer summed = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
      if (own >= 0 && own < PAGE) {
        summed.putLong(own, 0);
      }
      data.putInt(sumAt, checksums.page(extent.page() + i, (int) (sum >>> 32), summed));
    }
  }

  void mendSegment(int at) {
    log.putInt(at + SEGMENT_CRC, checksums.sum(slice(log, at, SEGMENT_CRC)));
  }

  /** The sums of records that follow each other, each chained to the one before it. */
  void mendRecords(List<Integer> records) {
    int chain = 0;
    int end = -1;
    for (int at : records) {
      int slot = at - (at - LogHead.BYTES) % SegmentHeader.SEGMENT_BYTES;
      if (at != end) {
        chain = log.getInt(slot + 48);
      }
      int next = records.indexOf(at) + 1;
      int room = slot + SegmentHeader.SEGMENT_BYTES - at;
      int length = log.getInt(at + LogRecordLayout.LENGTH);
      end = next < records.size() ? records.get(next) : at;
      if (length < 8 || length > room) {
        return;
      }
      chain = checksums.chained(chain, log.getLong(slot + 32), slice(log, at + 4, length - 4));
      log.putInt(at, chain);
    }
  }

  void mendImages() {
    int chain = 0;
    for (int at : images) {
      int slot = at - (at - LogHead.BYTES) % SegmentHeader.SEGMENT_BYTES;
      chain =
          checksums.chained(
              chain, log.getLong(slot + 32), slice(log, at + 4, PageImageLayout.BYTES - 4));
      log.putInt(at, chain);
    }
  }
}
