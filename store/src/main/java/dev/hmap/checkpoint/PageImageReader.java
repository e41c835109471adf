package dev.hmap.checkpoint;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.Checksums;
import dev.hmap.format.PageImageLayout;
import dev.hmap.format.PageLayout;
import dev.hmap.format.SegmentHeader;
import dev.hmap.format.StoreHeader;
import dev.hmap.log.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds, in a log that a crash left, the images of a checkpoint that was committed. */
public final class PageImageReader implements PageImages {
  private final LogFile log;
  private final List<LogFile.Segment> segments;
  private final long generation;
  private final ByteBuffer image =
      ByteBuffer.allocateDirect(PageImageLayout.BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private PageImageReader(LogFile log, List<LogFile.Segment> segments, long generation) {
    this.log = log;
    this.segments = segments;
    this.generation = generation;
  }

  /**
   * The committed set of a generation, if there is one.
   *
   * @param log to read
   * @param segments all that {@link LogFile#scan} found
   * @param generation of the checkpoint
   */
  public static Optional<PageImageReader> find(
      LogFile log, List<LogFile.Segment> segments, long generation) throws IOException {
    TreeSet<Long> sets = new TreeSet<>(Comparator.reverseOrder());
    for (LogFile.Segment s : segments) {
      if (isImages(s, generation)) {
        sets.add(s.header().set());
      }
    }
    for (long set : sets) {
      List<LogFile.Segment> own =
          segments.stream()
              .filter(s -> isImages(s, generation) && s.header().set() == set)
              .sorted(Comparator.comparingInt(s -> s.header().ordinal()))
              .toList();
      PageImageReader reader = new PageImageReader(log, own, generation);
      if (reader.read(null)) {
        return Optional.of(reader);
      }
    }
    return Optional.empty();
  }

  private static boolean isImages(LogFile.Segment s, long generation) {
    return s.header().kind() == SegmentHeader.KIND_IMAGES && s.header().base() == generation;
  }

  /** Hands over every page of the set, the header slot last. */
  public void forEach(Consumer consumer) throws IOException {
    if (!read(consumer)) {
      throw new IOException("the images of checkpoint %d changed".formatted(generation));
    }
  }

  @Override
  public void forEachPage(Consumer consumer) throws IOException {
    forEach((page, bytes) -> {
      if (page >= PageLayout.HEADER_PAGES) {
        consumer.accept(page, bytes);
      }
    });
  }

  @Override
  public void release() {
    log.release(segments.stream().map(LogFile.Segment::slot).toList());
  }

  /**
   * The content of an image.
   *
   * @param index its place in the set, in the order of {@link #forEach}
   */
  public ByteBuffer content(int index) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(PageLayout.PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    log.read(
        segments.get(index / PageImageLayout.PER_SEGMENT).slot(),
        SegmentHeader.BYTES
            + index % PageImageLayout.PER_SEGMENT * PageImageLayout.BYTES
            + PageImageLayout.CONTENT,
        page);
    return page.flip();
  }

  /** The segments that hold the set. */
  public List<LogFile.Segment> segments() {
    return segments;
  }

  /** Walks the set; whether it is whole. */
  private boolean read(@Nullable Consumer consumer) throws IOException {
    Checksums checksums = new Checksums();
    int chain = 0;
    int images = 0;
    for (int ordinal = 0; ordinal < segments.size(); ordinal++) {
      LogFile.Segment s = segments.get(ordinal);
      if (s.header().ordinal() != ordinal
          || s.header().salt() != segments.getFirst().header().salt()) {
        return false;
      }
      for (int i = 0; i < PageImageLayout.PER_SEGMENT; i++) {
        log.read(s.slot(), SegmentHeader.BYTES + i * PageImageLayout.BYTES, image.clear());
        ByteBuffer summed = image.duplicate().clear().position(PageImageLayout.KIND);
        chain = checksums.chained(chain, s.header().salt(), summed);
        int kind = image.getInt(PageImageLayout.KIND);
        int page = image.getInt(PageImageLayout.PAGE);
        if (image.getInt(PageImageLayout.CRC) != chain
            || image.getInt(PageImageLayout.ORDINAL) != images
            || image.getLong(PageImageLayout.GENERATION) != generation) {
          return false;
        }
        checkPage(kind, page);
        images++;
        if (consumer != null) {
          consumer.accept(
              page,
              image
                  .slice(PageImageLayout.CONTENT, PageLayout.PAGE_BYTES)
                  .order(ByteOrder.LITTLE_ENDIAN));
        }
        if (kind == PageImageLayout.KIND_COMMIT) {
          return true;
        }
      }
    }
    return false;
  }

  private void checkPage(int kind, int page) {
    boolean isValid =
        switch (kind) {
          case PageImageLayout.KIND_PAGE ->
              page >= PageLayout.HEADER_PAGES && page < PageLayout.MAX_PAGES;
          case PageImageLayout.KIND_COMMIT -> page == StoreHeader.slotPage(generation);
          default -> false;
        };
    if (!isValid) {
      throw new StoreCorruptException(
          "the log has an image of kind %d of page %d in the checkpoint of generation %d"
              .formatted(kind, page, generation));
    }
  }
}
