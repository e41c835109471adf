package dev.hmap.checkpoint;

import dev.hmap.format.Checksums;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.DiskFull;
import dev.hmap.io.ForceFailedException;
import dev.hmap.io.StoreFile;
import dev.hmap.log.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The input and output of one checkpoint, on the checkpoint's own thread; {@link Checkpointer} says
 * in which order and why.
 */
final class CheckpointWriter {
  /** How a checkpoint ended. */
  enum Outcome {
    /** The new header counts. */
    DONE,
    /** There was no room before the commit; the old header counts, and nothing is lost. */
    FULL,
    /** It is committed, but could not be finished before the store was closed; recovery will. */
    LEFT_COMMITTED
  }

  private final StoreFile data;
  private final LogFile log;
  private final CheckpointPlan plan;
  private final InPlacePhase inPlace;
  private final Checksums checksums = new Checksums();
  private final PageImageWriter images;
  private final int generation;

  /** Sums of the pages written, per extent, by the extent's place in the plan. */
  private final Map<Integer, long[]> sums = new HashMap<>();

  /** Copies of pages that hold sums besides payload, until the sums are known. */
  private final Map<Integer, ByteBuffer> held = new HashMap<>();

  private final int[] firstPages;

  // Counts of pages, for whoever looks after the end.
  private int pages;
  private int imagePages;

  CheckpointWriter(
      StoreFile data, LogFile log, CheckpointPlan plan, long salt, InPlacePhase inPlace) {
    this.data = data;
    this.log = log;
    this.plan = plan;
    this.inPlace = inPlace;
    this.images = new PageImageWriter(log, plan.header().generation(), salt);
    this.generation = (int) plan.header().generation();
    this.firstPages = plan.extents().stream().mapToInt(ExtentRecord::page).toArray();
  }

  /**
   * Writes all pages sent through {@code buffers}, then completes the checkpoint.
   *
   * @throws IOException if a call failed for another reason than want of room before the commit
   */
  Outcome run(PageBuffers buffers) throws IOException, InterruptedException {
    Throwable failure = null;
    PageBuffers.Buffer buffer = buffers.receive();
    while (buffer.count > 0) {
      for (int i = 0; i < buffer.count && failure == null; i++) {
        try {
          accept(buffer.pages[i], buffer.page(i));
        } catch (IOException | RuntimeException | Error e) {
          failure = e; // the rest is received all the same, so that the writer never waits in vain
        }
      }
      buffers.giveBack(buffer);
      buffer = buffers.receive();
    }
    buffers.giveBack(buffer);
    try {
      check(failure);
      writeSums();
      writeDirectory();
    } catch (IOException e) {
      return fullOrThrow(e);
    }
    ForceFailedException.force(data);
    try {
      images.commit(StoreHeader.slotPage(plan.header().generation()), plan.header().encode());
    } catch (IOException e) {
      return fullOrThrow(e);
    }
    log.force();
    return inPlace.finish(plan.before(), plan.header(), images);
  }

