package dev.hmap;

import dev.hmap.io.FileSystem;
import dev.hmap.io.Uninterruptibly;
import dev.hmap.maintenance.Backup;
import dev.hmap.recovery.Recovery;
import dev.hmap.store.Store;
import dev.hmap.store.StoreReader;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.HmapIterator;
import dev.hmap.table.KeyBytes;
import dev.hmap.table.ValueCopy;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a writable and a read-only map share: reading, and the views. */
abstract class AbstractStoreMap<K, V> extends AbstractMap<K, V> implements HMap<K, V> {
  /** How many keys' buckets are loaded before the first is looked up. */
  private static final int KEYS_AT_ONCE = 64;

  /** Stands for no value, in the first of two look-ups. */
  static final long ABSENT = 0xA5E0_7B3C_91D4_62F8L;

  final StoreReader reader;
  final EntryCodecs<K, V> codecs;
  final StoreBean bean;
  private final Store store;
  private final MapViews<K, V> views;

  AbstractStoreMap(Store store, Codec<K> keys, Codec<V> values, StoreBean.Mode mode) {
    this.store = store;
    this.reader = store.reader();
    this.codecs = new EntryCodecs<>(keys, values, store.geometry());
    this.bean = new StoreBean(store.names(), mode, this::stats);
    this.views = new MapViews<>(this);
  }

  @Override
  public @Nullable V get(@Nullable Object key) {
    if (codecs.areWords()) {
      return getWord(codecs.word(nonNull(key)));
    }
    KeyBytes sought = codecs.sought(nonNull(key));
    if (sought == null) {
      reader.checkOpen();
      return null;
    }
    return get(sought);
  }

  /** Without an object on the way; looks again where the value may be what stands for none. */
  private @Nullable V getWord(long key) {
    long found = reader.getLong(key, ABSENT);
    if (found == ABSENT) {
      found = reader.getLong(key, ~ABSENT);
      if (found == ~ABSENT) {
        return null;
      }
    }
    return codecs.ofWord(found);
  }

  final @Nullable V get(KeyBytes key) {
    ValueCopy into = new ValueCopy();
    return reader.find(key, into) ? codecs.decodeValue(into) : null;
  }

  @Override
  public V getOrDefault(@Nullable Object key, V defaultValue) {
    V value = get(key);
    return value == null ? defaultValue : value;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    if (codecs.areWords()) {
      return reader.containsLong(codecs.word(nonNull(key)));
    }
    KeyBytes sought = codecs.sought(nonNull(key));
    if (sought == null) {
      reader.checkOpen();
      return false;
    }
    return reader.find(sought, null);
  }

  @Override
  public boolean containsValue(@Nullable Object value) {
    Predicate<EntryBytes> isWanted = having(nonNull(value));
    HmapIterator all = reader.iterator();
    for (EntryBytes e = reader.next(all); e != null; e = reader.next(all)) {
      if (isWanted.test(e)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void forEach(BiConsumer<? super K, ? super V> action) {
    Objects.requireNonNull(action, "action");
    HmapIterator all = reader.iterator();
    for (EntryBytes e = reader.next(all); e != null; e = reader.next(all)) {
      action.accept(codecs.decodeKey(e), codecs.decodeValue(e));
    }
  }

  /** Whether an entry has a value that equals this one. */
  final Predicate<EntryBytes> having(Object value) {
    if (!codecs.isCanonical()) {
      return e -> codecs.isEqual(e.value(), value);
    }
    byte[] wanted = codecs.encodeExpected(value);
    return e -> wanted != null && Arrays.equals(e.value(), wanted);
  }

  /** Removes a key, given as bytes. */
  abstract void removeKey(byte[] key);

  /** The same if it has the value of these bytes; whether it had. */
  abstract boolean removeExactly(byte[] key, byte[] value);

  /**
   * Removes the entries that are doomed, some at a time.
   *
   * @param onlyAsJudged whether one goes only if it has the value that was judged
   * @return whether any went
   */
  abstract boolean removeEach(Predicate<EntryBytes> isDoomed, boolean onlyAsJudged);

  static Object nonNull(@Nullable Object keyOrValue) {
    if (keyOrValue == null) {
      throw new NullPointerException("hmap holds no nulls");
    }
    return keyOrValue;
  }

  @Override
  public long mappingCount() {
    return reader.count();
  }

  @Override
  public int size() {
    return (int) Math.min(reader.count(), Integer.MAX_VALUE);
  }

  @Override
  public boolean isEmpty() {
    return reader.isEmpty();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Does not go by the size, which may count entries that have expired.
   */
  @Override
  public boolean equals(@Nullable Object o) {
    return o == this || o instanceof Map<?, ?> other && entrySet().equals(other.entrySet());
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  @Override
  public <R> @Nullable R read(K key, Function<? super MemorySegment, ? extends R> function) {
    Objects.requireNonNull(function, "reader");
    KeyBytes sought = codecs.sought(Objects.requireNonNull(key, "key"));
    if (sought == null) {
      reader.checkOpen();
      return null;
    }
    return reader.read(sought, function);
  }

  @Override
  public Map<K, V> getAll(Collection<? extends K> keys) {
    List<K> wanted = new ArrayList<>(keys);
    Map<K, V> found = LinkedHashMap.newLinkedHashMap(wanted.size());
    for (int from = 0; from < wanted.size(); from += KEYS_AT_ONCE) {
      List<K> some = wanted.subList(from, Math.min(from + KEYS_AT_ONCE, wanted.size()));
      WordCodec<K> words = codecs.keyWords();
      if (words == null) {
        getSome(some, found);
      } else {
        getSomeWords(some, words, found);
      }
    }
    return found;
  }

  private void getSomeWords(List<K> some, WordCodec<K> words, Map<K, V> found) {
    reader.prefetch(some.stream().mapToLong(words::word).toArray());
    for (K key : some) {
      add(key, get(key), found);
    }
  }

  private void getSome(List<K> some, Map<K, V> found) {
    Map<K, KeyBytes> encoded = LinkedHashMap.newLinkedHashMap(some.size());
    for (K key : some) {
      KeyBytes sought = codecs.sought(Objects.requireNonNull(key, "key"));
      if (sought != null) {
        encoded.put(key, sought);
      }
    }
    reader.prefetch(List.copyOf(encoded.values()));
    encoded.forEach((key, sought) -> add(key, get(sought), found));
  }

  private static <K, V> void add(K key, @Nullable V value, Map<K, V> found) {
    if (value != null) {
      found.put(key, value);
    }
  }

  @Override
  public byte[] mark() {
    return reader.mark();
  }

  @Override
  public HMapStats stats() {
    return HMapStats.of(store.stats());
  }

  @Override
  public void backupTo(Path path) {
    reader.checkOpen();
    FileSystem fileSystem = store.fileSystem();
    Uninterruptibly.run(
        "hmap-backup",
        () -> Backup.run(fileSystem, store.names(), Recovery.names(fileSystem, path), _ -> {}));
  }

  @Override
  public void close() {
    store.endCalls();
    try {
      bean.unregister(); // before the store can be opened again, under the same name
    } finally {
      store.close();
    }
  }

  // ---------------------------------------------------------------- views

  @Override
  public Set<Map.Entry<K, V>> entrySet() {
    return views.entries();
  }

  @Override
  public Set<K> keySet() {
    return views.keys();
  }

  @Override
  public Collection<V> values() {
    return views.values();
  }

  @Override
  public String toString() {
    return reader.isClosed()
        ? "HMap[%s, closed]".formatted(store.names().data())
        : super.toString();
  }
}
