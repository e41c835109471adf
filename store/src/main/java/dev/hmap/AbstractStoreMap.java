package dev.hmap;

import dev.hmap.io.FileSystem;
import dev.hmap.io.Uninterruptibly;
import dev.hmap.recovery.Recovery;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.HmapIterator;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a writable and a read-only map share: reading, and the views. */
abstract class AbstractStoreMap<K, V> extends AbstractMap<K, V> implements HMap<K, V> {
  final StoreView<K, V> view;
  final StoreBean bean;

  AbstractStoreMap(StoreView<K, V> view, StoreBean.Mode mode) {
    this.view = view;
    this.bean = new StoreBean(view.store().names(), mode, this::stats);
  }

  @Override
  public @Nullable V get(@Nullable Object key) {
    return view.get(nonNull(key));
  }

  @Override
  public V getOrDefault(@Nullable Object key, V defaultValue) {
    V value = get(key);
    return value == null ? defaultValue : value;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return view.containsKey(nonNull(key));
  }

  @Override
  public boolean containsValue(@Nullable Object value) {
    Predicate<EntryBytes> isWanted = having(nonNull(value));
    HmapIterator all = view.iterator();
    for (EntryBytes e = view.next(all); e != null; e = view.next(all)) {
      if (isWanted.test(e)) {
        return true;
      }
    }
    return false;
  }

  /** Whether an entry has a value that equals this one. */
  private Predicate<EntryBytes> having(Object value) {
    if (!view.isCanonical()) {
      return e -> view.isEqual(e.value, value);
    }
    byte[] wanted = view.encodeExpected(value);
    return e -> wanted != null && Arrays.equals(e.value, wanted);
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
    return view.count();
  }

  @Override
  public int size() {
    return (int) Math.min(view.count(), Integer.MAX_VALUE);
  }