  private static void check(@Nullable Throwable failure) throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case Error e -> throw e;
      default -> throw (RuntimeException) failure;
    }
  }

  private Outcome fullOrThrow(IOException e) throws IOException {
    if (!DiskFull.is(e)) {
      throw e;
    }
    images.release();
    return Outcome.FULL;
  }

  // ---------------------------------------------------------------- before the commit

  private void accept(int page, ByteBuffer bytes) throws IOException {
    int at = extentOf(page);
    ExtentRecord extent = plan.extents().get(at);
    int index = page - extent.page();
    if (index >= ExtentLayout.firstSumPage(extent.order())) {
      ByteBuffer copy =
          ByteBuffer.allocateDirect(PageLayout.PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      held.put(page, copy.put(bytes).flip());
      sumsOf(at);
      return;
    }
    sumsOf(at)[index] = sum(page, bytes);
    emit(page, bytes);
  }

  private int extentOf(int page) {
    int at = Arrays.binarySearch(firstPages, page);
    return at >= 0 ? at : -at - 2;
  }

  private long sum(int page, ByteBuffer bytes) {
    return Integer.toUnsignedLong(checksums.page(page, generation, bytes))
        | (long) generation << Integer.SIZE;
  }

  /** Writes a page where it may be written now: in place if the last checkpoint does not use it. */
  private void emit(int page, ByteBuffer bytes) throws IOException {
    pages++;
    if (plan.durablyUsed().get(page)) {
      imagePages++;
      images.add(page, bytes);
    } else {
      data.write(bytes, PageLayout.addressOf(page));
    }
  }

  /**
   * The sums of an extent of which a page is written: as they are on disk, or blank if it is new.
   */
  private long[] sumsOf(int at) throws IOException {
    long[] known = sums.get(at);
    if (known != null) {
      return known;
    }
    ExtentRecord extent = plan.extents().get(at);
    long[] fresh = new long[1 << extent.order()];
    if (plan.newExtents().containsKey(extent.page())) {
      Arrays.fill(fresh, ExtentLayout.SUM_UNDEFINED);
    } else {
      ByteBuffer area =
          ByteBuffer.allocateDirect(fresh.length * ExtentLayout.SUM_BYTES)
              .order(ByteOrder.LITTLE_ENDIAN);
      data.read(
          area, PageLayout.addressOf(extent.page()) + ExtentLayout.payloadBytes(extent.order()));
      area.flip().asLongBuffer().get(fresh);
    }
    sums.put(at, fresh);
    return fresh;
  }

  /** Writes the pages with sums of every extent that was written to or is new. */
  private void writeSums() throws IOException {
    List<ExtentRecord> extents = plan.extents();
    for (int at = 0; at < extents.size(); at++) {
      ExtentRecord extent = extents.get(at);
      if (extent.kind() == ExtentRecord.KIND_DIRECTORY) {
        continue;
      }
      if (plan.newExtents().containsKey(extent.page())) {
        sumsOf(at);
      }
      long[] own = sums.remove(at);
      if (own != null) {
        writeSums(extent, own);
      }
    }
  }

  private void writeSums(ExtentRecord extent, long[] own) throws IOException {
    int order = extent.order();
    for (int i = ExtentLayout.firstSumPage(order); i < own.length; i++) {
      int page = extent.page() + i;
      ByteBuffer bytes = sumPage(extent, page);
      own[i] = 0;
      overlay(extent, own, i, bytes);
      own[i] = sum(page, bytes);
      overlay(extent, own, i, bytes);
      emit(page, bytes);
    }
  }

  /** The page as the checkpoint froze it; what it holds of sums is put over it. */
  private ByteBuffer sumPage(ExtentRecord extent, int page) throws IOException {
    ByteBuffer bytes = held.remove(page);
    if (bytes != null) {
      return bytes;
    }
    bytes = ByteBuffer.allocateDirect(PageLayout.PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (!plan.newExtents().containsKey(extent.page())) {
      data.read(bytes, PageLayout.addressOf(page));
    }
    return bytes.clear();
  }

  /** Puts the sums that lie in the extent's page {@code index} into its bytes. */
  private static void overlay(ExtentRecord extent, long[] own, int index, ByteBuffer bytes) {
    long pageStart = (long) index << PageLayout.PAGE_SHIFT;
    for (int i = 0; i < own.length; i++) {
      long offset = ExtentLayout.sumOffset(extent.order(), i) - pageStart;
      if (offset >= 0 && offset < PageLayout.PAGE_BYTES) {
        bytes.putLong((int) offset, own[i]);
      }
    }
  }

  private void writeDirectory() throws IOException {
    ByteBuffer directory = plan.directory().duplicate();
    int page = plan.header().directory().page();
    ByteBuffer bytes = ByteBuffer.allocateDirect(PageLayout.PAGE_BYTES);
    while (directory.hasRemaining()) {
      int n = Math.min(PageLayout.PAGE_BYTES, directory.remaining());
      bytes.clear().put(directory.slice(directory.position(), n));
      directory.position(directory.position() + n);
      while (bytes.hasRemaining()) {
        bytes.put((byte) 0);
      }
      emit(page++, bytes.flip());
    }
  }

  /** Pages written so far. Checkpoint thread, and any other after its end. */
  int pages() {
    return pages;
  }

  /** How many of them as images. Like {@link #pages}. */
  int imagePages() {
    return imagePages;
  }
}
