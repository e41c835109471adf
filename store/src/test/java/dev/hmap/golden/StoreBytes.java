package dev.hmap.golden;

import dev.hmap.format.Geometry;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.Recovery;
import dev.hmap.store.Environment;
import dev.hmap.store.FollowedStore;
import dev.hmap.store.Store;
import dev.hmap.store.WritableStore;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.HmapIterator;
import dev.hmap.table.KeyBytes;
import dev.hmap.table.ValueCopy;
import dev.hmap.write.WriterOptions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A golden store as bytes, values after their stamps. */
final class StoreBytes {
  private StoreBytes() {}

  /** What a store says of its keys and values. */
  static Geometry geometry(FileSystem files) {
    return Recovery.readHeader(files, GoldenFiles.NAMES).geometry();
  }

  /** Opens it for reading. */
  static FollowedStore read(FileSystem files, InstantSource clock) {
    return FollowedStore.open(
        environment(files, clock),
        GoldenFiles.NAMES,
        null,
        WriterOptions::defaultPrivateMemory,
        true);
  }

  /** Opens it for writing. */
  static WritableStore write(FileSystem files, InstantSource clock) {
    return WritableStore.open(
        environment(files, clock), GoldenFiles.NAMES, null, WriterOptions.ofCopy());
  }

  private static Environment environment(FileSystem files, InstantSource clock) {
    return Environment.REAL.with(files).with(clock);
  }

  /** All of its entries. */
  static List<EntryBytes> entries(Store store) {
    List<EntryBytes> all = new ArrayList<>();
    HmapIterator iterator = store.reader().iterator();
    for (EntryBytes e = store.reader().next(iterator);
        e != null;
        e = store.reader().next(iterator)) {
      all.add(e);
    }
    return all;
  }

  /** The value of a key, or null. */
  static byte @Nullable [] get(Store store, byte[] key) {
    ValueCopy value = new ValueCopy();
    return store.reader().find(new KeyBytes(key), value) ? value.bytes() : null;
  }
}
