package dev.hmap;

import dev.hmap.store.FollowedStore;
import dev.hmap.table.EntryBytes;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A map that is open for reading, as the store was when it was opened or last refreshed. */
final class ReadOnlyMap<K, V> extends AbstractStoreMap<K, V> {
  private final FollowedStore store;

  ReadOnlyMap(FollowedStore store, Codec<K> keys, Codec<V> values) {
    super(store, keys, values, StoreBean.Mode.READ_ONLY);
    this.store = store;
  }

  @Override
  public void refresh() {
    store.refresh();
  }

  private UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException(store.names().data() + " is open for reading only");
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
  void removeKey(byte[] key) {
    throw readOnly();
  }

  @Override
  boolean removeExactly(byte[] key, byte[] value) {
    throw readOnly();
  }

  @Override
  boolean removeEach(Predicate<EntryBytes> isDoomed, boolean onlyAsJudged) {
    throw readOnly();
  }

  @Override
  public void putAll(Map<? extends K, ? extends V> entries) {
    throw readOnly();
  }

  @Override
  public CompletableFuture<@Nullable V> putAsync(K key, V value) {
    throw readOnly();
  }

  @Override
  public CompletableFuture<@Nullable V> putIfAbsentAsync(K key, V value) {
    throw readOnly();
  }

  @Override
  public CompletableFuture<@Nullable V> replaceAsync(K key, V value) {
    throw readOnly();
  }

  @Override
  public CompletableFuture<Boolean> replaceAsync(K key, V oldValue, V newValue) {
    throw readOnly();
  }

  @Override
  public CompletableFuture<@Nullable V> removeAsync(K key) {
    throw readOnly();
  }

  @Override
  public CompletableFuture<Boolean> removeAsync(K key, V value) {
    throw readOnly();
  }

  @Override
  public CompletableFuture<@Nullable Void> writeAsync(Consumer<Batch<K, V>> filler) {
    throw readOnly();
  }

  @Override
  public void write(Consumer<Batch<K, V>> filler) {
    throw readOnly();
  }

  @Override
  public void compact() {
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
}
