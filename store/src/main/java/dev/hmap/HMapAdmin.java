package dev.hmap;

import dev.hmap.error.HMapException;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.format.ArrayDescriptor;
import dev.hmap.format.BucketLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.HmapFields;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.Causes;
import dev.hmap.io.FileSystem;
import dev.hmap.io.Uninterruptibly;
import dev.hmap.log.LogFile;
import dev.hmap.recovery.LogTail;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.recovery.StoreFailures;
import dev.hmap.recovery.Verifier;
import dev.hmap.report.Census;
import dev.hmap.report.Compaction;
import dev.hmap.report.Inspection;
import dev.hmap.report.Location;
import dev.hmap.report.Salvage;
import dev.hmap.report.Shapes;
import dev.hmap.report.Verification;
import dev.hmap.table.KeyPlace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** What is done to a store from outside, whatever it holds. Stateless and thread-safe. */
public final class HMapAdmin {
  private HMapAdmin() {}

  /**
   * The codecs that a store remembers. Takes no lock and may be asked of a store that is open.
   *
   * @throws HMapException if there is no readable store at the path
   */
  public static Shapes shapes(Path path) {
    return Uninterruptibly.call(
        "hmap-shapes",
        () -> {
          Geometry geometry = Recovery.readHeader(FileSystem.REAL, names(path)).geometry();
          return new Shapes(geometry.keyShape(), geometry.valueShape());
        });
  }

  /**
   * Looks at a store without changing it. One that was killed is shown as opening it would make it;
   * one that is open in another process, as it was at some moment during the call.
   *
   * @throws HMapException if there is no readable store at the path
   */
  public static Inspection inspect(Path path) {
    return looking(path, store -> inspection(path, store, CensusTaker.of(store.map())));
  }

  /**
   * The same without a look at chains and entries, and so fast at any size: {@link
   * Inspection#census} is empty.
   *
   * @throws HMapException if there is no readable store at the path
   */
  public static Inspection glance(Path path) {
    return looking(path, store -> inspection(path, store, CensusTaker.none(store.map())));
  }

  /**
   * Where a key is in the file, or would be looked for. Changes nothing, and shows the store as
   * {@link #inspect} does.
   *
   * @param key its bytes, as the store's codec encodes it
   * @throws IllegalArgumentException if the store's keys are of another width
   * @throws HMapException if there is no readable store at the path
   */
  public static Location where(Path path, byte[] key) {
    return looking(path, store -> location(store, key));
  }

  /**
   * The records of a store's log, which can be read on as more are written. Opens nothing yet.
   *
   * @param path of a store
   */
  public static LogRecords log(Path path) {
    return new LogRecords(new LogTail(FileSystem.REAL, names(path)));
  }

  private static FileNames names(Path path) {
    return Recovery.names(FileSystem.REAL, path);
  }

  /** What is done with a store that is open for reading only. */
  private interface Look<T> {
    T at(OpenedStore store) throws IOException;
  }

  private static <T> T looking(Path path, Look<T> look) {
    return Uninterruptibly.call(
        "hmap-inspect",
        () -> {
          OpenedStore store = Recovery.open(FileSystem.REAL, names(path), false, null);
          try {
            return look.at(store);
          } catch (IOException e) {
            throw new StoreFailedException(
                "%s cannot be read: %s".formatted(path, Causes.of(e)), e);
          } catch (IndexOutOfBoundsException | InternalError e) {
            throw StoreFailures.damaged(store.names(), e);
          } catch (StoreCorruptException e) {
            throw new StoreCorruptException("%s is damaged: %s".formatted(path, e.getMessage()), e);
          } finally {
            release(store);
          }
        });
  }

  private static Location location(OpenedStore store, byte[] key) {
    int width = store.header().geometry().keyWidth();
    if (width > 0 && key.length != width) {
      throw new IllegalArgumentException(
          "key of %,d bytes: the store's have %,d".formatted(key.length, width));
    }
    KeyPlace place = KeyPlace.of(store.map(), key);
    return new Location(
        place.slot() >= 0,
        place.hash(),
        BucketLayout.tophash(place.hash()),
        place.array(),
        place.isOld(),
        place.b(),
        place.root(),
        place.hop(),
        place.bucket(),
        place.bucketAddress(),
        place.slot(),
        place.slotAddress(),
        place.entryAddress());
  }

  private static void release(OpenedStore store) {
    try {
      store.release();
    } catch (IOException e) {
      throw new StoreFailedException(
          "%s cannot be closed: %s".formatted(store.names().data(), Causes.of(e)), e);
    }
  }

