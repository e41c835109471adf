package dev.hmap.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.hmap.damage.MemoryFiles;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogHead;
import dev.hmap.format.Operation;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.Creation;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.HmapIterator;
import dev.hmap.table.KeyBytes;
import dev.hmap.table.ValueCopy;
import dev.hmap.write.WriterOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store in bytes whose keys and values are texts, as small tests have it in memory. */
public final class TextStore {
  /** Where its files are. */
  public static final FileNames NAMES = new FileNames(Path.of("/store.hmap"));

  private static final long PRIVATE_MEMORY = 64 << 20;

  private TextStore() {}

  /** An empty store, closed. */
  public static MemoryFiles create() {
    return create(0);
  }

  /** An empty store, closed, whose entries live as long as is said, 0 for ever. */
  public static MemoryFiles create(long timeToLiveMillis) {
    MemoryFiles files = new MemoryFiles();
    Geometry geometry = new Geometry(0, 0, "text", "text", timeToLiveMillis);
    Creation.create(files, NAMES, geometry, 0, new Creation.Seeds(1, 2, 3, LogHead.NONE));
    return files;
  }

  /** Opens it for writing, each write forced. */
  public static WritableStore open(FileSystem files) {
    return open(Environment.REAL.with(files));
  }

  /** The same in another environment. */
  public static WritableStore open(Environment environment) {
    WriterOptions options =
        new WriterOptions(
            true, 0, () -> PRIVATE_MEMORY, WriterOptions.DEFAULT_MAX_LOG_BYTES, false);
    return WritableStore.open(environment, NAMES, null, options);
  }

  /** Opens it for reading. */
  public static FollowedStore read(FileSystem files) {
    return read(files, NAMES);
  }

  /** Opens one of another name for reading. */
  public static FollowedStore read(FileSystem files, FileNames names) {
    Environment environment = Environment.REAL.with(files);
    return FollowedStore.open(environment, names, null, () -> PRIVATE_MEMORY, false);
  }

  /** The files as they would be left, had the process died now. */
  public static MemoryFiles killed(MemoryFiles files) {
    MemoryFiles left = new MemoryFiles();
    for (Path path : new Path[] {NAMES.data(), NAMES.log()}) {
      byte[] bytes = files.copy(path);
      if (bytes != null) {
        left.put(path, bytes);
      }
    }
    return left;
  }

  /** Puts a value. */
  public static void put(WritableStore store, String key, String value) {
    boolean _ = store.write(Operation.PUT, bytes(key), value(store, value));
  }

  /** Removes a key; whether it was there. */
  public static boolean remove(WritableStore store, String key) {
    return store.write(Operation.REMOVE, bytes(key), value(store, ""));
  }

  /** The value of a key, or null. */
  public static @Nullable String get(Store store, String key) {
    ValueCopy value = new ValueCopy();
    return store.reader().find(new KeyBytes(bytes(key)), value) ? text(value.bytes()) : null;
  }

  /** All entries, in the order of their keys. */
  public static Map<String, String> content(Store store) {
    Map<String, String> all = new TreeMap<>();
    HmapIterator iterator = store.reader().iterator();
    for (EntryBytes entry = store.reader().next(iterator);
        entry != null;
        entry = store.reader().next(iterator)) {
      all.put(text(entry.key()), text(entry.value()));
    }
    return all;
  }

  /** A text as a key, or as a value where entries do not expire. */
  public static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** What {@link #bytes} made bytes of. */
  public static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  /** A value with room for its stamp. */
  private static byte[] value(Store store, String text) {
    byte[] value = bytes(text);
    int stamp = store.geometry().stampBytes();
    byte[] stamped = new byte[stamp + value.length];
    System.arraycopy(value, 0, stamped, stamp, value.length);
    return stamped;
  }
}
