package dev.hmap.recovery;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.FileNames;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two header slots of a data file.
 *
 * @param sound the headers with a right checksum, that with the greater generation first; at least
 *     one
 * @param isNewestInDoubt whether a header newer than those may have been damaged
 */
public record HeaderSlots(List<StoreHeader> sound, boolean isNewestInDoubt) {
  /**
   * Reads both slots.
   *
   * @throws StoreCorruptException if neither holds a header of this library's version
   */
  public static HeaderSlots read(StoreFile data, FileNames names) throws IOException {
    List<StoreHeader> sound = new ArrayList<>();
    long bytes = data.size();
    boolean magic = false;
    ByteBuffer unsound = null;
    for (int slot = 0; slot < PageLayout.HEADER_PAGES; slot++) {
      if (bytes < PageLayout.addressOf(slot + 1)) {
        continue;
      }
      ByteBuffer page = ByteBuffer.allocateDirect(PageLayout.PAGE_BYTES);
      page.order(ByteOrder.LITTLE_ENDIAN);
      data.read(page, PageLayout.addressOf(slot));
      page.clear();
      boolean hasMagic = StoreHeader.hasMagic(page);
      magic |= hasMagic;
      if (!hasMagic || !StoreHeader.isSound(page)) {
        unsound = page;
        continue;
      }
      if (StoreHeader.version(page) != StoreHeader.VERSION) {
        throw new StoreCorruptException(
            "%s is of format version %d: this library knows version %d"
                .formatted(names.data(), StoreHeader.version(page), StoreHeader.VERSION));
      }
      StoreHeader header = StoreHeader.decode(page);
      if (StoreHeader.slotPage(header.generation()) != slot) {
        throw new StoreCorruptException(
            "%s is damaged: page %d holds the header of generation %d, which belongs to the other slot"
                .formatted(names.data(), slot, header.generation()));
      }
      sound.add(header);
    }
    if (sound.isEmpty()) {
      throw new StoreCorruptException(
          magic
              ? "%s is damaged: neither header has a right checksum".formatted(names.data())
              : bytes == 0
                  ? "%s is not an hmap store: it is empty".formatted(names.data())
                  : "%s is not an hmap store (%,d bytes)".formatted(names.data(), bytes));
    }
    checkPair(names, sound);
    sound.sort(Comparator.comparingLong(StoreHeader::generation).reversed());
    return new HeaderSlots(sound, isInDoubt(sound.getFirst(), unsound));
  }

  /** Of one store, and each written after the other: no writer leaves anything else. */
  private static void checkPair(FileNames names, List<StoreHeader> sound) {
    StoreHeader one = sound.getFirst();
    StoreHeader other = sound.getLast();
    if (sound.size() > 1
        && (Math.abs(one.generation() - other.generation()) != 1
            || one.storeIdHigh() != other.storeIdHigh()
            || one.storeIdLow() != other.storeIdLow()
            || !one.former().equals(other.former())
            || !one.geometry().equals(other.geometry()))) {
      throw new StoreCorruptException(
          "%s is damaged: its headers, of generations %d and %d, are not of one store in a row"
              .formatted(names.data(), one.generation(), other.generation()));
    }
  }

  private static boolean isInDoubt(StoreHeader newest, @Nullable ByteBuffer unsound) {
    return unsound != null
        && newest.hmap().hashWriting()
        && !StoreHeader.claimsToPrecede(unsound, newest);
  }

  /** The header that counts, unless the images of a newer one are in the log. */
  public StoreHeader newest() {
    return sound.getFirst();
  }

  /**
   * Checks that the header that counts is the newest there was. A slot that is not sound and not
   * the older one is a torn write only if the images of that checkpoint are there, or if the other
   * header is that of a clean store, about to be marked. Otherwise what stands in the file may be
   * newer than the header that is left.
   *
   * @param isCompleted whether the images of a newer header are in the log
   * @param header the one that counts
   */
  public void checkIsNewest(FileNames names, boolean isCompleted, StoreHeader header) {
    if (isNewestInDoubt && !isCompleted) {
      throw new StoreCorruptException(
          "%s is damaged: a header slot is, and generation %d of the other may not be the newest"
              .formatted(names.data(), header.generation()));
    }
  }

  /** Whether the header before the newest is there too. */
  boolean hasBefore() {
    return sound.getLast().generation() == newest().generation() - 1;
  }
}
