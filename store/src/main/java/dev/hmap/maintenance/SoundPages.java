package dev.hmap.maintenance;

import dev.hmap.format.EntryLayout;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.recovery.DataPages;
import dev.hmap.report.Finding;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The pages of a store that are in use and as the checkpoint wrote them; and the findings about the
 * others. One thread.
 */
final class SoundPages {
  private static final int MAX_FINDINGS = 10_000;

  private final DataPages pages;
  private final StoreHeader header;
  private final PageSums sums;
  private final List<Finding> findings;
  private final TreeMap<Integer, ExtentRecord> byPage = new TreeMap<>();
  private final BitSet sound = new BitSet();
  private final BitSet unsound = new BitSet();

  /**
   * Of one state of a store.
   *
   * @param findings takes what is found damaged, at most 10,000 lines
   */
  SoundPages(
      DataPages pages, StoreHeader header, List<ExtentRecord> extents, List<Finding> findings) {
    this.pages = pages;
    this.header = header;
    this.findings = findings;
    this.sums = new PageSums(pages);
    for (ExtentRecord extent : extents) {
      byPage.put(extent.page(), extent);
    }
  }

  void find(int page, String what) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(Finding.damage(page, what));
    }
  }

  /** Whether a page is in use and as it was written. */
  private boolean isSound(int page) throws IOException {
    if (sound.get(page) || unsound.get(page)) {
      return sound.get(page);
    }
    boolean isSound = false;
    Map.Entry<Integer, ExtentRecord> at = byPage.floorEntry(page);
    if (at != null && page < at.getKey() + (1 << at.getValue().order())) {
      String flaw = flaw(at.getValue(), page - at.getKey());
      if (flaw == null) {
        isSound = true;
      } else {
        find(page, flaw);
      }
    }
    (isSound ? sound : unsound).set(page);
    return isSound;
  }

  private @Nullable String flaw(ExtentRecord extent, int index) throws IOException {
    try {
      long sum = sums.sum(extent, index);
      if (sum == ExtentLayout.SUM_UNDEFINED) {
        return "it has no checksum, and is in use: " + PageSums.meaning(extent);
      }
      if (PageSums.isNewer(sum, header)) {
        return "it is of a newer state: " + PageSums.meaning(extent);
      }
      return sums.flaw(extent, index, sum);
    } catch (EOFException _) {
      return "it lies after the end of the file: " + PageSums.meaning(extent);
    }
  }

  /** Bytes that lie on sound pages of one extent; null if they do not. */
  @Nullable ByteBuffer read(long address, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    for (long at = address; at < address + length; ) {
      int page = PageLayout.pageOf(at);
      if (!isSound(page)) {
        return null;
      }
      int offset = (int) at & PageLayout.PAGE_BYTES - 1;
      int n = (int) Math.min(PageLayout.PAGE_BYTES - offset, address + length - at);
      bytes.put(pages.page(page).slice(offset, n));
      at += n;
    }
    return bytes.flip();
  }

  /** An entry, or null if it is damaged. */
  @Nullable ByteBuffer entry(long address) throws IOException {
    Map.Entry<Integer, ExtentRecord> at = byPage.floorEntry(PageLayout.pageOf(address));
    if (at == null) {
      return null;
    }
    long end = PageLayout.addressOf(at.getKey()) + ExtentLayout.payloadBytes(at.getValue().order());
    if (address + EntryLayout.HEADER_BYTES > end) {
      return null;
    }
    ByteBuffer head = read(address, EntryLayout.HEADER_BYTES);
    if (head == null) {
      return null;
    }
    long bytes =
        EntryLayout.HEADER_BYTES
            + (long) (head.getShort(EntryLayout.KEY_LENGTH) & 0xFFFF)
            + Integer.toUnsignedLong(head.getInt(EntryLayout.VALUE_LENGTH));
    return address + bytes > end ? null : read(address, (int) bytes);
  }
}
