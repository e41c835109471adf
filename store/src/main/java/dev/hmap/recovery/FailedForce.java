package dev.hmap.recovery;

import dev.hmap.checkpoint.PageImageReader;
import dev.hmap.checkpoint.PageImageWriter;
import dev.hmap.format.FileNames;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.io.FileSystem.Mode;
import dev.hmap.io.ForceFailedException;
import dev.hmap.io.NotAFileException;
import dev.hmap.io.StoreFile;
import dev.hmap.log.LogFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a force that failed. The kernel may have dropped what it could not write, and
 * yet show it to whoever reads the file, as if it were on the medium; no later force writes it. So
 * a store that fails leaves a mark, and the next opening takes nothing for durable that it did not
 * write and force itself: it writes the images of a committed checkpoint to other slots before it
 * uses them, the header that counts once more, and all that it replays in a checkpoint of its own,
 * before it writes anything else. After a power cut, which takes that memory away, a mark that is
 * still there costs time only.
 */
public final class FailedForce {
  private FailedForce() {}

  /**
   * Leaves the mark, if a force is what failed. Its name has the store's id in it, and so is no
   * other file's.
   *
   * @param cause of the failure; gets what goes wrong meanwhile as a suppressed exception
   */
  public static void mark(FileSystem fileSystem, FileNames names, long storeId, Throwable cause) {
    if (!ForceFailedException.isCauseOf(cause)) {
      return;
    }
    try {
      Path mark = names.failed(storeId);
      if (!fileSystem.exists(mark)) {
        fileSystem.open(mark, Mode.CREATE).close();
        fileSystem.takeAfter(mark, names.data());
      }
    } catch (IOException | RuntimeException | Error e) {
      cause.addSuppressed(e);
    }
  }

  /** Takes the mark away, once all is durable. */
  public static void unmark(FileSystem fileSystem, FileNames names, long storeId)
      throws IOException {
    if (isMarked(fileSystem, names, storeId)) {
      fileSystem.delete(names.failed(storeId));
    }
  }

  static boolean isMarked(FileSystem fileSystem, FileNames names, long storeId) throws IOException {
    Path mark = names.failed(storeId);
    if (!fileSystem.exists(mark)) {
      return false;
    }
    try (StoreFile file = fileSystem.open(mark, Mode.READ)) {
      return file.size() == 0;
    } catch (NotAFileException _) {
      return false;
    }
  }

  /** Writes a committed set once more, to other slots, durably, or only its commit. */
  static void repeat(
      LogFile log,
      List<LogFile.Segment> segments,
      StoreHeader header,
      @Nullable PageImageReader images)
      throws IOException {
    log.keep(segments);
    PageImageWriter again =
        new PageImageWriter(log, header.generation(), ThreadLocalRandom.current().nextLong());
    if (images != null) {
      images.forEach((page, bytes) -> {
        if (page >= PageLayout.HEADER_PAGES) {
          again.add(page, bytes);
        }
      });
    }
    again.commit(StoreHeader.slotPage(header.generation()), header.encode());
    log.force();
    again.release();
    log.release(segments.stream().map(LogFile.Segment::slot).toList());
  }

  /** Writes the header that counts once more; should that tear it, the other one and the set do. */
  static void repeatHeader(StoreFile data, StoreHeader header) throws IOException {
    data.write(header.encode(), PageLayout.addressOf(StoreHeader.slotPage(header.generation())));
    ForceFailedException.force(data);
  }
}
