package dev.hmap;

import dev.hmap.error.HMapException;
import dev.hmap.format.Operation;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.table.Hmap;
import dev.hmap.table.ValueCopy;
import dev.hmap.write.StoreWriter;
import dev.hmap.write.Write;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A map that is open for writing. */
final class StoreMap<K, V> extends AbstractStoreMap<K, V> {
  private static final byte[] NONE = {};

  /**
   * A write for each thread that calls a blocking method of any map, which is done with it on
   * return. Not one for each map: a thread would keep those of maps that were closed.
   */
  private static final ThreadLocal<Write> WRITES = ThreadLocal.withInitial(Write::new);

  private final StoreWriter writer;
  private final Completer completer = new Completer();

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
    Write write = WRITES.get();
    fill(write, kind, view.encodeKey(key), stamped(value), true);
    return executeForPrevious(write);
  }

  private @Nullable V executeForPrevious(Write write) {
    execute(write);
    ValueCopy before = write.outcome.previous;
    write.outcome.previous = null; // the thread keeps the write
    return before == null ? null : view.decodePrevious(before);
  }

  /** A value's bytes, behind room for the stamp that the writer sets if entries expire. */
  private byte[] stamped(V value) {
    return behind(view.stampBytes(), view.encodeValue(value));
  }

  /** The value that a removal expects, behind room for the time. */
  private byte[] expectedByRemoval(V value) {
    return behind(view.timeBytes(), view.encodeExpected(value));
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
    Write write = WRITES.get();
    fill(write, Operation.REMOVE, view.encodeKey(view.keyOf(nonNull(key))), noValue(), true);
    return executeForPrevious(write);
  }

  @Override
  public boolean remove(@Nullable Object key, @Nullable Object value) {
    byte[] keyBytes = view.encodeKey(view.keyOf(nonNull(key)));
    if (value == null) {
      return false;
    }
    Write write = WRITES.get();
    byte[] expected = expectedByRemoval(view.valueOf(value));
    fill(write, Operation.REMOVE_IF_EQUAL, keyBytes, expected, false);
    return execute(write).changed;
  }

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    Write write = WRITES.get();
    byte[] both = Operation.expectedAndNew(view.encodeExpected(oldValue), stamped(newValue));
    fill(write, Operation.REPLACE_IF_EQUAL, view.encodeKey(key), both, false);
    return execute(write).changed;
  }

  @Override
  public void clear() {
    byte[] hash0 = new byte[Long.BYTES];
    ThreadLocalRandom.current().nextBytes(hash0);
    Write write = WRITES.get();
    fill(write, Operation.CLEAR, NONE, hash0, false);
    execute(write);
  }

  /** For a copy: does what an operation says, with its time, as another store's log holds it. */
  void apply(byte[] from, int at, int length) {
    Write write = WRITES.get();
    System.arraycopy(from, at, write.begin(length, false), 0, length);
    execute(write);
  }

  /** For a copy: takes over the horizon of the store that it is a copy of. */
  void expire(long horizonMillis) {
    byte[] expire = Operation.expire(horizonMillis);
    apply(expire, 0, expire.length);
  }

  private Hmap.Outcome execute(Write write) {
    view.checkOpen();
    try {
      writer.execute(write);
    } finally {
      write.shrink();
    }
    return write.outcome;
  }

  private static void fill(Write write, int kind, byte[] key, byte[] value, boolean wantsPrevious) {
    int length = Operation.HEADER_BYTES + key.length + value.length;
    byte[] to = write.begin(length, wantsPrevious);
    Operation.put(to, 0, kind, key, value);
  }

  // ---------------------------------------------------------------- longs, without boxes

  void putLong(long key, long value) {
    executeLongs(Operation.PUT, key, value, true);
  }

  boolean putLongIfAbsent(long key, long value) {
    return executeLongs(Operation.PUT_IF_ABSENT, key, value, true).changed;
  }

  boolean removeLong(long key) {
    return executeLongs(Operation.REMOVE, key, 0, false).changed;
  }

  private Hmap.Outcome executeLongs(int kind, long key, long value, boolean hasValue) {
    Write write = WRITES.get();
    int stamp = view.timeBytes();
    int valueBytes = hasValue ? stamp + Long.BYTES : stamp;
    byte[] to = write.begin(Operation.HEADER_BYTES + Long.BYTES + valueBytes, false);
    Operation.putHeader(to, 0, kind, Long.BYTES, valueBytes);
    Operation.putLong(to, Operation.HEADER_BYTES, key);
    if (hasValue) {
      Operation.putLong(to, Operation.HEADER_BYTES + Long.BYTES + stamp, value);
    }
    return execute(write);
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
    return previousAsync(Operation.REMOVE, view.encodeKey(key), noValue());
  }

  @Override
  public CompletableFuture<Boolean> replaceAsync(K key, V oldValue, V newValue) {
    Write write = new Write();
    byte[] both = Operation.expectedAndNew(view.encodeExpected(oldValue), stamped(newValue));
    fill(write, Operation.REPLACE_IF_EQUAL, view.encodeKey(key), both, false);
    return submit(write, done -> done.outcome.changed);
  }

  @Override
  public CompletableFuture<Boolean> removeAsync(K key, V value) {
    Write write = new Write();
    byte[] expected = expectedByRemoval(value);
    fill(write, Operation.REMOVE_IF_EQUAL, view.encodeKey(key), expected, false);
    return submit(write, done -> done.outcome.changed);
  }

  @Override
  public CompletableFuture<@Nullable Void> writeAsync(Consumer<Batch<K, V>> filler) {
    Write write = batch(filler);
    return write == null
        ? CompletableFuture.completedFuture(null)
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
    CompletableFuture<T> future = new CompletableFuture<>();
    write.onCompletion(done -> completer.add(() -> complete(future, done, result)));
    view.checkOpen();
    writer.submit(write);
    return future;
  }

  private static <T extends @Nullable Object> void complete(
      CompletableFuture<T> future, Write done, Function<Write, T> result) {
    HMapException failure = done.failure();
    if (failure != null) {
      future.completeExceptionally(failure);
      return;
    }
    try {
      future.complete(result.apply(done));
    } catch (RuntimeException | Error e) {
      future.completeExceptionally(e); // of a codec
    }
  }

  // ---------------------------------------------------------------- several entries

  @Override
  public void write(Consumer<Batch<K, V>> filler) {
    Write write = batch(filler);
    if (write != null) {
      execute(write);
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
    Write write = new Write();
    batch.copyTo(write.begin(batch.recordBytes(), false));
    return write;
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
    bean.unregister(); // before the store can be opened anew, under the same name
    writer.close();
  }
}
