package dev.hmap;

import dev.hmap.error.HMapException;
import dev.hmap.format.Operation;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.table.EntryBytes;
import dev.hmap.table.Hmap;
import dev.hmap.table.HmapIterator;
import dev.hmap.table.ValueCopy;
import dev.hmap.write.Completer;
import dev.hmap.write.StoreWriter;
import dev.hmap.write.Write;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A map that is open for writing. */
final class StoreMap<K, V> extends AbstractStoreMap<K, V> {
  private static final byte[] NONE = {};

  /** As often a function is called for one value that others change: many times what happens. */
  private static final int MAX_REMAPPINGS = 10_000;

  /** So many are written as one record by a bulk operation. */
  private static final int BULK_OPERATIONS = 1000;

  /** So many bytes. */
  private static final int BULK_BYTES = 1 << 20;

  private final StoreWriter writer;
  private final WritePool writes = new WritePool();

  StoreMap(OpenedStore store, StoreWriter writer, Codec<K> keys, Codec<V> values) {
    super(new StoreView<>(store, keys, values), StoreBean.Mode.WRITABLE);
    this.writer = writer;
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
    return previous(kind, view.encodeKey(key), stamped(value));
  }

  private @Nullable V previous(int kind, byte[] key, byte[] value) {
    Write write = writes.take();
    fill(write, kind, key, value, true);
    ValueCopy before = execute(write).previous;
    write.outcome.previous = null;
    writes.giveBack(write);
    return before == null ? null : view.decodePrevious(before);
  }

  /** Whether an operation changed anything. */
  private boolean changes(int kind, byte[] key, byte[] value) {
    Write write = writes.take();
    fill(write, kind, key, value, false);
    boolean changed = execute(write).changed;
    writes.giveBack(write);
    return changed;
  }

  /** A value's bytes, behind room for the stamp that the writer sets if entries expire. */
  private byte[] stamped(V value) {
    return behind(view.stampBytes(), view.encodeValue(value));
  }

  private static byte[] behind(int room, byte[] bytes) {
    if (room == 0) {
      return bytes;
    }
    byte[] both = new byte[room + bytes.length];
    System.arraycopy(bytes, 0, both, room, bytes.length);
    return both;
  }

  /** What a removal has in place of a value: room for the time, if entries expire. */
  private byte[] noValue() {
    return view.timeBytes() == 0 ? NONE : new byte[view.timeBytes()];
  }

  @Override
  public @Nullable V remove(@Nullable Object key) {
    view.checkOpen();
    byte[] keyBytes = view.encodeSought(nonNull(key));
    return keyBytes == null ? null : previous(Operation.REMOVE, keyBytes, noValue());
  }

  @Override
  void removeKey(byte[] key) {
    boolean _ = changes(Operation.REMOVE, key, noValue());
  }

