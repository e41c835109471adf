package dev.hmap;

import dev.hmap.HMapAdmin.Compaction;
import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.DiskFull;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.HmapIterator;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a store: recovered in place first, so that it is whole; copied to a store under the
 * temporary name, which is closed and so durable; then that one is renamed over the old. A log that
 * the old store leaves behind belongs to another store id and is ignored until it is deleted.
 */
final class Compactor {
  private static final int BATCH_BYTES = 1 << 20;
  private static final int PROGRESS_MASK = (1 << 14) - 1;

  private final FileSystem fileSystem;
  private final FileNames names;
  private final FileNames fresh;

  Compactor(FileSystem fileSystem, FileNames names) {
    this.fileSystem = fileSystem;
    this.names = names;
    this.fresh = new FileNames(names.fresh());
  }

  Compaction run(LongConsumer progress) {
    OpenedStore store = Recovery.open(fileSystem, names, true, null);
    try {
      return run(store, progress);
    } catch (IOException e) {
      String message = "%s cannot be compacted: %s".formatted(names.data(), e.getMessage());
      throw DiskFull.is(e)
          ? new StoreFullException(message, e)
          : new StoreFailedException(message, e);
    } finally {
      release(store);
    }
  }

  private void release(OpenedStore store) {
    try {
      store.release();
    } catch (IOException e) {
      throw new StoreFailedException(
          "%s cannot be closed: %s".formatted(names.data(), e.getMessage()), e);
    }
  }

  private Compaction run(OpenedStore store, LongConsumer progress) throws IOException {
    long bytesBefore = store.header().fileBytes();
    boolean done = false;
    try {
      deleteFresh();
      copy(store, progress);
      if (fileSystem.exists(fresh.log())) { // closing it found no room for its last checkpoint
        throw new StoreFullException(
            "%s cannot be compacted: there is no room for both".formatted(names.data()));
      }
      store.space().close();
      fileSystem.rename(names.fresh(), names.data());
      fileSystem.delete(names.log());
      fileSystem.forceFolder(names.folder());
      done = true;
    } finally {
      if (!done) {
        deleteFresh();
      }
    }
    StoreHeader after = Recovery.readHeader(fileSystem, names);
    long count = store.map().count();
    return new Compaction(
        count,
        bytesBefore,
        after.fileBytes(),
        (double) count / (1L << store.map().fields().b()),
        (double) count / (1L << after.hmap().b()));
  }

  private void deleteFresh() throws IOException {
    fileSystem.delete(fresh.data());
    fileSystem.delete(fresh.log());
    fileSystem.delete(fresh.lock());
  }

  private void copy(OpenedStore store, LongConsumer progress) {
    Geometry geometry = store.header().geometry();
    Codec<byte[]> keys = new RawCodec(geometry.keyShape(), geometry.keyWidth());
    Codec<byte[]> values = new RawCodec(geometry.valueShape(), geometry.valueWidth());
    try (HMap<byte[], byte[]> to =
        new HMapBuilder<>(fresh.data(), keys, values)
            .fileSystem(fileSystem)
            .expectedEntries(store.map().count())
            .durability(Durability.ASYNC)
            .create()) {
      Copying copying = new Copying(new HmapIterator(store.map().reader()), progress);
      while (copying.next != null) {
        to.write(copying::fill);
      }
      progress.accept(copying.done);
    }
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

    void fill(HMap.Batch<byte[], byte[]> batch) {
      long bytes = 0;
      for (EntryBytes e = next; e != null && bytes < BATCH_BYTES; e = next) {
        batch.put(e.key, e.value);
        bytes += e.key.length + e.value.length;
        if ((++done & PROGRESS_MASK) == 0) {
          progress.accept(done);
        }
        next = all.next();
      }
    }
  }

  /** The bytes of a codec, under its name. */
  private record RawCodec(String shape, int width) implements Codec<byte[]> {
    @Override
    public byte[] encode(byte[] value) {
      return value;
    }

    @Override
    public byte[] decode(byte[] bytes, int offset, int length) {
      return Arrays.copyOfRange(bytes, offset, offset + length);
    }
  }
}
