package dev.hmap;

import dev.hmap.store.StoreReader;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.HmapIterator;
import java.util.AbstractCollection;
import java.util.AbstractMap.SimpleEntry;
import java.util.AbstractSet;
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

/** The views of a map: its entries, keys and values as collections that write through. */
final class MapViews<K, V> {
  private final AbstractStoreMap<K, V> map;
  private final StoreReader reader;
  private final EntryCodecs<K, V> codecs;

  MapViews(AbstractStoreMap<K, V> map) {
    this.map = map;
    this.reader = map.reader;
    this.codecs = map.codecs;
  }

  Set<Map.Entry<K, V>> entries() {
    return new EntrySet();
  }

  Set<K> keys() {
    return new KeySet();
  }

  Collection<V> values() {
    return new Values();
  }

  /** What both sets share. */
  private abstract class SetView<T> extends AbstractSet<T> {
    @Override
    public int size() {
      return map.size();
    }

    @Override
    public boolean isEmpty() {
      return map.isEmpty();
    }

    @Override
    public void clear() {
      map.clear();
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
    return new LiveEntry(codecs.decodeKey(e), codecs.decodeValue(e));
  }

  private final class EntrySet extends SetView<Map.Entry<K, V>> {
    @Override
    public Iterator<Map.Entry<K, V>> iterator() {
      return new ViewIterator<>(MapViews.this::liveEntry);
    }

    @Override
    public Spliterator<Map.Entry<K, V>> spliterator() {
      return new ViewSpliterator<>(reader, MapViews.this::liveEntry, Spliterator.DISTINCT);
    }

    @Override
    public boolean contains(@Nullable Object o) {
      return o instanceof Map.Entry<?, ?> e
          && e.getKey() != null
          && e.getValue() != null
          && hasEntry(e.getKey(), e.getValue());
    }

    private boolean hasEntry(Object key, Object value) {
      V found = map.get(key);
      return found != null && codecs.isEqual(found, value);
    }

    @Override
    boolean removeEach(Predicate<? super Map.Entry<K, V>> isDoomed) {
      return map.removeEach(e -> isDoomed.test(liveEntry(e)), true);
    }

    @Override
    public boolean remove(@Nullable Object o) {
      return o instanceof Map.Entry<?, ?> e
          && e.getKey() != null
          && e.getValue() != null
          && map.remove(e.getKey(), e.getValue());
    }
  }

  private final class KeySet extends SetView<K> {
    @Override
    public Iterator<K> iterator() {
      return new ViewIterator<>(codecs::decodeKey);
    }

    @Override
    public Spliterator<K> spliterator() {
      return new ViewSpliterator<>(reader, codecs::decodeKey, Spliterator.DISTINCT);
    }

    @Override
    public boolean contains(@Nullable Object o) {
      return map.containsKey(o);
    }

    @Override
    public boolean remove(@Nullable Object o) {
      return map.remove(AbstractStoreMap.nonNull(o)) != null;
    }

    @Override
    boolean removeEach(Predicate<? super K> isDoomed) {
      return map.removeEach(e -> isDoomed.test(codecs.decodeKey(e)), false);
    }
  }

  private final class Values extends AbstractCollection<V> {
    @Override
    public Iterator<V> iterator() {
      return new ViewIterator<>(codecs::decodeValue);
    }

    @Override
    public Spliterator<V> spliterator() {
      return new ViewSpliterator<>(reader, codecs::decodeValue, 0);
    }

    @Override
    public int size() {
      return map.size();
    }

    @Override
    public boolean isEmpty() {
      return map.isEmpty();
    }

    @Override
    public boolean contains(@Nullable Object o) {
      return map.containsValue(o);
    }

    /** Removes one entry that has the value, if there is one. */
    @Override
    public boolean remove(@Nullable Object o) {
      Predicate<EntryBytes> isWanted = map.having(AbstractStoreMap.nonNull(o));
      HmapIterator all = reader.iterator();
      for (EntryBytes e = reader.next(all); e != null; e = reader.next(all)) {
        if (isWanted.test(e) && removeExactly(e)) {
          return true;
        }
      }
      return false;
    }

    private boolean removeExactly(EntryBytes entry) {
      return map.removeExactly(entry.key(), entry.value());
    }

    private boolean removeEach(Predicate<? super V> isDoomed) {
      return map.removeEach(e -> isDoomed.test(codecs.decodeValue(e)), true);
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
      map.clear();
    }
  }

  /**
   * An iterator over one of the views. {@code hasNext} that said true commits to an entry, which
   * {@code next} returns even if it is removed in between; only {@code next} reads what it returns.
   */
  private final class ViewIterator<T> implements Iterator<T> {
    private final HmapIterator all = reader.iterator();
    private final Function<EntryBytes, T> part;
    private @Nullable EntryBytes committed;
    private @Nullable EntryBytes last;

    ViewIterator(Function<EntryBytes, T> part) {
      this.part = part;
    }

    @Override
    public boolean hasNext() {
      if (committed == null) {
        committed = reader.next(all);
      }
      return committed != null;
    }

    @Override
    public T next() {
      EntryBytes promised = committed;
      EntryBytes now = promised == null ? reader.next(all) : reader.current(all, promised);
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
      map.removeKey(e.key());
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
      map.put(getKey(), value);
      return super.setValue(value);
    }
  }
}
