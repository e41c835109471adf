package dev.hmap;

import dev.hmap.table.EntryBytes;
import dev.hmap.table.HmapIterator;
import java.util.Objects;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A part of one of the map's views. Splits down to one root bucket. */
final class ViewSpliterator<T> implements Spliterator<T> {
  private final StoreView<?, ?> view;
  private final Function<EntryBytes, T> part;
  private final int characteristics;
  private final HmapIterator rest;

  /** All of a view. */
  ViewSpliterator(StoreView<?, ?> view, Function<EntryBytes, T> part, int characteristics) {
    this(view, part, characteristics, view.iterator());
  }

  private ViewSpliterator(
      StoreView<?, ?> view, Function<EntryBytes, T> part, int characteristics, HmapIterator rest) {
    this.view = view;
    this.part = part;
    this.characteristics = characteristics;
    this.rest = rest;
  }

  @Override
  public boolean tryAdvance(Consumer<? super T> action) {
    Objects.requireNonNull(action, "action");
    EntryBytes next = view.next(rest);
    if (next == null) {
      return false;
    }
    action.accept(part.apply(next));
    return true;
  }

  @Override
  public @Nullable Spliterator<T> trySplit() {
    HmapIterator half = view.split(rest);
    return half == null ? null : new ViewSpliterator<>(view, part, characteristics, half);
  }

  @Override
  public long estimateSize() {
    return (long) (view.count() * rest.share());
  }

  @Override
  public int characteristics() {
    return characteristics | NONNULL | CONCURRENT;
  }
}