  @Override
  public boolean remove(@Nullable Object key, @Nullable Object value) {
    view.checkOpen();
    byte[] keyBytes = view.encodeSought(nonNull(key));
    return keyBytes != null
        && value != null
        && exchangeIfEqual(keyBytes, value, before -> removeExactly(keyBytes, before));
  }

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    byte[] keyBytes = view.encodeKey(key);
    byte[] fresh = stamped(newValue);
    return exchangeIfEqual(
        keyBytes,
        nonNull(oldValue),
        before ->
            changes(Operation.REPLACE_IF_EQUAL, keyBytes, Operation.expectedAndNew(before, fresh)));
  }

  /**
   * Exchanges a value that equals the expected one. Where equal values have equal bytes, the writer
   * compares these; else they are compared here, and the exchange is tried with the bytes that were
   * read until these are still there.
   *
   * @param exchange is given the bytes that must be there; whether they were
   */
  private boolean exchangeIfEqual(byte[] key, Object expected, Predicate<byte[]> exchange) {
    if (view.isCanonical()) {
      byte[] bytes = view.encodeExpected(expected);
      return bytes != null && exchange.test(bytes);
    }
    while (true) {
      byte[] before = view.getBytes(key);
      if (before == null || !view.isEqual(before, expected)) {
        return false;
      }
      if (exchange.test(before)) {
        return true;
      }
    }
  }

  @Override
  boolean removeExactly(byte[] key, byte[] value) {
    return changes(Operation.REMOVE_IF_EQUAL, key, behind(view.timeBytes(), value));
  }

  /** Associates a value with a key that has the bytes that were read, or none. */
  private boolean putExactly(byte[] key, byte @Nullable [] before, V value) {
    byte[] fresh = stamped(value);
    return before == null
        ? changes(Operation.PUT_IF_ABSENT, key, fresh)
        : changes(Operation.REPLACE_IF_EQUAL, key, Operation.expectedAndNew(before, fresh));
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
      byte[] before = view.getBytes(key);
      V next = remapping.next(before == null ? null : view.decodeValue(before));
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
    return remap(view.encodeKey(key), before -> function.apply(key, before));
  }

  @Override
  public @Nullable V computeIfPresent(
      K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    view.checkOpen();
    byte[] keyBytes = view.encodeSought(nonNull(key));
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
        view.encodeKey(key), before -> before == null ? value : function.apply(before, value));
  }

  @Override
  public void replaceAll(BiFunction<? super K, ? super V, ? extends V> function) {
    Objects.requireNonNull(function, "function");
    HmapIterator all = view.iterator();
    for (EntryBytes e = view.next(all); e != null; e = view.next(all)) {
      K key = view.decodeKey(e);
      V _ =
          remap(
              e.key,
              before -> before == null ? null : view.nonNullValue(function.apply(key, before)));
    }
  }

  @Override
  public void clear() {
    byte[] hash0 = new byte[Long.BYTES];
    ThreadLocalRandom.current().nextBytes(hash0);
    boolean _ = changes(Operation.CLEAR, NONE, hash0);
  }

  /** For a copy: does what an operation says, with its time, as another store's log holds it. */
  void apply(byte[] from, int at, int length) {
    Write write = writes.take();
    System.arraycopy(from, at, write.begin(length, false), 0, length);
    var _ = execute(write);
    writes.giveBack(write);
  }

  /** For a copy: takes over the horizon of the store that it is a copy of. */
  void expire(long horizonMillis) {
    byte[] expire = Operation.expire(horizonMillis);
    apply(expire, 0, expire.length);
  }

  private Hmap.Outcome execute(Write write) {
    view.checkOpen();
    writer.execute(write);
    return write.outcome;
  }

  private static void fill(Write write, int kind, byte[] key, byte[] value, boolean wantsPrevious) {
    int length = Operation.HEADER_BYTES + key.length + value.length;
    byte[] to = write.begin(length, wantsPrevious);
    Operation.put(to, 0, kind, key, value);
  }

  // ---------------------------------------------------------------- longs, without boxes

  void putLong(long key, long value) {
    boolean _ = changesLongs(Operation.PUT, key, value, true);
  }

  boolean putLongIfAbsent(long key, long value) {
    return changesLongs(Operation.PUT_IF_ABSENT, key, value, true);
  }

  boolean removeLong(long key) {
    return changesLongs(Operation.REMOVE, key, 0, false);
  }

  private boolean changesLongs(int kind, long key, long value, boolean hasValue) {
    Write write = writes.take();
    int stamp = view.timeBytes();
    int valueBytes = hasValue ? stamp + Long.BYTES : stamp;
    byte[] to = write.begin(Operation.HEADER_BYTES + Long.BYTES + valueBytes, false);
    Operation.putHeader(to, 0, kind, Long.BYTES, valueBytes);
    Operation.putLong(to, Operation.HEADER_BYTES, key);
    if (hasValue) {
      Operation.putLong(to, Operation.HEADER_BYTES + Long.BYTES + stamp, value);
    }
    boolean changed = execute(write).changed;
    writes.giveBack(write);
    return changed;
  }

  // ---------------------------------------------------------------- without waiting

  @Override
  public CompletableFuture<@Nullable V> putAsync(K key, V value) {
    return previousAsync(Operation.PUT, view.encodeKey(key), stamped(value));
  }

  @Override
  public CompletableFuture<@Nullable V> putIfAbsentAsync(K key, V value) {
    return previousAsync(Operation.PUT_IF_ABSENT, view.encodeKey(key), stamped(value));
  }

  @Override
  public CompletableFuture<@Nullable V> replaceAsync(K key, V value) {
    return previousAsync(Operation.REPLACE, view.encodeKey(key), stamped(value));
  }

  @Override
  public CompletableFuture<@Nullable V> removeAsync(K key) {
    view.checkOpen();
    byte[] keyBytes = view.encodeSought(nonNull(key));
    return keyBytes == null
        ? this.<@Nullable V>submit(Write.barrier(), _ -> null)
        : previousAsync(Operation.REMOVE, keyBytes, noValue());
  }

  @Override
  public CompletableFuture<Boolean> replaceAsync(K key, V oldValue, V newValue) {
    if (!view.isCanonical()) {
      return inTurn(() -> replace(key, oldValue, newValue));
    }
    byte[] keyBytes = view.encodeKey(key);
    byte[] fresh = stamped(newValue);
    byte[] expected = view.encodeExpected(nonNull(oldValue));
    return expected == null
        ? submit(Write.barrier(), _ -> false)
        : changesAsync(
            Operation.REPLACE_IF_EQUAL, keyBytes, Operation.expectedAndNew(expected, fresh));
  }

  @Override
  public CompletableFuture<Boolean> removeAsync(K key, V value) {
    if (!view.isCanonical()) {
      Object expected = nonNull(value);
      return inTurn(() -> remove(key, expected));
    }
    view.checkOpen();
    byte[] keyBytes = view.encodeSought(nonNull(key));
    byte[] expected = view.encodeExpected(nonNull(value));
    return keyBytes == null || expected == null
        ? submit(Write.barrier(), _ -> false)
        : changesAsync(Operation.REMOVE_IF_EQUAL, keyBytes, behind(view.timeBytes(), expected));
  }

  private CompletableFuture<Boolean> changesAsync(int kind, byte[] key, byte[] value) {
    Write write = new Write();
    fill(write, kind, key, value, false);
    return submit(write, done -> done.outcome.changed);
  }

  /** Where values must be compared here: waits for the writes before, and does it at once. */
  private CompletableFuture<Boolean> inTurn(BooleanSupplier exchange) {
    view.checkOpen();
    writer.execute(Write.barrier());
    try {
      boolean changed = exchange.getAsBoolean();
      return submit(Write.barrier(), _ -> changed);
    } catch (HMapException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public CompletableFuture<@Nullable Void> writeAsync(Consumer<Batch<K, V>> filler) {
    Write write = batch(filler);
    return write == null
        ? this.<@Nullable Void>submit(Write.barrier(), _ -> null)
        : this.<@Nullable Void>submit(write, _ -> null);
  }

  private CompletableFuture<@Nullable V> previousAsync(int kind, byte[] key, byte[] value) {
    Write write = new Write();
    fill(write, kind, key, value, true);
    return submit(
        write,
        done -> {
          ValueCopy before = done.outcome.previous;
          return before == null ? null : view.decodePrevious(before);
        });
  }

  private <T extends @Nullable Object> CompletableFuture<T> submit(
      Write write, Function<Write, T> result) {
    view.checkOpen();
    Completer completer = writer.completer();
    completer.begin();
    CompletableFuture<T> future = new CompletableFuture<>();
    write.onCompletion(completer, future, () -> complete(future, write, result));
    writer.submit(write);
    return future;
  }

  private static <T extends @Nullable Object> void complete(
      CompletableFuture<T> future, Write done, Function<Write, T> result) {
    try {
      HMapException failure = done.failure();
      T value = failure == null ? result.apply(done) : null;
      if (failure == null) {
        future.complete(value);
      } else {
        future.completeExceptionally(failure);
      }
    } catch (Throwable e) {
      future.completeExceptionally(e); // of a codec, declared or not
    }
  }

  // ---------------------------------------------------------------- several entries

  @Override
  public void write(Consumer<Batch<K, V>> filler) {
    Write write = batch(filler);
    if (write != null) {
      var _ = execute(write);
    }
  }

  /** What a filler staged, or null if it is nothing. */
  private @Nullable Write batch(Consumer<Batch<K, V>> filler) {
    view.checkOpen();
    StagedBatch<K, V> batch = new StagedBatch<>(view);
    filler.accept(batch);
    if (batch.isEmpty()) {
      return null;
    }
    return write(batch);
  }

  private Write write(StagedBatch<K, V> batch) {
    Write write = new Write();
    batch.copyTo(write.begin(batch.recordBytes(), false));
    return write;
  }

  @Override
  public void putAll(Map<? extends K, ? extends V> entries) {
    Bulk bulk = new Bulk();
    entries.forEach(bulk::put);
    boolean _ = bulk.finish();
  }

  @Override
  boolean removeEach(Predicate<EntryBytes> isDoomed, boolean onlyAsJudged) {
    Bulk bulk = new Bulk();
    HmapIterator all = view.iterator();
    for (EntryBytes e = view.next(all); e != null; e = view.next(all)) {
      if (isDoomed.test(e)) {
        bulk.remove(e, onlyAsJudged);
      }
    }
    return bulk.finish();
  }

  /** Many operations, written some at a time. */
  private final class Bulk {
    private StagedBatch<K, V> staged = new StagedBatch<>(view);
    private boolean changed;

    void put(K key, V value) {
      staged.put(key, value);
      writeIfLong();
    }

    void remove(EntryBytes entry, boolean onlyAsJudged) {
      if (onlyAsJudged) {
        staged.removeIfEqual(entry.key, entry.value);
      } else {
        staged.removeKey(entry.key);
      }
      writeIfLong();
    }

    private void writeIfLong() {
      if (staged.operations() >= BULK_OPERATIONS || staged.bytes() >= BULK_BYTES) {
        writeNow();
      }
    }

    private void writeNow() {
      changed |= execute(write(staged)).changed;
      staged = new StagedBatch<>(view);
    }

    /** Writes the rest; whether anything has changed. */
    boolean finish() {
      view.checkOpen();
      if (!staged.isEmpty()) {
        writeNow();
      }
      return changed;
    }
  }

  // ---------------------------------------------------------------- the store

  @Override
  public void sync() {
    view.checkOpen();
    writer.sync();
  }

  @Override
  public void checkpoint() {
    view.checkOpen();
    writer.checkpoint();
  }

  @Override
  public void compact() {
    view.checkOpen();
    writer.compact();
  }

  @Override
  public void refresh() {
    view.checkOpen(); // a writer's map is always at its newest point
  }

  @Override
  public HMapStats stats() {
    view.checkOpen();
    return HMapStats.of(writer.stats(), view.store().recovery(), HMapStats.Lag.NONE);
  }

  @Override
  public void close() {
    view.close();
    try {
      bean.unregister(); // before the store can be opened anew, under the same name
    } finally {
      writer.close();
    }
  }
}
