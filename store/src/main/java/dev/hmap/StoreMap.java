package dev.hmap;

import dev.hmap.error.HMapException;
import dev.hmap.format.Operation;
import dev.hmap.store.OperationBatch;
import dev.hmap.store.WritableStore;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.HmapIterator;
import dev.hmap.table.KeyBytes;
import dev.hmap.table.ValueCopy;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A map that is open for writing. */
final class StoreMap<K, V> extends AbstractStoreMap<K, V> {
  private static final byte[] NONE = {};

  /** As often a function is called for one value that others change: many times what happens. */
  private static final int MAX_REMAPPINGS = 10_000;

  private final WritableStore store;

  StoreMap(WritableStore store, Codec<K> keys, Codec<V> values) {
    super(store, keys, values, StoreBean.Mode.WRITABLE);
    this.store = store;
  }

  /** An empty batch for this store. */
  OperationBatch newOperations() {
    return new OperationBatch(store.geometry().stampBytes());
  }

  // ---------------------------------------------------------------- one entry

  @Override
  public @Nullable V put(K key, V value) {
    return previous(Operation.PUT, key, value);
  }

  @Override
  public @Nullable V putIfAbsent(K key, V value) {
    return previous(Operation.PUT_IF_ABSENT, key, value);
  }

  @Override
  public @Nullable V replace(K key, V value) {
    return previous(Operation.REPLACE, key, value);
  }

  private @Nullable V previous(int kind, K key, V value) {
    return previous(kind, codecs.encodeKey(key), codecs.stamped(value));
  }

  private @Nullable V previous(int kind, byte[] key, byte[] value) {
    return codecs.decodePrevious(store.exchange(kind, key, value));
  }

  /** What a removal has in place of a value: room for the time, if entries expire. */
  private byte[] noValue() {
    return codecs.afterStamp(NONE);
  }

  @Override
  public @Nullable V remove(@Nullable Object key) {
    store.checkOpen();
    byte[] keyBytes = codecs.encodeSought(nonNull(key));
    return keyBytes == null ? null : previous(Operation.REMOVE, keyBytes, noValue());
  }

  @Override
  void removeKey(byte[] key) {
    boolean _ = store.write(Operation.REMOVE, key, noValue());
  }