  @Override
  public boolean isEmpty() {
    return view.isEmpty();
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
  public <R> @Nullable R read(K key, Function<? super MemorySegment, ? extends R> reader) {
    return view.read(key, reader);
  }

  @Override
  public Map<K, V> getAll(Collection<? extends K> keys) {
    return view.getAll(new ArrayList<>(keys));
  }

  @Override
  public byte[] mark() {
    return view.mark();
  }

  @Override
  public void backupTo(Path path) {
    view.checkOpen();
    FileSystem fileSystem = view.store().fileSystem();
    Uninterruptibly.run(
        "hmap-backup",
        () ->
            Backup.run(
                fileSystem, view.store().names(), Recovery.names(fileSystem, path), _ -> {}));
  }

  // ---------------------------------------------------------------- views

  @Override
  public Set<Map.Entry<K, V>> entrySet() {
    return new EntrySet();
  }

  @Override
  public Set<K> keySet() {
    return new KeySet();
  }

  @Override
  public Collection<V> values() {
    return new Values();
  }

  /** What both sets share. */
  private abstract class SetView<T> extends AbstractSet<T> {
    @Override
    public int size() {
      return AbstractStoreMap.this.size();
    }

    @Override
    public boolean isEmpty() {
      return AbstractStoreMap.this.isEmpty();
    }

    @Override
    public void clear() {
      AbstractStoreMap.this.clear();
    }

    @Override
    public boolean equals(@Nullable Object o) {
      if (o == this || !(o instanceof Set<?> other)) {
        return o == this;
      }
      int found = 0;
      try {
        for (T element : this) {
          if (++found > other.size() || !other.contains(element)) {
            return false;
          }
        }
      } catch (ClassCastException | NullPointerException _) {
        return false; // it cannot contain what is in here
      }
      return found == other.size();
    }

    /** Removes the elements that are doomed; whether there were any. */
    abstract boolean removeEach(Predicate<? super T> isDoomed);

    @Override
    public boolean removeIf(Predicate<? super T> filter) {
      return removeEach(Objects.requireNonNull(filter, "filter"));
    }

    @Override
    public boolean removeAll(Collection<?> doomed) {
      if (size() <= doomed.size()) {
        return removeEach(doomed::contains);
      }
      boolean any = false;
      for (Object element : doomed) {
        any |= remove(element);
      }
      return any;
    }

    @Override
    public boolean retainAll(Collection<?> kept) {
      Objects.requireNonNull(kept, "kept");
      return removeEach(element -> !kept.contains(element));
    }

    @Override
    public int hashCode() {
      return super.hashCode();
    }
  }

  private LiveEntry liveEntry(EntryBytes e) {
    return new LiveEntry(view.decodeKey(e), view.decodeValue(e));
  }

  private final class EntrySet extends SetView<Map.Entry<K, V>> {
    @Override
    public Iterator<Map.Entry<K, V>> iterator() {
      return new ViewIterator<>(AbstractStoreMap.this::liveEntry);
    }

    @Override
    public Spliterator<Map.Entry<K, V>> spliterator() {
      return new ViewSpliterator<>(view, AbstractStoreMap.this::liveEntry, Spliterator.DISTINCT);
    }

    @Override
    public boolean contains(@Nullable Object o) {
      return o instanceof Map.Entry<?, ?> e
          && e.getKey() != null
          && e.getValue() != null
          && hasEntry(e.getKey(), e.getValue());
    }

    private boolean hasEntry(Object key, Object value) {
      V found = get(key);
      return found != null && view.isEqual(found, value);
    }

    @Override
    boolean removeEach(Predicate<? super Map.Entry<K, V>> isDoomed) {
      return AbstractStoreMap.this.removeEach(e -> isDoomed.test(liveEntry(e)), true);
    }

    @Override
    public boolean remove(@Nullable Object o) {
      return o instanceof Map.Entry<?, ?> e
          && e.getKey() != null
          && e.getValue() != null
          && AbstractStoreMap.this.remove(e.getKey(), e.getValue());
    }
  }

  private final class KeySet extends SetView<K> {
    @Override
    public Iterator<K> iterator() {
      return new ViewIterator<>(view::decodeKey);
    }

    @Override
    public Spliterator<K> spliterator() {
      return new ViewSpliterator<>(view, view::decodeKey, Spliterator.DISTINCT);
    }

    @Override
    public boolean contains(@Nullable Object o) {
      return containsKey(o);
    }

    @Override
    public boolean remove(@Nullable Object o) {
      return AbstractStoreMap.this.remove(nonNull(o)) != null;
    }

    @Override
    boolean removeEach(Predicate<? super K> isDoomed) {
      return AbstractStoreMap.this.removeEach(e -> isDoomed.test(view.decodeKey(e)), false);
    }
  }

  private final class Values extends AbstractCollection<V> {
    @Override
    public Iterator<V> iterator() {
      return new ViewIterator<>(view::decodeValue);
    }

    @Override
    public Spliterator<V> spliterator() {
      return new ViewSpliterator<>(view, view::decodeValue, 0);
    }

    @Override
    public int size() {
      return AbstractStoreMap.this.size();
    }

    @Override
    public boolean isEmpty() {
      return AbstractStoreMap.this.isEmpty();
    }

    @Override
    public boolean contains(@Nullable Object o) {
      return containsValue(o);
    }

    /** Removes one entry that has the value, if there is one. */
    @Override
    public boolean remove(@Nullable Object o) {
      Predicate<EntryBytes> isWanted = having(nonNull(o));
      HmapIterator all = view.iterator();
      for (EntryBytes e = view.next(all); e != null; e = view.next(all)) {
        if (isWanted.test(e) && removeExactly(e)) {
          return true;
        }
      }
      return false;
    }

    private boolean removeExactly(EntryBytes entry) {
      return AbstractStoreMap.this.removeExactly(entry.key, entry.value);
    }

    private boolean removeEach(Predicate<? super V> isDoomed) {
      return AbstractStoreMap.this.removeEach(e -> isDoomed.test(view.decodeValue(e)), true);
    }

    @Override
    public boolean removeIf(Predicate<? super V> filter) {
      return removeEach(Objects.requireNonNull(filter, "filter"));
    }

    @Override
    public boolean removeAll(Collection<?> doomed) {
      return removeEach(Objects.requireNonNull(doomed, "doomed")::contains);
    }

    @Override
    public boolean retainAll(Collection<?> kept) {
      Objects.requireNonNull(kept, "kept");
      return removeEach(value -> !kept.contains(value));
    }

    @Override
    public void clear() {
      AbstractStoreMap.this.clear();
    }
  }

  /**
   * An iterator over one of the views. {@code hasNext} that said true commits to an entry, which
   * {@code next} returns even if it is removed in between; only {@code next} reads what it returns.
   */
  private final class ViewIterator<T> implements Iterator<T> {
    private final HmapIterator all = view.iterator();
    private final Function<EntryBytes, T> part;
    private @Nullable EntryBytes committed;
    private @Nullable EntryBytes last;

    ViewIterator(Function<EntryBytes, T> part) {
      this.part = part;
    }

    @Override
    public boolean hasNext() {
      if (committed == null) {
        committed = view.next(all);
      }
      return committed != null;
    }

    @Override
    public T next() {
      EntryBytes promised = committed;
      EntryBytes now = promised == null ? view.next(all) : view.current(all, promised);
      EntryBytes e = now == null ? promised : now;
      if (e == null) {
        throw new NoSuchElementException();
      }
      committed = null;
      last = e;
      return part.apply(e);
    }

    @Override
    public void remove() {
      EntryBytes e = last;
      if (e == null) {
        throw new IllegalStateException("there is no entry to remove");
      }
      last = null;
      removeKey(e.key);
    }
  }

  /** An entry of a view; setting its value writes to the map. */
  private final class LiveEntry extends SimpleEntry<K, V> {
    private static final long serialVersionUID = 1L;

    LiveEntry(K key, V value) {
      super(key, value);
    }

    @Override
    public V setValue(V value) {
      put(getKey(), value);
      return super.setValue(value);
    }
  }

  @Override
  public String toString() {
    return view.isClosed()
        ? "HMap[%s, closed]".formatted(view.store().names().data())
        : super.toString();
  }
}
