package dev.hmap.maintenance;

import dev.hmap.checkpoint.PageImageReader;
import dev.hmap.error.HMapException;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.ArrayDescriptor;
import dev.hmap.format.Directory;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.HmapFields;
import dev.hmap.format.LogHead;
import dev.hmap.format.LogPosition;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.FileSystem;
import dev.hmap.io.FileSystem.Mode;
import dev.hmap.log.LogFile;
import dev.hmap.log.LogReader;
import dev.hmap.recovery.DataPages;
import dev.hmap.recovery.DirectoryReader;
import dev.hmap.recovery.HeaderSlots;
import dev.hmap.recovery.LockedStore;
import dev.hmap.recovery.StoreFailures;
import dev.hmap.report.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is provably intact of a store that may be damaged anywhere, and never writes. An entry
 * is intact if every page that it and the way to it lie on has the sum that the checkpoint gave it,
 * and if it stands where its hash says. Buckets after a damaged one are found by looking at all.
 *
 * <p>One thread, and not one that users may interrupt.
 */
public final class DamagedStore implements AutoCloseable {
  /** Takes entries. */
  @FunctionalInterface
  public interface Consumer {
    /** One entry. */
    void accept(byte[] key, byte[] value);
  }

  private final FileNames names;
  private final LockedStore files;
  private final @Nullable LogFile log;
  private final StoreHeader header;
  private final Directory directory;
  private final List<Finding> findings;
  private final SoundPages sound;
  private final long count;
  private long intact;

  private DamagedStore(
      FileNames names,
      LockedStore files,
      @Nullable LogFile log,
      DataPages pages,
      StoreHeader header,
      Directory directory,
      long count,
      List<Finding> findings) {
    this.names = names;
    this.files = files;
    this.log = log;
    this.header = header;
    this.directory = directory;
    this.count = count;
    this.findings = findings;
    this.sound = new SoundPages(pages, header, directory.extents(), findings);
  }

  /**
   * Opens a store as far as it goes: the newest state whose header and directory are sound.
   *
   * @throws HMapException if there is no such state
   */
  public static DamagedStore open(FileSystem fileSystem, FileNames names) {
    try {
      LockedStore files = LockedStore.open(fileSystem, names, false);
      LogFile log = null;
      DamagedStore opened = null;
      try {
        List<StoreHeader> headers = HeaderSlots.read(files.data(), names).sound();
        if (fileSystem.exists(names.log())) {
          LogHead head = LogHead.of(headers.getFirst());
          log =
              LogFile.ofDamaged(
                  fileSystem.open(names.log(), Mode.READ),
                  head,
                  headers.getFirst().log().segment());
        }
        opened = open(names, files, log, headers);
        return opened;
      } finally {
        if (opened == null) {
          try (LockedStore _ = files;
              LogFile _ = log) {
            // what was opened is closed again
          }
        }
      }
    } catch (IOException e) {
      throw StoreFailures.failure(names, "cannot be read", e);
    }
  }

  private static DamagedStore open(
      FileNames names, LockedStore files, @Nullable LogFile log, List<StoreHeader> headers)
      throws IOException {
    List<Finding> findings = new ArrayList<>();
    StoreCorruptException first = null;
    long count = headers.getFirst().hmap().count();
    for (StoreHeader found : headers) {
      DataPages pages = new DataPages(files.data(), names);
      try {
        StoreHeader header = found;
        if (log != null) {
          Optional<PageImageReader> images =
              PageImageReader.find(log, log.scan(), found.generation() + 1);
          if (images.isPresent()) {
            header = pages.overlay(found, images.get());
            count = first == null ? header.hmap().count() : count;
          }
        }
        Directory directory = DirectoryReader.read(pages, header);
        return new DamagedStore(names, files, log, pages, header, directory, count, findings);
      } catch (StoreCorruptException e) {
        first = first == null ? e : first;
        findings.add(
            Finding.damage(
                StoreHeader.slotPage(found.generation()),
                "state %d cannot be used: %s".formatted(found.generation(), e.getMessage())));
      }
    }
    throw first == null ? new StoreCorruptException(names.data() + " has no header") : first;
  }

  /** The shapes of keys and values. */
  public Geometry geometry() {
    return header.geometry();
  }

  /** The user's mark, as the checkpoint has it. */
  public byte[] mark() {
    return directory.mark();
  }

  /** What has expired at this time is gone; milliseconds since 1970, 0 if entries do not expire. */
  public long horizon() {
    return header.horizon();
  }

  /** Entries that the newest state held, whether its directory is sound or not. */
  public long count() {
    return count;
  }

  /** Entries of the state that {@link #forEachEntry} found. */
  public long intact() {
    return intact;
  }

  /** What was found to be damaged so far, at most 10,000 lines. */
  public List<Finding> findings() {
    return findings;
  }

  /** Hands over every intact entry of the state, in no order. */
  public void forEachEntry(Consumer consumer) throws IOException {
    HmapFields fields = header.hmap();
    DamagedArray current = array(fields.buckets());
    DamagedArray old = fields.oldbuckets().exists() ? array(fields.oldbuckets()) : null;
    for (int root = 0; root < (old == null ? current : old).roots(); root++) {
      if (old == null) {
        current.walk(root, consumer);
      } else {
        walkEither(old, current, root, consumer);
      }
    }
    current.walkOrphans(consumer);
    intact = current.intact();
    if (old != null) {
      old.walkOrphans(consumer);
      intact += old.intact();
    }
  }

  private DamagedArray array(ArrayDescriptor descriptor) {
    return new DamagedArray(sound, header, descriptor, directory.extents());
  }

  private void walkEither(DamagedArray old, DamagedArray current, int root, Consumer consumer)
      throws IOException {
    int unit = root & Math.min(old.roots(), current.roots()) - 1;
    if (!directory.evacuated().contains(unit)) {
      old.walk(root, consumer);
      return;
    }
    for (int to = root; to < current.roots(); to += old.roots()) {
      current.walk(to, consumer);
    }
  }

  // ---------------------------------------------------------------- log

  /**
   * Hands over the operations since the state, up to the first that is damaged or torn.
   *
   * @param handler see {@link LogReader}
   */
  public void followLog(LogReader.Handler handler) throws IOException {
    if (log == null) {
      if (header.hmap().hashWriting()) {
        sound.find(-1, "%s is missing: what was written last is lost".formatted(names.log()));
      }
      return;
    }
    LogPosition end = new LogReader(log, log.scan()).read(header.log(), handler);
    StoreHeader newest = HeaderSlots.read(files.data(), names).newest();
    if (end.lsn() < newest.log().lsn()) {
      sound.find(
          -1,
          "the log ends at %,d, before state %d at %,d: what lies between is lost"
              .formatted(end.lsn(), newest.generation(), newest.log().lsn()));
    }
  }

  @Override
  public void close() throws IOException {
    try (LockedStore _ = files;
        LogFile _ = log) {
      // closed in reverse order
    }
  }
}