  @Override
  public boolean remove(@Nullable Object key, @Nullable Object value) {
    store.checkOpen();
    byte[] keyBytes = codecs.encodeSought(nonNull(key));
    return keyBytes != null
        && value != null
        && exchangeIfEqual(keyBytes, value, before -> removeExactly(keyBytes, before));
  }

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    byte[] keyBytes = codecs.encodeKey(key);
    byte[] fresh = codecs.stamped(newValue);
    return exchangeIfEqual(
        keyBytes,
        nonNull(oldValue),
        before ->
            store.write(
                Operation.REPLACE_IF_EQUAL, keyBytes, Operation.expectedAndNew(before, fresh)));
  }

  /**
   * Exchanges a value that equals the expected one. Where equal values have equal bytes, the writer
   * compares these; else they are compared here, and the exchange is tried with the bytes that were
   * read until these are still there.
   *
   * @param exchange is given the bytes that must be there; whether they were
   */
  private boolean exchangeIfEqual(byte[] key, Object expected, Predicate<byte[]> exchange) {
    if (codecs.isCanonical()) {
      byte[] bytes = codecs.encodeExpected(expected);
      return bytes != null && exchange.test(bytes);
    }
    while (true) {
      byte[] before = getBytes(key);
      if (before == null || !codecs.isEqual(before, expected)) {
        return false;
      }
      if (exchange.test(before)) {
        return true;
      }
    }
  }

  @Override
  boolean removeExactly(byte[] key, byte[] value) {
    return store.write(Operation.REMOVE_IF_EQUAL, key, codecs.afterStamp(value));
  }

  /** The bytes of a key's value, without its stamp; null if it is absent. */
  private byte @Nullable [] getBytes(byte[] key) {
    ValueCopy into = new ValueCopy();
    return reader.find(new KeyBytes(key), into) ? into.bytes() : null;
  }

  @Nullable V getEncoded(byte[] key) {
    return get(new KeyBytes(key));
  }

  /** Associates a value with a key that has the bytes that were read, or none. */
  private boolean putExactly(byte[] key, byte @Nullable [] before, V value) {
    byte[] fresh = codecs.stamped(value);
    return before == null
        ? store.write(Operation.PUT_IF_ABSENT, key, fresh)
        : store.write(Operation.REPLACE_IF_EQUAL, key, Operation.expectedAndNew(before, fresh));
  }

  // ---------------------------------------------------------------- computed values

  /** What a function makes of the value that a key has. */
  private interface Remapping<V> {
    /** The next value, or null if the key is to have none. */
    @Nullable V next(@Nullable V before);
  }

  /**
   * Has a function compute the value of a key until it is exchanged for the one it was computed
   * from.
   */
  private @Nullable V remap(byte[] key, Remapping<V> remapping) {
    for (int i = 0; i < MAX_REMAPPINGS; i++) {
      byte[] before = getBytes(key);
      V next = remapping.next(before == null ? null : codecs.decodeValue(before));
      if (next == null) {
        if (before == null || removeExactly(key, before)) {
          return null;
        }
      } else if (putExactly(key, before, next)) {
        return next;
      }
    }
    throw new IllegalStateException(
        "a value was computed %,d times, and changed each time meanwhile: does its function write it?"
            .formatted(MAX_REMAPPINGS));
  }

  @Override
  public @Nullable V compute(
      K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    return remap(codecs.encodeKey(key), before -> function.apply(key, before));
  }

  @Override
  public @Nullable V computeIfPresent(
      K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    store.checkOpen();
    byte[] keyBytes = codecs.encodeSought(nonNull(key));
    return keyBytes == null
        ? null
        : remap(keyBytes, before -> before == null ? null : function.apply(key, before));
  }

  @Override
  public @Nullable V merge(
      K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    nonNull(value);
    return remap(
        codecs.encodeKey(key), before -> before == null ? value : function.apply(before, value));
  }

  @Override
  public void replaceAll(BiFunction<? super K, ? super V, ? extends V> function) {
    Objects.requireNonNull(function, "function");
    HmapIterator all = reader.iterator();
    for (EntryBytes e = reader.next(all); e != null; e = reader.next(all)) {
      K key = codecs.decodeKey(e);
      V _ =
          remap(
              e.key(),
              before ->
                  before == null
                      ? null
                      : Objects.requireNonNull(function.apply(key, before), "value"));
    }
  }

  @Override
  public void clear() {
    byte[] hash0 = new byte[Long.BYTES];
    ThreadLocalRandom.current().nextBytes(hash0);
    boolean _ = store.write(Operation.CLEAR, NONE, hash0);
  }

  // ---------------------------------------------------------------- longs, without boxes

  void putLong(long key, long value) {
    boolean _ = store.writeLongs(Operation.PUT, key, value, true);
  }

  boolean putLongIfAbsent(long key, long value) {
    return store.writeLongs(Operation.PUT_IF_ABSENT, key, value, true);
  }

  boolean removeLong(long key) {
    return store.writeLongs(Operation.REMOVE, key, 0, false);
  }

  // ---------------------------------------------------------------- without waiting

  @Override
  public CompletableFuture<@Nullable V> putAsync(K key, V value) {
    return previousAsync(Operation.PUT, codecs.encodeKey(key), codecs.stamped(value));
  }

  @Override
  public CompletableFuture<@Nullable V> putIfAbsentAsync(K key, V value) {
    return previousAsync(Operation.PUT_IF_ABSENT, codecs.encodeKey(key), codecs.stamped(value));
  }

  @Override
  public CompletableFuture<@Nullable V> replaceAsync(K key, V value) {
    return previousAsync(Operation.REPLACE, codecs.encodeKey(key), codecs.stamped(value));
  }

  @Override
  public CompletableFuture<@Nullable V> removeAsync(K key) {
    store.checkOpen();
    byte[] keyBytes = codecs.encodeSought(nonNull(key));
    return keyBytes == null
        ? store.<@Nullable V>afterSubmitted(null)
        : previousAsync(Operation.REMOVE, keyBytes, noValue());
  }

  @Override
  public CompletableFuture<Boolean> replaceAsync(K key, V oldValue, V newValue) {
    if (!codecs.isCanonical()) {
      return inTurn(() -> replace(key, oldValue, newValue));
    }
    byte[] keyBytes = codecs.encodeKey(key);
    byte[] fresh = codecs.stamped(newValue);
    byte[] expected = codecs.encodeExpected(nonNull(oldValue));
    return expected == null
        ? store.afterSubmitted(false)
        : store.writeAsync(
            Operation.REPLACE_IF_EQUAL, keyBytes, Operation.expectedAndNew(expected, fresh));
  }

  @Override
  public CompletableFuture<Boolean> removeAsync(K key, V value) {
    if (!codecs.isCanonical()) {
      Object expected = nonNull(value);
      return inTurn(() -> remove(key, expected));
    }
    store.checkOpen();
    byte[] keyBytes = codecs.encodeSought(nonNull(key));
    byte[] expected = codecs.encodeExpected(nonNull(value));
    return keyBytes == null || expected == null
        ? store.afterSubmitted(false)
        : store.writeAsync(Operation.REMOVE_IF_EQUAL, keyBytes, codecs.afterStamp(expected));
  }

  /** Where values must be compared here: waits for the writes before, and does it at once. */
  private CompletableFuture<Boolean> inTurn(BooleanSupplier exchange) {
    store.checkOpen();
    store.awaitSubmitted();
    try {
      boolean changed = exchange.getAsBoolean();
      return store.afterSubmitted(changed);
    } catch (HMapException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<@Nullable V> previousAsync(int kind, byte[] key, byte[] value) {
    return store.<@Nullable V>exchangeAsync(kind, key, value, codecs::decodePrevious);
  }

  // ---------------------------------------------------------------- several entries

  @Override
  public void write(Consumer<Batch<K, V>> filler) {
    OperationBatch batch = batch(filler);
    if (!batch.isEmpty()) {
      boolean _ = store.write(batch);
    }
  }

  @Override
  public CompletableFuture<@Nullable Void> writeAsync(Consumer<Batch<K, V>> filler) {
    OperationBatch batch = batch(filler);
    return batch.isEmpty() ? store.<@Nullable Void>afterSubmitted(null) : store.writeAsync(batch);
  }

  private OperationBatch batch(Consumer<Batch<K, V>> filler) {
    store.checkOpen();
    StagedBatch<K, V> batch = new StagedBatch<>(this);
    filler.accept(batch);
    return batch.staged();
  }

  @Override
  public void putAll(Map<? extends K, ? extends V> entries) {
    BulkWriter<K, V> bulk = new BulkWriter<>(this, store);
    entries.forEach(bulk::put);
    boolean _ = bulk.finish();
  }

  @Override
  boolean removeEach(Predicate<EntryBytes> isDoomed, boolean onlyAsJudged) {
    BulkWriter<K, V> bulk = new BulkWriter<>(this, store);
    HmapIterator all = reader.iterator();
    for (EntryBytes e = reader.next(all); e != null; e = reader.next(all)) {
      if (isDoomed.test(e)) {
        bulk.remove(e, onlyAsJudged);
      }
    }
    return bulk.finish();
  }

  // ---------------------------------------------------------------- the store

  @Override
  public void sync() {
    store.sync();
  }

  @Override
  public void checkpoint() {
    store.checkpoint();
  }

  @Override
  public void compact() {
    store.compact();
  }

  @Override
  public void refresh() {
    store.checkOpen(); // a writer's map is always at its newest point
  }
}
