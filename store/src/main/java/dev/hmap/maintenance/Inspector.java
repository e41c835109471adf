package dev.hmap.maintenance;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.format.ArrayDescriptor;
import dev.hmap.format.BucketLayout;
import dev.hmap.format.ExtentRecord;
import dev.hmap.format.FileNames;
import dev.hmap.format.HmapFields;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.Causes;
import dev.hmap.io.FileSystem;
import dev.hmap.log.LogFile;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.recovery.StoreFailures;
import dev.hmap.report.Census;
import dev.hmap.report.Inspection;
import dev.hmap.report.Location;
import dev.hmap.table.KeySearch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at a store without changing it: opens it for reading, as recovery would make it. Not on a
 * thread that users may interrupt.
 */
public final class Inspector {
  private static final int OLD_BUCKETS = ExtentRecord.KIND_DIRECTORY + 1;

  private final FileSystem fileSystem;
  private final Path path;

  /**
   * An inspector of one store.
   *
   * @param path as the user gave it
   */
  public Inspector(FileSystem fileSystem, Path path) {
    this.fileSystem = fileSystem;
    this.path = path;
  }

  /** The state of a store, with a census of all its chains and entries. */
  public Inspection inspect() {
    return withStore(store -> inspection(store, CensusTaker.of(store.map())));
  }

  /** The same with an empty census. */
  public Inspection glance() {
    return withStore(store -> inspection(store, CensusTaker.none(store.map())));
  }

  /**
   * Where a key is in the file, or would be looked for.
   *
   * @throws IllegalArgumentException if the store's keys are of another width
   */
  public Location where(byte[] key) {
    return withStore(store -> location(store, key));
  }

  private interface Query<T> {
    T of(OpenedStore store) throws IOException;
  }

  private <T> T withStore(Query<T> query) {
    FileNames names = Recovery.names(fileSystem, path);
    try (OpenedStore store = Recovery.open(fileSystem, names, false, null)) {
      return answer(query, store);
    }
  }

  private <T> T answer(Query<T> query, OpenedStore store) {
    try {
      return query.of(store);
    } catch (IOException e) {
      throw new StoreFailedException("%s cannot be read: %s".formatted(path, Causes.of(e)), e);
    } catch (IndexOutOfBoundsException | InternalError e) {
      throw StoreFailures.damaged(store.names(), e);
    } catch (StoreCorruptException e) {
      throw new StoreCorruptException("%s is damaged: %s".formatted(path, e.getMessage()), e);
    }
  }

  private static Location location(OpenedStore store, byte[] key) {
    int width = store.header().geometry().keyWidth();
    if (width > 0 && key.length != width) {
      throw new IllegalArgumentException(
          "key of %,d bytes: the store's have %,d".formatted(key.length, width));
    }
    return KeySearch.find(store.map(), key);
  }

  private Inspection inspection(OpenedStore store, Census census) throws IOException {
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
}
