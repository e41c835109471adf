package dev.hmap;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A durable lookup table: a {@link ConcurrentMap} whose buckets lie in a memory-mapped file.
 *
 * <p>It grows without pre-sizing and without a rehash pause. After a crash or a power cut it opens
 * as an exact prefix of the writes it was given, with every acknowledged durable write in it.
 *
 * <p><b>Threads.</b> Any number of threads may read and write. Reads take no lock and make no
 * system call. Writes are applied one after another by one thread; a write returns when it has the
 * {@link Durability} the map was opened with. An interrupt does not end a call, and the flag is
 * kept.
 *
 * <p><b>Limits.</b> Keys up to 65,535 bytes, values up to 16 MiB, a data file up to 1 TiB. Neither
 * keys nor values may be null.
 *
 * <p><b>Errors.</b> Everything of hmap's own is an {@link dev.hmap.error.HMapException}. Any method
 * may throw {@link dev.hmap.error.StoreClosedException} after {@link #close}, and {@link
 * dev.hmap.error.StoreCorruptException} if the file is damaged. Any write may throw {@link
 * dev.hmap.error.EntryTooLargeException}, {@link dev.hmap.error.StoreFullException} (nothing was
 * written; try again when there is room), or {@link dev.hmap.error.StoreFailedException} (the store
 * refuses writes until it is opened anew). A map that was opened {@linkplain HMapBuilder#readOnly
 * for reading} throws {@link UnsupportedOperationException} for writes.
 *
 * <p><b>Iteration</b> is right while the map changes and grows: an entry present throughout is
 * returned exactly once, one removed before it is reached is not, one added meanwhile may be. The
 * order is without meaning; while nobody changes the map it is the same each time.
 *
 * @param <K> keys
 * @param <V> values
 */
public interface HMap<K, V> extends ConcurrentMap<K, V>, AutoCloseable {
  /**
   * Opens the store at a path, creating it if there is none, with {@link Durability#SYNC}.
   *
   * @param path of the data file, by custom ending in {@code .hmap}
   * @param keys how keys are encoded
   * @param values how values are encoded
   * @throws dev.hmap.error.HMapException of the kind that says what is wrong
   */
  static <K, V> HMap<K, V> open(Path path, Codec<K> keys, Codec<V> values) {
    return at(path, keys, values).open();
  }

  /** The same with options, which end in {@link HMapBuilder#open}. */
  static <K, V> HMapBuilder<K, V> at(Path path, Codec<K> keys, Codec<V> values) {
    return new HMapBuilder<>(path, keys, values);
  }

  /** Entries, also where there are more than an {@code int} can say. */
  long mappingCount();

  /**
   * Like {@link #put}, without waiting. Futures are completed in the order of the calls of one
   * thread, on a thread of hmap's own that is not the writer.
   *
   * @return completes with the previous value, or null if there was none
   */
  CompletableFuture<@Nullable V> putAsync(K key, V value);

  /** Like {@link #remove(Object)}, without waiting. See {@link #putAsync}. */
  CompletableFuture<@Nullable V> removeAsync(K key);

  /**
   * Writes several entries as one record of the log: after a crash all of it is there or none.
   * Readers may see its parts one after another.
   *
   * @param filler is given the batch, on this thread; if it throws, nothing is written
   */
  void write(Consumer<Batch<K, V>> filler);

  /** Returns when every write that returned before survives a power cut. */
  void sync();

  /** Returns when a checkpoint holds every write that returned before. */
  void checkpoint();

  /** How the store stands. */
  HMapStats stats();

  /**
   * Completes the writes that were begun, makes a last checkpoint, and closes the files, so that
   * the data file stands alone. Idempotent.
   */
  @Override
  void close();

  /** Collects what {@link HMap#write} writes. For the filler's thread only. */
  interface Batch<K, V> {
    /** Associates a value with a key. */
    void put(K key, V value);

    /** Removes a key. */
    void remove(K key);
  }
}
