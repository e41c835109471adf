package dev.hmap.maintenance;

import dev.hmap.error.StoreAccessException;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.HmapFields;
import dev.hmap.format.LogHead;
import dev.hmap.format.Operation;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.Causes;
import dev.hmap.io.FileSystem;
import dev.hmap.io.ForceFailedException;
import dev.hmap.io.StoreLock;
import dev.hmap.log.LogFile;
import dev.hmap.recovery.FailedForce;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.recovery.StoreFailures;
import dev.hmap.recovery.Workshop;
import dev.hmap.report.Compaction;
import dev.hmap.store.OperationBatch;
import dev.hmap.store.WritableStore;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.Hmap;
import dev.hmap.table.HmapIterator;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a store: opened as recovery does, copied to a store in a workshop, which is closed and
 * so durable; then that one is renamed over the old. A log that the old store leaves behind is
 * deleted once the new name is durable; the new store knows it by the id of the old one.
 */
public final class Compactor {
  private static final int BATCH_BYTES = 1 << 20;
  private static final int PROGRESS_MASK = (1 << 14) - 1;

  private final FileSystem fileSystem;
  private final FileNames names;
  private final InstantSource time;

  /**
   * A compaction that is yet to be run.
   *
   * @param time tells what has expired, and is left behind
   */
  public Compactor(FileSystem fileSystem, FileNames names, InstantSource time) {
    this.fileSystem = fileSystem;
    this.names = names;
    this.time = time;
  }

  /**
   * Runs it.
   *
   * @param progress is called now and then with the number of entries copied
   */
  public Compaction run(LongConsumer progress) {
    checkNames();
    try (OpenedStore store = Recovery.open(fileSystem, names, true, null)) {
      return run(store, progress);
    } catch (IOException e) {
      throw StoreFailures.failure(names, "cannot be compacted", e);
    }
  }

  /**
   * Under the lock, for a store that is open elsewhere is refused first; and before anything is
   * written. A crash may have left the file's first name beside its last one, which is not a name
   * of a user's.
   */
  private void checkNames() {
    if (!Recovery.exists(fileSystem, names)) {
      return; // opening it says so
    }
    int links;
    try (StoreLock _ = fileSystem.lockForWriting(names.data())) {
      Workshop.removeLeft(fileSystem, names);
      links = fileSystem.links(names.data());
    } catch (IOException e) {
      throw new StoreAccessException(
          "%s cannot be locked: %s".formatted(names.data(), Causes.of(e)), e);
    }
    if (links > 1) {
      throw new StoreAccessException(
          "%s cannot be compacted: it has %,d hard links, of which the others would keep the old file"
              .formatted(names.data(), links));
    }
  }

  private Compaction run(OpenedStore store, LongConsumer progress) throws IOException {
    long bytesBefore = store.header().fileBytes();
    if (store.header().geometry().expires()) {
      Hmap map = store.map();
      long now = Math.min(time.millis(), Geometry.MAX_TIME_MILLIS);
      map.advanceHorizon(Math.max(map.horizon(), now));
      map.setTime(InstantSource.fixed(Instant.ofEpochMilli(map.horizon())));
    }
    try (FreshStore fresh = new FreshStore(fileSystem, names)) {
      copy(store, fresh, progress);
      store.space().close();
      store.lock().check();
      fresh.replace();
    }
    LogFile log = store.log();
    if (log != null && log.isAt(names.log())) {
      fileSystem.delete(names.log());
      ForceFailedException.forceFolder(fileSystem, names.folder());
    }
    FailedForce.unmark(fileSystem, names, store.header().storeIdLow());
    StoreHeader after = Recovery.readHeader(fileSystem, names);
    HmapFields old = store.map().fields();
    HmapFields compacted = after.hmap(); // without what had expired
    return new Compaction(
        compacted.count(),
        bytesBefore,
        after.fileBytes(),
        (double) old.count() / (1L << old.b()),
        (double) compacted.count() / (1L << compacted.b()));
  }

  private static void copy(OpenedStore store, FreshStore fresh, LongConsumer progress) {
    Geometry geometry = store.header().geometry();
    try (WritableStore to = fresh.create(geometry, kept(store), LogHead.of(store.header()))) {
      Copying copying = new Copying(new HmapIterator(store.map().stampReader()), progress);
      while (copying.next != null) {
        boolean _ = to.write(copying.batch());
      }
      byte[] mark = store.map().mark();
      if (mark.length > 0) {
        OperationBatch batch = new OperationBatch(0);
        batch.mark(mark);
        boolean _ = to.write(batch);
      }
      if (geometry.expires()) {
        byte[] expire = Operation.expire(store.map().horizon());
        boolean _ = to.writeLogged(expire, 0, expire.length);
      }
      progress.accept(copying.done);
    }
  }

  /** The number of entries that have not expired. */
  private static long kept(OpenedStore store) {
    if (!store.header().geometry().expires()) {
      return store.map().count();
    }
    HmapIterator all = new HmapIterator(store.map().stampReader());
    long kept = 0;
    while (all.next() != null) {
      kept++;
    }
    return kept;
  }

  /** How far the copy is. */
  private static final class Copying {
    final HmapIterator all;
    final LongConsumer progress;
    @Nullable EntryBytes next;
    long done;

    Copying(HmapIterator all, LongConsumer progress) {
      this.all = all;
      this.progress = progress;
      this.next = all.next();
    }

    /** The next entries. */
    OperationBatch batch() {
      OperationBatch batch = new OperationBatch(0);
      for (EntryBytes e = next; e != null && batch.bytes() < BATCH_BYTES; e = next) {
        batch.put(e.key(), e.value());
        if ((++done & PROGRESS_MASK) == 0) {
          progress.accept(done);
        }
        next = all.next();
      }
      return batch;
    }
  }
}
