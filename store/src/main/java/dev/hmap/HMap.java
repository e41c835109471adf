package dev.hmap;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A durable lookup table: a {@link ConcurrentMap} whose buckets lie in a memory-mapped file.
 *
 * <p>It grows without pre-sizing and without a rehash pause. After a crash or a power cut it opens
 * as an exact prefix of the writes it was given, with every acknowledged durable write in it.
 *
 * {@snippet class="dev.hmap.snippets.MapSnippets" region="open"}
 *
 * <p>Writing, reading and iterating are those of {@link ConcurrentMap}:
 *
 * {@snippet class="dev.hmap.snippets.MapSnippets" region="write"}
 *
 * {@snippet class="dev.hmap.snippets.MapSnippets" region="read"}
 *
 * {@snippet class="dev.hmap.snippets.MapSnippets" region="iterate"}
 *
 * <p><b>Threads.</b> Any number of threads may read and write. Reads take no lock and make no
 * system call. Writes are applied one after another by one thread; a write returns when it has the
 * {@link Durability} the map was opened with. An interrupt does not end a call, and the flag is
 * kept.
 *
 * <p><b>Limits.</b> Keys up to 65,535 bytes, values up to 16 MiB, a data file up to 1 TiB, about
 * 1.37 million values over 128 KiB. Neither keys nor values may be null.
 *
 * <p><b>Errors.</b> Everything of hmap's own is an {@link dev.hmap.error.HMapException}. Any method
 * may throw {@link dev.hmap.error.StoreClosedException} after {@link #close}, and {@link
 * dev.hmap.error.StoreCorruptException} if the file is damaged. Any write may throw {@link
 * dev.hmap.error.EntryTooLargeException}, {@link dev.hmap.error.StoreFullException} (the disk is
 * full, or a limit would be passed; nothing was written, and what needs no room goes on), or {@link
 * dev.hmap.error.StoreFailedException} (the store refuses writes until it is reopened). A map that
 * was opened {@linkplain HMapBuilder#readOnly for reading} throws {@link
 * UnsupportedOperationException} for writes.
 *
 * <p><b>Iteration</b> is Go's, right while the map changes and grows: an entry present throughout
 * is returned exactly once, one removed before it is reached is not, one added meanwhile may be.
 * {@code next} returns an entry as it is then, unless {@code hasNext} said that there is one and it
 * was removed since. The order differs each time, also between {@code keySet} and {@code values}.
 *
 * <p><b>Equality</b> of keys is that of their bytes. Values are equal if {@code equals} of what is
 * read says so, whatever their bytes, but for {@code byte[]}, which are compared by content
 * wherever a method takes a value to compare with; not so in {@code equals} and {@code hashCode} of
 * entries, of the map, and of records that have such a component. To look for what can be no key,
 * because it is too long say, finds nothing; of another class, it is a {@link ClassCastException}.
 *
 * <p><b>Many at once.</b> {@code putAll}, and the views' {@code removeIf}, {@code removeAll} and
 * {@code retainAll}, write some 1,000 operations or 1 MiB as one batch. A crash, or an exception of
 * a function, leaves the batches before. What {@code entrySet} and {@code values} remove so is
 * removed only if it still has the value that was judged; {@code Iterator.remove} goes by the key.
 *
 * <p><b>Functions, codecs, completions and loggers</b> may throw, block, and use the map. The
 * former two run on the caller's thread, and what they throw reaches the caller; see {@link
 * #putAsync} for completions. Messages are logged by a thread of their own. A function that writes
 * the very key that {@code compute} or {@code merge} calls it for ends in an {@link
 * IllegalStateException}.
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

  /**
   * Entries, also where there are more than an {@code int} can say. Where entries expire, those
   * that have and are not removed yet are counted.
   */
  long mappingCount();

  // ---------------------------------------------------------------- reading

  /**
   * The values of several keys. Looks at where all of them would lie before it waits for the first,
   * so that the memory's delays overlap: for random keys of a large map this is somewhat faster
   * than one {@link #get} after another. Each value is read by itself; together they are no
   * snapshot.
   *
   * @return the keys that are present with their values, in the order given; the caller's own
   */
  Map<K, V> getAll(Collection<? extends K> keys);

  /**
   * Reads a value where it lies, without copying it.
   *
   * <p>The segment is a window on memory that the writer may be changing. So {@code reader} may be
   * called several times, may meet bytes of half a change, and must do nothing but compute a result
   * from them; only what it returns last counts, and what it throws, errors too, counts only then.
   * The segment must not be used after it has returned. It has no alignment: read it with unaligned
   * layouts. After some calls that met a change it is given a copy, so that it is not called for
   * ever, not even if it writes to the entry itself.
   *
   * @param key to look for
   * @param reader is given the bytes that the value's codec made
   * @return what {@code reader} made of the value; null if the key is absent
   */
  <R> @Nullable R read(K key, Function<? super MemorySegment, ? extends R> reader);

  /**
   * The mark that the last {@linkplain Batch#mark batch with one} set; it survives what that batch
   * survives, and is there when the store is opened.
   *
   * @return a copy; empty if none was ever set
   */
  byte[] mark();

  /**
   * Moves a map that was opened {@linkplain HMapBuilder#readOnly for reading} to the newest point
   * of the store's writes: it replays what the writer has logged since. Where a checkpoint of the
   * writer waits for this reader, it lets that pass and reopens the store, for which reads of other
   * threads wait some milliseconds. Does nothing for a map that is open for writing.
   *
   * <p>What is seen is a prefix of the writes, and never an earlier one than before. It may hold
   * writes that a power cut would take away. Iterations go on across it.
   *
   * @throws dev.hmap.error.HMapException if the store cannot be reopened; then this map is closed
   */
  void refresh();

  // ---------------------------------------------------------------- writing

  /**
   * Like {@link #put}, without waiting for the write. Waits for a place while some thousand writes
   * are on their way. Futures are completed in the order of the calls of one thread: before the
   * call returns where the write could be carried out at once, as with {@link Durability#ASYNC} it
   * mostly can; else on a thread of hmap's own that is not the writer. What hangs on them holds up
   * no write, and the completion of others for a moment: if it blocks, another thread goes on with
   * these.
   *
   * {@snippet class="dev.hmap.snippets.MapSnippets" region="async"}
   *
   * @return completes with the previous value, or null if there was none
   */
  CompletableFuture<@Nullable V> putAsync(K key, V value);

  /** Like {@link #putIfAbsent}, without waiting. See {@link #putAsync}. */
  CompletableFuture<@Nullable V> putIfAbsentAsync(K key, V value);

  /** Like {@link #replace(Object, Object)}, without waiting. See {@link #putAsync}. */
  CompletableFuture<@Nullable V> replaceAsync(K key, V value);

  /**
   * Like {@link #replace(Object, Object, Object)}, without waiting, if the codec of the values is
   * one of hmap's for single values; with another one it waits for the writes before, to compare
   * their values. See {@link #putAsync}.
   */
  CompletableFuture<Boolean> replaceAsync(K key, V oldValue, V newValue);

  /** Like {@link #remove(Object)}, without waiting. See {@link #putAsync}. */
  CompletableFuture<@Nullable V> removeAsync(K key);

  /** Like {@link #remove(Object, Object)}; waits as {@code replaceAsync} does. */
  CompletableFuture<Boolean> removeAsync(K key, V value);

  /**
   * Writes several entries as one record of the log: after a crash all of it is there or none.
   * Readers may see its parts one after another, in their order.
   *
   * {@snippet class="dev.hmap.snippets.MapSnippets" region="batch"}
   *
   * @param filler is given the batch, on this thread; if it throws, nothing is written
   */
  void write(Consumer<Batch<K, V>> filler);

  /** Like {@link #write}, without waiting. See {@link #putAsync}. */
  CompletableFuture<@Nullable Void> writeAsync(Consumer<Batch<K, V>> filler);

  /** Returns when every write that returned before survives a power cut. */
  void sync();

  /** Returns when a checkpoint holds every write that returned before. */
  void checkpoint();

  /**
   * Makes the store as small as its entries allow, while it is read and written: the buckets are
   * evacuated into an array that fits, also a smaller one, and entries are moved out of sparse
   * parts of the file, a few chains at a time between other writes. Ends with a checkpoint. The
   * room is used again at once; the file is cut when the store is closed. {@link HMapAdmin#compact}
   * makes it smaller still, and needs the store closed.
   *
   * @throws dev.hmap.error.StoreFullException if there is no room for the next step; what was done
   *     until then stays, and nothing is lost
   */
  void compact();

  /**
   * Copies the store to another path, as it is at one point of its writes, which is not before the
   * call. The copy is a store of its own, closed. Writes go on meanwhile; checkpoints wait while
   * the files are copied, and the log grows.
   *
   * {@snippet class="dev.hmap.snippets.MapSnippets" region="backup"}
   *
   * @param path where no file is
   * @throws dev.hmap.error.HMapException if it cannot be written; then there is no file
   */
  void backupTo(Path path);

  /** How the store stands. */
  HMapStats stats();

  /**
   * Completes the writes that were begun, makes a last checkpoint, and closes the files, so that
   * the data file stands alone. Idempotent. Whoever reads meanwhile, or holds what {@link #read}
   * showed, is not disturbed; what was read then does not count, and the reader learns that the map
   * is closed, by a {@link dev.hmap.error.StoreClosedException}.
   */
  @Override
  void close();

  /**
   * Collects what {@link HMap#write} writes, up to 64 MiB. For the filler's thread only, until the
   * filler returns.
   */
  interface Batch<K, V> {
    /** Associates a value with a key. */
    void put(K key, V value);

    /** Removes a key. */
    void remove(K key);

    /**
     * Sets the store's mark, which is stored with the batch or not at all: say, up to where an
     * input was consumed, so that after a crash each input is applied exactly once.
     *
     * {@snippet class="dev.hmap.snippets.MapSnippets" region="mark"}
     *
     * @param mark up to 4,096 bytes, of which a copy is made; replaces the mark before
     * @throws dev.hmap.error.EntryTooLargeException if it is longer
     */
    void mark(byte[] mark);

    /** What the key will be associated with: by this batch, or else by the map as it is now. */
    @Nullable V get(K key);

    /** How many operations were added. */
    int operations();

    /** Bytes that the batch will take in the log, but for its head. */
    int bytes();
  }
}
