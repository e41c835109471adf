package dev.hmap.damage;

import dev.hmap.format.BucketLayout;
import dev.hmap.format.Directory;
import dev.hmap.format.EntryLayout;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.LogHead;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.PageImageLayout;
import dev.hmap.format.PageLayout;
import dev.hmap.format.SegmentHeader;
import dev.hmap.format.SizeClasses;
import dev.hmap.format.StoreHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Changes numbers in the structures of a store's files, as {@link Choices} say, and mends all sums
 * over them, so that nothing but the numbers tells that they are wrong.
 */
final class Mutation {
  /** Where a directory says how many bytes it has of evacuated units. */
  private static final int EVACUATED_BYTES = 20;

  private static final int MAX_CHANGES = 4;
  private static final int HEADER_END = 192;

  private final Choices choices;
  private final ByteBuffer data;
  private final ByteBuffer log;
  private final Sums sums;
  private final BucketLayout layout;
  private final StringBuilder done = new StringBuilder();

  private Mutation(Sample<?, ?> sample, byte[] data, byte[] log, Choices choices) {
    this.choices = choices;
    this.data = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    this.log = ByteBuffer.wrap(log).order(ByteOrder.LITTLE_ENDIAN);
    this.sums = new Sums(this.data, this.log);
    this.layout = new BucketLayout(sample.kind.geometry());
  }

  /**
   * Changes the files of a sample.
   *
   * @param data of the sample, changed
   * @param log of the sample, changed; empty if it has none
   * @return what was changed, for people
   */
  static String apply(Sample<?, ?> sample, byte[] data, byte[] log, Choices choices) {
    Mutation mutation = new Mutation(sample, data, log, choices);
    int changes = 1 + choices.below(MAX_CHANGES);
    for (int i = 0; i < changes; i++) {
      mutation.change();
    }
    return mutation.done.toString();
  }

  private void change() {
    switch (choices.below(log.capacity() > 0 ? 8 : 5)) {
      case 0 -> header(sums.newestSlot(), data);
      case 1 -> directory();
      case 2 -> extent(ExtentRecord.KIND_BUCKETS);
      case 3 -> extent(ExtentRecord.KIND_SLAB);
      case 4 -> page();
      case 5 -> segment();
      case 6 -> record();
      default -> image();
    }
  }

  /** Sets a number of 1, 2, 4 or 8 bytes at a multiple of its length. */
  private void set(String what, ByteBuffer in, int base, int length) {
    int width = 1 << choices.below(4);
    int offset = choices.below(Math.max(1, length / width)) * width;
    int at = base + offset;
    long before =
        switch (width) {
          case 1 -> in.get(at);
          case 2 -> in.getShort(at);
          case 4 -> in.getInt(at);
          default -> in.getLong(at);
        };
    long value = choices.value(before);
    switch (width) {
      case 1 -> in.put(at, (byte) value);
      case 2 -> in.putShort(at, (short) value);
      case 4 -> in.putInt(at, (int) value);
      default -> in.putLong(at, value);
    }
    done.append(
        "%s at %d + %d: %d bytes from %d to %d; "
            .formatted(what, base, offset, width, before, value));
  }

  private void header(int at, ByteBuffer in) {
    int shape = choices.below(16);
    if (shape < 2) {
      set("shape", in, at + 1024 * (1 + shape), 32);
    } else {
      set("header", in, at + 8, HEADER_END - 8);
    }
    sums.mendHeader(in, at);
  }

  private void directory() {
    List<ExtentRecord> extents = sums.extents();
    int head = sums.directoryAt();
    int evacuated = data.getInt(head + EVACUATED_BYTES);
    int record = choices.below(extents.size() + (evacuated > 0 ? 2 : 1));
    if (record == 0) {
      set("directory", data, head, Directory.HEAD_BYTES);
    } else if (record > extents.size()) {
      int at = head + Directory.HEAD_BYTES + extents.size() * ExtentRecord.BYTES;
      set("evacuated units", data, at, evacuated);
    } else {
      int at = head + Directory.HEAD_BYTES + (record - 1) * ExtentRecord.BYTES;
      set("record of an extent", data, at, ExtentRecord.BYTES);
    }
    sums.mendDirectory();
  }

  /** A field of a bucket or of an entry. */
  private void extent(int kind) {
    List<ExtentRecord> own = sums.extents().stream().filter(r -> r.kind() == kind).toList();
    if (own.isEmpty()) {
      page();
      return;
    }
    ExtentRecord extent = own.get(choices.below(own.size()));
    int base = extent.page() * PageLayout.PAGE_BYTES;
    int payload = (int) ExtentLayout.payloadBytes(extent.order());
    if (kind == ExtentRecord.KIND_SLAB) {
      int bytes = SizeClasses.bytes(extent.sizeClass());
      int slot = choices.below(Math.max(1, extent.bump()));
      set("entry", data, base + slot * bytes, EntryLayout.HEADER_BYTES);
    } else {
      int bucket = base + choices.below(payload / layout.bytes()) * layout.bytes();
      switch (choices.below(4)) {
        case 0 -> set("tophash", data, bucket, BucketLayout.SLOTS);
        case 1 -> set("overflow", data, bucket + layout.overflow(), 4);
        case 2 -> set("version", data, bucket + layout.version(), 4);
        default -> set("bucket", data, bucket, layout.bytes());
      }
    }
    sums.mendPages(extent);
  }

  private void page() {
    List<ExtentRecord> extents = sums.extents();
    ExtentRecord extent = extents.get(choices.below(extents.size()));
    int page = extent.page() + choices.below(1 << extent.order());
    set("page", data, page * PageLayout.PAGE_BYTES, PageLayout.PAGE_BYTES);
    sums.mendPages(extent);
  }

  private void segment() {
    int slots = log.capacity() / SegmentHeader.SEGMENT_BYTES;
    int at = LogHead.BYTES + choices.below(slots) * SegmentHeader.SEGMENT_BYTES;
    set("segment", log, at + 8, SegmentHeader.BYTES - 12);
    sums.mendSegment(at);
  }

  private void record() {
    List<Integer> records = LogDamageTest.records(log.array());
    if (records.isEmpty()) {
      image();
      return;
    }
    int at = records.get(choices.below(records.size()));
    int length = log.getInt(at + LogRecordLayout.LENGTH);
    set(
        "log record",
        log,
        at + LogRecordLayout.LENGTH,
        choices.below(3) == 0 ? length - 4 : LogRecordLayout.OPERATION + 4);
    sums.mendRecords(records);
  }

  private void image() {
    List<Integer> images = sums.images();
    if (images.isEmpty()) {
      segment();
      return;
    }
    int at = images.get(choices.below(images.size()));
    int content = at + PageImageLayout.CONTENT;
    if (log.getInt(at + PageImageLayout.KIND) == PageImageLayout.KIND_COMMIT
        && choices.below(4) > 0
        && StoreHeader.hasMagic(log.slice(content, 8).order(ByteOrder.LITTLE_ENDIAN))) {
      header(content, log);
    } else {
      set("image", log, at + PageImageLayout.KIND, choices.below(2) == 0 ? 20 : 4116);
    }
    sums.mendImages();
  }
}