  private static Inspection inspection(Path path, OpenedStore store, Census census)
      throws IOException {
    StoreHeader header = store.header();
    HmapFields f = store.map().fields();
    ArrayDescriptor old = f.oldbuckets();
    List<ExtentRecord> extents = new ArrayList<>(store.map().extents());
    extents.addAll(
        store.extents().stream().filter(r -> r.kind() == ExtentRecord.KIND_DIRECTORY).toList());
    long[] bytes = new long[ExtentRecord.KIND_DIRECTORY + 2];
    for (ExtentRecord r : extents) {
      boolean ofOld = r.kind() == ExtentRecord.KIND_BUCKETS && r.owner() == old.id();
      bytes[ofOld ? OLD_BUCKETS : r.kind()] += (long) PageLayout.PAGE_BYTES << r.order();
    }
    long headerBytes = PageLayout.addressOf(PageLayout.HEADER_PAGES);
    long used = headerBytes;
    for (long part : bytes) {
      used += part;
    }
    // what recovery would still have to add to the file counts as part of it
    long fileBytes = Math.max(store.data().size(), used);
    LogFile log = store.log();
    return new Inspection(
        path,
        header.geometry().keyShape(),
        header.geometry().valueShape(),
        header.geometry().keyWidth(),
        header.geometry().valueWidth(),
        header.geometry().timeToLiveMillis(),
        store.map().mark().clone(),
        header.generation(),
        store.recovery().wasClean(),
        log != null,
        store.recovery().records(),
        store.recovery().completedCheckpoint(),
        f.count(),
        f.flags() | header.hmap().flags() & HmapFields.FLAG_HASH_WRITING,
        flagNames(f.flags() | header.hmap().flags() & HmapFields.FLAG_HASH_WRITING),
        f.b(),
        f.noverflow(),
        f.hash0(),
        f.buckets().id(),
        old.id(),
        f.nevacuate(),
        f.oldNoverflow(),
        f.buckets().nextOverflow(),
        old.exists() ? old.b() : -1,
        f.sameSizeGrow(),
        (double) f.count() / (1L << f.b()),
        census.chainLengths(),
        census,
        new BucketLayout(header.geometry()).bytes(),
        fileBytes,
        headerBytes,
        bytes[ExtentRecord.KIND_DIRECTORY],
        bytes[ExtentRecord.KIND_BUCKETS],
        bytes[OLD_BUCKETS],
        bytes[ExtentRecord.KIND_SLAB],
        bytes[ExtentRecord.KIND_LARGE],
        fileBytes - used,
        f.entryBytes(),
        log == null ? 0 : log.bytes(),
        store.end().lsn(),
        store.end().sequence(),
        header.log().lsn(),
        header.log().sequence());
  }

  private static final int OLD_BUCKETS = ExtentRecord.KIND_DIRECTORY + 1;

  private static List<String> flagNames(int flags) {
    List<String> names = new ArrayList<>();
    if ((flags & HmapFields.FLAG_ITERATOR) != 0) {
      names.add("iterator");
    }
    if ((flags & HmapFields.FLAG_OLD_ITERATOR) != 0) {
      names.add("oldIterator");
    }
    if ((flags & HmapFields.FLAG_HASH_WRITING) != 0) {
      names.add("hashWriting");
    }
    if ((flags & HmapFields.FLAG_SAME_SIZE_GROW) != 0) {
      names.add("sameSizeGrow");
    }
    return names;
  }

  /**
   * Checks every checksum and the whole structure of a store, without changing it.
   *
   * @param path of a store; one that is open in another process waits meanwhile with its
   *     checkpoints
   * @param progress is told now and then how many pages were checked; on a thread of hmap's own
   * @throws HMapException if there is no readable file
   */
  public static Verification verify(Path path, LongConsumer progress) {
    return Uninterruptibly.call(
        "hmap-verify",
        () -> new Verification(Verifier.verify(FileSystem.REAL, names(path), progress)));
  }

  /**
   * Writes what is provably intact of a damaged store into a new one, and says what was lost. What
   * lies on a page with a wrong checksum, or is reached only through one, counts as lost. The log
   * is followed to its first record that is torn or damaged.
   *
   * @param path of the damaged store, which is not changed; one that is open in another process
   *     waits meanwhile with its checkpoints
   * @param fresh where no file is
   * @param progress is told now and then how many entries and operations were copied; on a thread
   *     of hmap's own
   * @throws HMapException if there is no sound header with a sound directory, or the new store
   *     cannot be written
   */
  public static Salvage salvage(Path path, Path fresh, LongConsumer progress) {
    return Uninterruptibly.call(
        "hmap-salvage", () -> Salvager.run(FileSystem.REAL, names(path), names(fresh), progress));
  }

  /**
   * Copies a store as it is at one point of its writes, which is not before the call. It may be in
   * use: writes go on meanwhile, checkpoints wait while the files are copied. The copy is a store
   * of its own, and closed.
   *
   * @param path of a store
   * @param target where no file is
   * @param progress is told now and then how many bytes were copied; on a thread of hmap's own
   * @throws HMapException if the store cannot be read or the copy not be written
   */
  public static void backup(Path path, Path target, LongConsumer progress) {
    Uninterruptibly.run(
        "hmap-backup", () -> Backup.run(FileSystem.REAL, names(path), names(target), progress));
  }

  /**
   * Rewrites a store into a new file, right-sized and without free space, and puts that in the old
   * one's place in one step. A crash at any moment leaves the old store or the new one. Needs room
   * for both.
   *
   * @param path of a store that nobody has open
   * @param progress is told now and then how many entries were copied; on a thread of hmap's own
   * @throws HMapException if the store cannot be locked or read, or there is no room
   */
  public static Compaction compact(Path path, LongConsumer progress) {
    return Uninterruptibly.call(
        "hmap-compact",
        () -> new Compactor(FileSystem.REAL, names(path), InstantSource.system()).run(progress));
  }
}
