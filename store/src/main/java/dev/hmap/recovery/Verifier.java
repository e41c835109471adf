package dev.hmap.recovery;

import dev.hmap.error.HMapException;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.Checksums;
import dev.hmap.format.ExtentLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.FileNames;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.Flaw.Severity;
import dev.hmap.table.HmapCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Checks a store without changing it: the headers, the directory, the sum of every page, the log,
 * and the whole structure of the map as recovery would make it. Not to be run on a thread that
 * users may interrupt.
 */
public final class Verifier {
  private static final int PROGRESS_MASK = (1 << 12) - 1;

  private final Recovery recovery;
  private final LongConsumer progress;
  private final List<Flaw> findings = new ArrayList<>();
  private final Checksums checksums = new Checksums();
  private long pages;

  private Verifier(Recovery recovery, LongConsumer progress) {
    this.recovery = recovery;
    this.progress = progress;
  }

  /**
   * Checks a store that nobody has open for writing in another process, or that waits while it is
   * checked.
   *
   * @param progress is told now and then how many pages were checked
   * @return what was found; nothing of {@link Severity#DAMAGE} if the store is sound
   * @throws HMapException if it cannot be read at all
   */
  public static List<Flaw> verify(FileSystem fileSystem, FileNames names, LongConsumer progress) {
    try (Recovery.Reading reading = Recovery.read(fileSystem, names)) {
      Verifier verifier = new Verifier(reading.recovery(), progress);
      verifier.run(reading);
      if (verifier.findings.stream().noneMatch(f -> f.severity() == Severity.DAMAGE)) {
        verifier.structure(fileSystem, names);
      }
      return verifier.findings;
    } catch (StoreCorruptException e) {
      return List.of(new Flaw(Severity.DAMAGE, -1, String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw Recovery.failure(names, "cannot be verified", e);
    }
  }

  private void run(Recovery.Reading reading) throws IOException {
    for (int slot = 0; slot < PageLayout.HEADER_PAGES; slot++) {
      ByteBuffer page = recovery.page(reading.data(), slot);
      boolean isEmpty = isZero(page);
      if (!isEmpty && !StoreHeader.isSound(page)) {
        boolean isOlder = slot != StoreHeader.slotPage(reading.header().generation());
        find(
            isOlder ? Severity.NOTE : Severity.DAMAGE,
            slot,
            "the header slot has a wrong checksum; the other one counts");
      }
    }
    for (ExtentRecord extent : reading.extents()) {
      if (extent.kind() != ExtentRecord.KIND_DIRECTORY) {
        extent(reading, extent);
      }
    }
  }

  private void extent(Recovery.Reading reading, ExtentRecord extent) throws IOException {
    long[] sums = new long[1 << extent.order()];
    for (int i = 0; i < sums.length; i++) {
      long at = ExtentLayout.sumOffset(extent.order(), i);
      int page = extent.page() + (int) (at >>> PageLayout.PAGE_SHIFT);
      sums[i] = recovery.page(reading.data(), page).getLong((int) at & PageLayout.PAGE_BYTES - 1);
    }
    for (int i = 0; i < sums.length; i++) {
      page(reading, extent, i, sums[i]);
      if ((++pages & PROGRESS_MASK) == 0) {
        progress.accept(pages);
      }
    }
  }

  private void page(Recovery.Reading reading, ExtentRecord extent, int index, long sum)
      throws IOException {
    if (sum == ExtentLayout.SUM_UNDEFINED) {
      return;
    }
    int page = extent.page() + index;
    ByteBuffer bytes = recovery.page(reading.data(), page);
    if (sum == ExtentLayout.SUM_ZERO_PAGE) {
      if (!isZero(bytes)) {
        find(Severity.DAMAGE, page, "it was never written, and is not zero: " + meaning(extent));
      }
      return;
    }
    long own =
        ExtentLayout.sumOffset(extent.order(), index) - ((long) index << PageLayout.PAGE_SHIFT);
    ByteBuffer summed =
        ByteBuffer.allocate(PageLayout.PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN).put(bytes).flip();
    if (own >= 0 && own < PageLayout.PAGE_BYTES) {
      summed.putLong((int) own, 0);
    }
    int generation = (int) (sum >>> Integer.SIZE);
    if (checksums.page(page, generation, summed) != (int) sum) {
      find(Severity.DAMAGE, page, "it has a wrong checksum: " + meaning(extent));
    }
  }

  private static String meaning(ExtentRecord extent) {
    return switch (extent.kind()) {
      case ExtentRecord.KIND_BUCKETS -> "buckets of array " + extent.owner();
      case ExtentRecord.KIND_SLAB -> "entries of size class " + extent.sizeClass();
      case ExtentRecord.KIND_LARGE -> "an entry of %,d bytes".formatted(extent.owner());
      default -> "kind " + extent.kind();
    };
  }

  private static boolean isZero(ByteBuffer page) {
    for (int i = 0; i < PageLayout.PAGE_BYTES; i += Long.BYTES) {
      if (page.getLong(i) != 0) {
        return false;
      }
    }
    return true;
  }

  private void structure(FileSystem fileSystem, FileNames names) throws IOException {
    OpenedStore store = Recovery.open(fileSystem, names, false, null);
    try {
      for (String problem : HmapCheck.check(store.map())) {
        find(Severity.DAMAGE, -1, problem);
      }
      OpenedStore.Report report = store.recovery();
      if (!report.wasClean()) {
        find(
            Severity.NOTE,
            -1,
            "the store was not closed; opening it replays %,d records".formatted(report.records()));
      }
    } finally {
      store.release();
    }
  }

  private void find(Severity severity, int page, String what) {
    findings.add(new Flaw(severity, page, what));
  }
}
