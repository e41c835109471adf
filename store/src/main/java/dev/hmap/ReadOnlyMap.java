package dev.hmap;

import dev.hmap.error.StoreFailedException;
import dev.hmap.format.HmapFields;
import dev.hmap.format.PageLayout;
import dev.hmap.recovery.OpenedStore;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A map that is open for reading, as the store was when it was opened. */
final class ReadOnlyMap<K, V> extends AbstractStoreMap<K, V> {
  private final AtomicBoolean isClosing = new AtomicBoolean();

  ReadOnlyMap(OpenedStore store, Codec<K> keys, Codec<V> values) {
    super(new StoreView<>(store, keys, values));
  }

  private UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException(
        view.store().names().data() + " is open for reading only");
  }

  @Override
  public @Nullable V put(K key, V value) {
    throw readOnly();
  }

  @Override
  public @Nullable V putIfAbsent(K key, V value) {
    throw readOnly();
  }

  @Override
  public @Nullable V replace(K key, V value) {
    throw readOnly();
  }

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    throw readOnly();
  }

  @Override
  public @Nullable V remove(@Nullable Object key) {
    throw readOnly();
  }

  @Override
  public boolean remove(@Nullable Object key, @Nullable Object value) {
    throw readOnly();
  }

  @Override
  public void clear() {
    throw readOnly();
  }

  @Override
  public CompletableFuture<@Nullable V> putAsync(K key, V value) {
    throw readOnly();
  }

  @Override
  public CompletableFuture<@Nullable V> removeAsync(K key) {
    throw readOnly();
  }

  @Override
  public void write(Consumer<Batch<K, V>> filler) {
    throw readOnly();
  }

  @Override
  public void sync() {
    throw readOnly();
  }

  @Override
  public void checkpoint() {
    throw readOnly();
  }

  @Override
  public HMapStats stats() {
    view.checkOpen();
    OpenedStore store = view.store();
    HmapFields f = store.map().fields();
    return new HMapStats(
        f.count(),
        f.b(),
        f.noverflow(),
        f.oldbuckets().id(),
        f.nevacuate(),
        f.sameSizeGrow(),
        (double) f.count() / (1L << f.b()),
        0,
        0,
        0,
        0,
        PageLayout.addressOf(store.space().pages()),
        store.space().freePages() << PageLayout.PAGE_SHIFT,
        f.entryBytes(),
        PageLayout.addressOf(store.dirty().privateCount()),
        0,
        store.end().lsn() - store.header().log().lsn(),
        0,
        0,
        false,
        store.recovery().records(),
        store.recovery().wasClean());
  }

  @Override
  public void close() {
    view.close();
    if (isClosing.compareAndSet(false, true)) {
      OwnThread.run("hmap-close", this::release);
    }
  }

  private void release() {
    try {
      view.store().release();
    } catch (IOException e) {
      throw new StoreFailedException(
          "%s could not be closed: %s".formatted(view.store().names().data(), e.getMessage()), e);
    }
  }
}
