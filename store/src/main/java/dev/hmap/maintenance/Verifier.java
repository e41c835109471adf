package dev.hmap.maintenance;

import dev.hmap.error.HMapException;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.FileNames;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.DataPages;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.recovery.StoreFailures;
import dev.hmap.report.Finding;
import dev.hmap.table.HmapCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
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

  private final DataPages pages;
  private final LongConsumer progress;
  private final List<Finding> findings = new ArrayList<>();
  private long pagesChecked;

  private Verifier(DataPages pages, LongConsumer progress) {
    this.pages = pages;
    this.progress = progress;
  }

  /**
   * Checks a store that nobody has open for writing in another process, or that waits while it is
   * checked.
   *
   * @param progress is called now and then with the number of pages checked
   * @return what was found; no damage if the store is sound
   * @throws HMapException if it cannot be read at all
   */
  public static List<Finding> verify(
      FileSystem fileSystem, FileNames names, LongConsumer progress) {
    try (StoreReading reading = StoreReading.open(fileSystem, names)) {
      Verifier verifier = new Verifier(reading.pages(), progress);
      verifier.run(reading);
      if (verifier.findings.stream().noneMatch(Finding::isDamage)) {
        verifier.structure(fileSystem, names);
      }
      return verifier.findings;
    } catch (StoreCorruptException e) {
      return List.of(Finding.damage(-1, String.valueOf(e.getMessage())));
    } catch (IndexOutOfBoundsException | InternalError e) {
      return List.of(
          Finding.damage(-1, String.valueOf(StoreFailures.damaged(names, e).getMessage())));
    } catch (IOException e) {
      throw StoreFailures.failure(names, "cannot be verified", e);
    }
  }

  private void run(StoreReading reading) throws IOException {
    for (int slot = 0; slot < PageLayout.HEADER_PAGES; slot++) {
      ByteBuffer page = pages.page(slot);
      boolean isEmpty = PageSums.isZero(page);
      if (!isEmpty && !StoreHeader.isSound(page)) {
        // of the header that counts, the slot may be torn if images hold it: opening writes it
        // again
        boolean isFromImages = slot == StoreHeader.slotPage(reading.header().generation());
        findings.add(
            Finding.note(
                slot,
                "the header slot has a wrong checksum; "
                    + (isFromImages
                        ? "opening the store writes it again"
                        : "the other one counts")));
      }
    }
    for (ExtentRecord extent : reading.directory().extents()) {
      if (extent.kind() != ExtentRecord.KIND_DIRECTORY) {
        extent(reading, extent);
      }
    }
  }

  private void extent(StoreReading reading, ExtentRecord extent) throws IOException {
    PageSums sums = new PageSums(pages);
    for (int i = 0; i < 1 << extent.order(); i++) {
      long sum = sums.sum(extent, i);
      String flaw = sums.flaw(extent, i, sum);
      if (flaw == null && PageSums.isNewer(sum, reading.header())) {
        flaw = "it is of a newer state than the header: " + PageSums.meaning(extent);
      }
      if (flaw != null) {
        findings.add(Finding.damage(extent.page() + i, flaw));
      }
      if ((++pagesChecked & PROGRESS_MASK) == 0) {
        progress.accept(pagesChecked);
      }
    }
  }

  private void structure(FileSystem fileSystem, FileNames names) throws IOException {
    try (OpenedStore store = Recovery.open(fileSystem, names, false, null)) {
      for (String problem : HmapCheck.check(store.map())) {
        findings.add(Finding.damage(-1, problem));
      }
      OpenedStore.Report report = store.recovery();
      if (!report.wasClean()) {
        findings.add(
            Finding.note(
                -1,
                "the store was not closed; opening it replays %,d records"
                    .formatted(report.records())));
      }
    }
  }
}
