package dev.hmap;

import dev.hmap.error.EntryTooLargeException;
import dev.hmap.error.HMapException;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.Operation;
import dev.hmap.format.PageLayout;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.table.Hmap;
import dev.hmap.table.ValueCopy;
import dev.hmap.write.StoreWriter;
import dev.hmap.write.Write;
import dev.hmap.write.WriterStats;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A map that is open for writing. */
final class StoreMap<K, V> extends AbstractStoreMap<K, V> {
  private static final byte[] NONE = {};
  private static final int LENGTH_BYTES = Integer.BYTES;

  private final StoreWriter writer;
  private final Completer completer = new Completer();

  /** A write for each thread that calls a blocking method, which is done with it on return. */
  private final ThreadLocal<Write> writes = ThreadLocal.withInitial(Write::new);

  StoreMap(OpenedStore store, StoreWriter writer, Codec<K> keys, Codec<V> values) {
    super(new StoreView<>(store, keys, values));
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
    Write write = writes.get();
    fill(write, kind, view.encodeKey(key), view.encodeValue(value), true);
    return executeForPrevious(write);
  }

  private @Nullable V executeForPrevious(Write write) {
    execute(write);
    ValueCopy before = write.outcome.previous;
    return before == null ? null : view.decode(before);
  }

  @Override
  public @Nullable V remove(@Nullable Object key) {
    Write write = writes.get();
    fill(write, Operation.REMOVE, view.encodeKey(view.keyOf(nonNull(key))), NONE, true);
    return executeForPrevious(write);
  }

  @Override
  public boolean remove(@Nullable Object key, @Nullable Object value) {
    byte[] keyBytes = view.encodeKey(view.keyOf(nonNull(key)));
    if (value == null) {
      return false;
    }
    Write write = writes.get();
    fill(write, Operation.REMOVE_IF_EQUAL, keyBytes, view.encodeValue(view.valueOf(value)), false);
    return execute(write).changed;
  }

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    byte[] expected = view.encodeValue(oldValue);
    byte[] fresh = view.encodeValue(newValue);
    byte[] both = new byte[LENGTH_BYTES + expected.length + fresh.length];
    for (int i = 0; i < LENGTH_BYTES; i++) {
      both[i] = (byte) (expected.length >>> Byte.SIZE * i);
    }
    System.arraycopy(expected, 0, both, LENGTH_BYTES, expected.length);
    System.arraycopy(fresh, 0, both, LENGTH_BYTES + expected.length, fresh.length);
    Write write = writes.get();
    fill(write, Operation.REPLACE_IF_EQUAL, view.encodeKey(key), both, false);
    return execute(write).changed;
  }

  @Override
  public void clear() {
    byte[] hash0 = new byte[Long.BYTES];
    ThreadLocalRandom.current().nextBytes(hash0);
    Write write = writes.get();
    fill(write, Operation.CLEAR, NONE, hash0, false);
    execute(write);
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
    Operation.putHeader(to, 0, kind, key.length, value.length);
    System.arraycopy(key, 0, to, Operation.HEADER_BYTES, key.length);
    System.arraycopy(value, 0, to, Operation.HEADER_BYTES + key.length, value.length);
  }

  // ---------------------------------------------------------------- without waiting

  @Override
  public CompletableFuture<@Nullable V> putAsync(K key, V value) {
    return async(Operation.PUT, view.encodeKey(key), view.encodeValue(value));
  }

  @Override
  public CompletableFuture<@Nullable V> removeAsync(K key) {
    return async(Operation.REMOVE, view.encodeKey(key), NONE);
  }

  private CompletableFuture<@Nullable V> async(int kind, byte[] key, byte[] value) {
    CompletableFuture<@Nullable V> future = new CompletableFuture<>();
    Write write = new Write();
    fill(write, kind, key, value, true);
    write.onCompletion(done -> completer.add(() -> complete(future, done)));
    view.checkOpen();
    writer.submit(write);
    return future;
  }

  private void complete(CompletableFuture<@Nullable V> future, Write done) {
    HMapException failure = done.failure();
    if (failure != null) {
      future.completeExceptionally(failure);
      return;
    }
    ValueCopy before = done.outcome.previous;
    try {
      future.complete(before == null ? null : view.decode(before));
    } catch (RuntimeException e) {
      future.completeExceptionally(e); // of a codec
    }
  }

  // ---------------------------------------------------------------- several entries

  @Override
  public void write(Consumer<Batch<K, V>> filler) {
    StagedBatch batch = new StagedBatch();
    filler.accept(batch);
    if (batch.length == Operation.HEADER_BYTES) {
      return;
    }
    Write write = new Write();
    byte[] to = write.begin(batch.length, false);
    System.arraycopy(batch.bytes, 0, to, 0, batch.length);
    Operation.putHeader(to, 0, Operation.BATCH, 0, batch.length - Operation.HEADER_BYTES);
    execute(write);
  }

  private final class StagedBatch implements Batch<K, V> {
    private byte[] bytes = new byte[1024];
    private int length = Operation.HEADER_BYTES;

    @Override
    public void put(K key, V value) {
      add(Operation.PUT, view.encodeKey(key), view.encodeValue(value));
    }

    @Override
    public void remove(K key) {
      add(Operation.REMOVE, view.encodeKey(key), NONE);
    }

    private void add(int kind, byte[] key, byte[] value) {
      int part = LogRecordLayout.padded(Operation.HEADER_BYTES + key.length + value.length);
      long limit = LogRecordLayout.MAX_BYTES - LogRecordLayout.OPERATION;
      if (length + (long) part > limit) {
        throw new EntryTooLargeException(
            "batch of more than %,d bytes: the limit is %,d".formatted(length, limit));
      }
      if (length + part > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(length + part, 2 * bytes.length));
      }
      Operation.putHeader(bytes, length, kind, key.length, value.length);
      int at = length + Operation.HEADER_BYTES;
      System.arraycopy(key, 0, bytes, at, key.length);
      System.arraycopy(value, 0, bytes, at + key.length, value.length);
      length += part;
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
  public HMapStats stats() {
    view.checkOpen();
    WriterStats s = writer.stats();
    return new HMapStats(
        s.hmap().count(),
        s.hmap().b(),
        s.hmap().noverflow(),
        s.hmap().oldbuckets().id(),
        s.hmap().nevacuate(),
        s.hmap().sameSizeGrow(),
        (double) s.hmap().count() / (1L << s.hmap().b()),
        s.evacuatedChains(),
        s.maxChainsPerWrite(),
        s.growths(),
        s.sameSizeGrowths(),
        PageLayout.addressOf(s.filePages()),
        s.freePages() << PageLayout.PAGE_SHIFT,
        s.hmap().entryBytes(),
        PageLayout.addressOf(s.privatePages()),
        s.logFileBytes(),
        s.logBytes(),
        s.forces(),
        s.checkpoints(),
        s.isWaitingForReaders(),
        view.store().recovery().records(),
        view.store().recovery().wasClean());
  }

  @Override
  public void close() {
    view.close();
    writer.close();
  }
}
