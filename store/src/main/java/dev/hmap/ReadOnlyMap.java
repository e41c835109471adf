package dev.hmap;

import dev.hmap.error.HMapException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.format.Geometry;
import dev.hmap.format.PageLayout;
import dev.hmap.io.Causes;
import dev.hmap.io.NativeMemory;
import dev.hmap.io.Uninterruptibly;
import dev.hmap.recovery.Follower;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.table.EntryBytes;
import dev.hmap.write.WriterStats;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A map that is open for reading, as the store was when it was opened or last refreshed. */
final class ReadOnlyMap<K, V> extends AbstractStoreMap<K, V> {
  private final AtomicBoolean isClosing = new AtomicBoolean();
  private final UnaryOperator<Geometry> expected;
  private final Object following = new Object();

  /** Guarded by {@link #following}. */
  private Follower follower;

  /** Bytes of private pages of former openings, since the collector was called. The same. */
  private long abandoned;

  private final LongSupplier privateMemory;

  /**
   * A map.
   *
   * @param expected what the store must be when it is opened anew
   * @param privateMemory bytes of private pages that are kept at most
   */
  ReadOnlyMap(
      OpenedStore store,
      UnaryOperator<Geometry> expected,
      LongSupplier privateMemory,
      Codec<K> keys,
      Codec<V> values) {
    super(new StoreView<>(store, keys, values), StoreBean.Mode.READ_ONLY);
    this.expected = expected;
    this.privateMemory = privateMemory;
    this.follower = new Follower(store);
  }

  @Override
  public void refresh() {
    Uninterruptibly.run(
        "hmap-refresh",
        () -> {
          synchronized (following) {
            view.checkOpen();
            if (!follower.advance()) {
              openAnew();
            }
          }
        });
  }

  private void openAnew() {
    boolean isOpen = false;
    try {
      view.reopen(before -> {
        abandoned += PageLayout.addressOf(before.dirty().privateCount());
        follower.letGo();
        OpenedStore opened = follower.open(expected);
        opened.map().setTime(before.map().time());
        follower = new Follower(opened);
        return opened;
      });
      isOpen = true;
      collectAbandoned();
    } finally {
      if (!isOpen) {
        view.close(); // there is nothing to read any more
      }
    }
  }

  /**
   * Without native access only the collector gives the private pages of former openings back. It
   * does not see how large they are; so it is called, as the JDK does for its direct buffers.
   */
  private void collectAbandoned() {
    if (abandoned > privateMemory.getAsLong() && !NativeMemory.isAvailable()) {
      abandoned = 0;
      System.gc();
    }
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

  @Override
  public HMapStats stats() {
    return Uninterruptibly.call(
        "hmap-stats",
        () -> {
          synchronized (following) {
            view.checkOpen();
            Follower.Lag lag = follower.lag();
            return HMapStats.of(
                WriterStats.ofReadOnly(view.store(), follower.end()),
                view.store().recovery(),
                new HMapStats.Lag(lag.records(), lag.bytes()));
          }
        });
  }

  @Override
  public void close() {
    view.close();
    try {
      bean.unregister();
    } finally {
      if (isClosing.compareAndSet(false, true)) {
        closeNow();
      }
    }
  }

  /** A call that is cut off, or finds no thread to be had, may be repeated. */
  private void closeNow() {
    boolean isDone = false;
    try {
      Uninterruptibly.run("hmap-close", this::release);
      isDone = true;
    } catch (HMapException e) {
      isDone = true;
      throw e;
    } finally {
      isClosing.set(isDone);
    }
  }

  private void release() {
    try {
      synchronized (following) {
        view.store().release();
      }
    } catch (IOException e) {
      throw new StoreFailedException(
          "%s could not be closed: %s".formatted(view.store().names().data(), Causes.of(e)), e);
    }
  }
}
