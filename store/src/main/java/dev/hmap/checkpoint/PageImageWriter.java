package dev.hmap.checkpoint;

import dev.hmap.format.Checksums;
import dev.hmap.format.PageImageLayout;
import dev.hmap.format.PageLayout;
import dev.hmap.format.SegmentHeader;
import dev.hmap.log.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes one set of page images to segments of the log file. One thread at a time. */
public final class PageImageWriter implements PageImages {
  private static final int BUFFER_BYTES = SegmentHeader.BYTES + 15 * PageImageLayout.BYTES;

  private final LogFile log;
  private final long generation;
  private final long salt;
  private final Checksums checksums = new Checksums();
  private final List<Integer> slots = new ArrayList<>();

  /** What is not written yet of the segment in the last slot. */
  private final ByteBuffer ahead =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private int written;
  private int[] pages = new int[256];
  private int images;
  private int chain;
  private long set;

  /**
   * A set with no image yet.
   *
   * @param log to write to
   * @param generation of the checkpoint
   * @param salt fresh and random
   */
  public PageImageWriter(LogFile log, long generation, long salt) {
    this.log = log;
    this.generation = generation;
    this.salt = salt;
  }

  /** Adds the image of a page: {@link PageLayout#PAGE_BYTES} from the buffer's position. */
  public void add(int page, ByteBuffer bytes) throws IOException {
    add(PageImageLayout.KIND_PAGE, page, bytes);
  }

  private void add(int kind, int page, ByteBuffer bytes) throws IOException {
    if (images % PageImageLayout.PER_SEGMENT == 0) {
      flush();
      begin();
    } else if (ahead.remaining() < PageImageLayout.BYTES) {
      flush();
    }
    int at = ahead.position();
    ahead.putInt(0).putInt(kind).putInt(page).putInt(images).putLong(generation).put(bytes);
    chain =
        checksums.chained(
            chain,
            salt,
            ahead.duplicate().position(at + PageImageLayout.KIND).limit(ahead.position()));
    ahead.putInt(at + PageImageLayout.CRC, chain);
    if (images == pages.length) {
      pages = Arrays.copyOf(pages, 2 * images);
    }
    pages[images++] = page;
  }

  private void begin() throws IOException {
    int slot = log.acquire(1).getFirst();
    long number = log.nextNumber();
    if (slots.isEmpty()) {
      set = number;
    }
    written = 0;
    ahead.put(
        new SegmentHeader(
                SegmentHeader.KIND_IMAGES,
                log.storeId(),
                number,
                salt,
                generation,
                0,
                slots.size(),
                set)
            .encode());
    slots.add(slot);
  }

  private void flush() throws IOException {
    if (!slots.isEmpty()) {
      int bytes = ahead.position();
      log.write(slots.getLast(), written, ahead.flip());
      written += bytes;
      ahead.clear();
    }
  }

  /** Ends the set with the header slot that makes it count once the log is forced. */
  public void commit(int headerPage, ByteBuffer header) throws IOException {
    add(PageImageLayout.KIND_COMMIT, headerPage, header);
    flush();
  }

  @Override
  public void release() {
    log.release(slots);
    slots.clear();
  }

  /** In the order of the pages. */
  @Override
  public void forEachPage(Consumer consumer) throws IOException {
    long[] order = new long[images - 1];
    for (int i = 0; i < order.length; i++) {
      order[i] = (long) pages[i] << Integer.SIZE | i;
    }
    Arrays.sort(order);
    ByteBuffer page = ByteBuffer.allocateDirect(PageLayout.PAGE_BYTES);
    for (long entry : order) {
      int i = (int) entry;
      log.read(
          slots.get(i / PageImageLayout.PER_SEGMENT),
          SegmentHeader.BYTES
              + i % PageImageLayout.PER_SEGMENT * PageImageLayout.BYTES
              + PageImageLayout.CONTENT,
          page.clear());
      consumer.accept((int) (entry >>> Integer.SIZE), page.flip());
    }
  }
}
