package dev.hmap.store;

import dev.hmap.error.HMapException;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.Operation;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.table.ValueCopy;
import dev.hmap.write.Completer;
import dev.hmap.write.StoreWriter;
import dev.hmap.write.Write;
import dev.hmap.write.WriterOptions;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A store that is open for writing, in bytes.
 *
 * <p>A value that is given comes with room for its stamp before it, if entries expire; a removal
 * has that room alone in place of a value. Every method throws {@link HMapException} of the kind
 * that fits, and {@link dev.hmap.error.StoreClosedException} once the store is closed. Any thread.
 */
public final class WritableStore extends Store {
  private final StoreWriter writer;
  private final WritePool writes = new WritePool();

  private WritableStore(OpenedStore opened, StoreWriter writer, boolean keepsStamps) {
    super(new StoreReader(opened, keepsStamps));
    this.writer = writer;
  }

  /**
   * Opens a store that exists. Not on a thread that users may interrupt.
   *
   * @param expected says, for the geometry that was found, which one it must be; null to take any
   */
  public static WritableStore open(
      Environment environment,
      FileNames names,
      @Nullable UnaryOperator<Geometry> expected,
      WriterOptions options) {
    OpenedStore opened = Recovery.open(environment.fileSystem(), names, true, expected);
    StoreWriter writer = null;
    WritableStore store = null;
    boolean isOwn = true; // until the writer has it, which closes it
    try {
      prepare(opened, environment);
      isOwn = false;
      writer = StoreWriter.start(opened, options, environment.nanos());
      store = new WritableStore(opened, writer, options.keepsStamps());
      return store;
    } finally {
      if (store == null && writer != null) {
        writer.close();
      } else if (isOwn) {
        opened.close();
      }
    }
  }

  // ---------------------------------------------------------------- writes that are waited for

  /** Logs and applies an operation on a key; returns the value it had, with its stamp, or null. */
  public @Nullable ValueCopy exchange(int kind, byte[] key, byte[] value) {
    checkOpen();
    Write write = writes.take();
    fill(write, kind, key, value, true);
    writer.execute(write);
    ValueCopy before = write.outcome.previous;
    write.outcome.previous = null;
    writes.giveBack(write);
    return before;
  }

  /** Logs and applies an operation on a key; returns whether it changed anything. */
  public boolean write(int kind, byte[] key, byte[] value) {
    checkOpen();
    Write write = writes.take();
    fill(write, kind, key, value, false);
    return executed(write);
  }

  /**
   * The same where the key has eight bytes, and the value, if the operation has one.
   *
   * @param hasValue whether it has
   */
  public boolean writeLongs(int kind, long key, long value, boolean hasValue) {
    checkOpen();
    Write write = writes.take();
    int stamp = geometry().stampBytes();
    int valueBytes = hasValue ? stamp + Long.BYTES : stamp;
    byte[] to = write.begin(Operation.HEADER_BYTES + Long.BYTES + valueBytes, false);
    Operation.putHeader(to, 0, kind, Long.BYTES, valueBytes);
    Operation.putLong(to, Operation.HEADER_BYTES, key);
    if (hasValue) {
      Operation.putLong(to, Operation.HEADER_BYTES + Long.BYTES + stamp, value);
    }
    return executed(write);
  }

  /** Logs and applies an operation as another store's log holds it, with its time. */
  public boolean writeLogged(byte[] from, int at, int length) {
    checkOpen();
    Write write = writes.take();
    System.arraycopy(from, at, write.begin(length, false), 0, length);
    return executed(write);
  }

  private boolean executed(Write write) {
    writer.execute(write);
    boolean changed = write.outcome.changed;
    writes.giveBack(write);
    return changed;
  }

  private static void fill(Write write, int kind, byte[] key, byte[] value, boolean wantsPrevious) {
    int length = Operation.HEADER_BYTES + key.length + value.length;
    byte[] to = write.begin(length, wantsPrevious);
    Operation.put(to, 0, kind, key, value);
  }

  /** Logs and applies a batch that is not empty; returns whether it changed anything. */
  public boolean write(OperationBatch batch) {
    checkOpen();
    Write write = batch.toWrite();
    writer.execute(write);
    return write.outcome.changed;
  }

  /** Returns when all that was submitted before is complete. */
  public void awaitSubmitted() {
    checkOpen();
    writer.execute(Write.barrier());
  }

  // ---------------------------------------------------------------- writes that are not

  /**
   * Submits an operation on a key.
   *
   * @param result made of the value the key had, with its stamp, or of null; on this thread, or the
   *     completer's
   */
  public <T extends @Nullable Object> CompletableFuture<T> exchangeAsync(
      int kind, byte[] key, byte[] value, Function<@Nullable ValueCopy, T> result) {
    Write write = writes.take();
    fill(write, kind, key, value, true);
    return submit(write, done -> result.apply(done.outcome.previous));
  }

  /** Submits an operation on a key; whether it changes anything. */
  public CompletableFuture<Boolean> writeAsync(int kind, byte[] key, byte[] value) {
    Write write = writes.take();
    fill(write, kind, key, value, false);
    return submit(write, done -> done.outcome.changed);
  }

  /** Submits a batch that is not empty. */
  public CompletableFuture<@Nullable Void> writeAsync(OperationBatch batch) {
    return this.<@Nullable Void>submit(batch.toWrite(), _ -> null);
  }

  /** A future that is complete, with a result, when all that was submitted before is. */
  public <T extends @Nullable Object> CompletableFuture<T> afterSubmitted(T result) {
    return submit(Write.barrier(), _ -> result);
  }

  private <T extends @Nullable Object> CompletableFuture<T> submit(
      Write write, Function<Write, T> result) {
    checkOpen();
    CompletableFuture<T> future = new CompletableFuture<>();
    if (writer.isCarriedOut(write)) {
      complete(future, write, result);
      write.outcome.previous = null;
      writes.giveBack(write);
      return future;
    }
    Completer completer = writer.completer();
    completer.begin();
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

  // ---------------------------------------------------------------- the whole store

  /** Returns when every write that returned before survives a power cut. */
  public void sync() {
    checkOpen();
    writer.sync();
  }

  /** Returns when a checkpoint that holds every write that returned before is complete. */
  public void checkpoint() {
    checkOpen();
    writer.checkpoint();
  }

  /**
   * Makes the map as small as its entries allow, between other writes.
   *
   * @throws dev.hmap.error.StoreFullException if there is no room for that; the map is whole
   */
  public void compact() {
    checkOpen();
    writer.compact();
  }

  @Override
  public StoreStats stats() {
    checkOpen();
    return new StoreStats(writer.stats(), opened().recovery(), Follower.Lag.NONE);
  }

  @Override
  public void close() {
    endCalls();
    writer.close();
  }
}
