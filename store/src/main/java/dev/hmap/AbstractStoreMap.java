package dev.hmap;

import dev.hmap.io.FileSystem;
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
import java.util.Set;
import java.util.Spliterator;
import java.util.function.Function;
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
    byte[] wanted = view.encodeExpected(view.valueOf(nonNull(value)));
    HmapIterator all = view.iterator();
    for (EntryBytes e = view.next(all); e != null; e = view.next(all)) {
      if (Arrays.equals(e.value, wanted)) {
        return true;
      }
    }
    return false;
  }

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
    OwnThread.run(
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
      for (T element : this) {
        if (++found > other.size() || !other.contains(element)) {
          return false;
        }
      }
      return found == other.size();
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
          && e.getValue().equals(get(e.getKey()));
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

    @Override
    public void clear() {
      AbstractStoreMap.this.clear();
    }
  }

  /** An iterator over one of the views. */
  private final class ViewIterator<T> implements Iterator<T> {
    private final HmapIterator all = view.iterator();
    private final Function<EntryBytes, T> part;
    private @Nullable EntryBytes ahead = view.next(all);
    private @Nullable EntryBytes last;

    ViewIterator(Function<EntryBytes, T> part) {
      this.part = part;
    }

    @Override
    public boolean hasNext() {
      return ahead != null;
    }

    @Override
    public T next() {
      EntryBytes e = ahead;
      if (e == null) {
        throw new NoSuchElementException();
      }
      last = e;
      ahead = view.next(all);
      return part.apply(e);
    }

    @Override
    public void remove() {
      EntryBytes e = last;
      if (e == null) {
        throw new IllegalStateException("there is no entry to remove");
      }
      last = null;
      AbstractStoreMap.this.remove(view.decodeKey(e));
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
      V before = super.setValue(value);
      put(getKey(), value);
      return before;
    }
  }

  @Override
  public String toString() {
    return view.isClosed()
        ? "HMap[%s, closed]".formatted(view.store().names().data())
        : super.toString();
  }
}
