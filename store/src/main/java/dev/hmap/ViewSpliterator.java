package dev.hmap;

import dev.hmap.store.StoreReader;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.HmapIterator;
import java.util.Objects;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A part of one of the map's views. Splits down to one root bucket. */
final class ViewSpliterator<T> implements Spliterator<T> {
  private final StoreReader reader;
  private final Function<EntryBytes, T> part;
  private final int characteristics;
  private final HmapIterator rest;

  /** All of a view. */
  ViewSpliterator(StoreReader reader, Function<EntryBytes, T> part, int characteristics) {
    this(reader, part, characteristics, reader.iterator());
  }

  private ViewSpliterator(
      StoreReader reader, Function<EntryBytes, T> part, int characteristics, HmapIterator rest) {
    this.reader = reader;
    this.part = part;
    this.characteristics = characteristics;
    this.rest = rest;
  }

  @Override
  public boolean tryAdvance(Consumer<? super T> action) {
    Objects.requireNonNull(action, "action");
    EntryBytes next = reader.next(rest);
    if (next == null) {
      return false;
    }
    action.accept(part.apply(next));
    return true;
  }

  @Override
  public @Nullable Spliterator<T> trySplit() {
    HmapIterator half = reader.split(rest);
    return half == null ? null : new ViewSpliterator<>(reader, part, characteristics, half);
  }

  @Override
  public long estimateSize() {
    return (long) (reader.count() * rest.share());
  }

  @Override
  public int characteristics() {
    return characteristics | NONNULL | CONCURRENT;
  }
}
