package dev.hmap.checkpoint;

import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.LostLockException;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Whether a data file is as this process left it. Looked at before a header is written or the file
 * is cut: whoever else got in writes headers, and whoever replaces the content replaces them.
 */
public final class OwnFile {
  private OwnFile() {}

  /**
   * Makes sure of it.
   *
   * @param durable the header that this process, or who held the lock before, wrote last
   * @throws LostLockException if the lock is gone, another file has the name, or the file holds
   *     another newest header, or is shorter than that says
   */
  public static void check(StoreLock lock, StoreFile data, StoreHeader durable) throws IOException {
    lock.check();
    long bytes = data.size();
    if (bytes < durable.fileBytes()) {
      throw new LostLockException(
          "the data file was truncated while it was open: it has %,d bytes of %,d"
              .formatted(bytes, durable.fileBytes()));
    }
    ByteBuffer own = slot(data, durable.generation());
    ByteBuffer other = slot(data, durable.generation() + 1);
    boolean isNewest =
        !StoreHeader.hasMagic(other)
            || !StoreHeader.isSound(other)
            || StoreHeader.generationIn(other) < durable.generation();
    if (!own.equals(durable.encode()) || !isNewest) {
      throw new LostLockException(
          "the data file was overwritten while it was open: its newest header is not generation %d"
              .formatted(durable.generation()));
    }
  }

  private static ByteBuffer slot(StoreFile data, long generation) throws IOException {
    ByteBuffer page =
        ByteBuffer.allocateDirect(PageLayout.PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.read(page, PageLayout.addressOf(StoreHeader.slotPage(generation)));
    return page.flip();
  }
}
