package dev.hmap.table;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.Operation;
import dev.hmap.format.OperationCheck;
import dev.hmap.table.Hmap.Condition;

/**
 * Applies operations, as the log holds them, to the map. The writer and recovery both go through
 * here, so that replaying the log repeats what was done. Writer thread only.
 */
public final class OperationApplier {
  /**
   * As many as leave the first not waited for, and the last still in the cache when its turn comes.
   */
  public static final int PREFETCHED_OPERATIONS = 32;

  private final Hmap map;
  private final Hmap.Outcome inBatch = new Hmap.Outcome();
  private final Prefetcher prefetcher;
  private final KeyBytes key = new KeyBytes();

  /** Operations that were announced. */
  private int announced;

  /** Applies to {@code map}. */
  public OperationApplier(Hmap map) {
    this.map = map;
    this.prefetcher =
        new Prefetcher(map.state.layout, 2 * PREFETCHED_OPERATIONS, map.state.barrier);
  }

  /**
   * Applies the operation of a record of the log.
   *
   * @param bytes holds it from {@code at} on
   * @param length its bytes, with padding
   * @param outcome set to what happened
   * @throws StoreCorruptException if it is not an operation, or does not fill the record
   */
  public void applyRecord(byte[] bytes, int at, int length, Hmap.Outcome outcome) {
    outcome.reset(false);
    apply(bytes, at, at + length, outcome);
    map.settle();
    int end = Operation.end(bytes, at);
    if (LogRecordLayout.padded(end - at) != length) {
      throw new StoreCorruptException(
          "an operation of %,d bytes in a record of %,d".formatted(end - at, length));
    }
  }

  /** Applies an operation of which nobody asks what it did. */
  public void apply(byte[] operation) {
    apply(operation, 0, operation.length, new Hmap.Outcome());
  }

  /**
   * Applies one operation.
   *
   * @param bytes holds it
   * @param at where it starts
   * @param limit where the record ends
   * @param outcome set to what happened; of a batch, whether anything changed
   * @throws StoreCorruptException if it is not an operation
   */
  public void apply(byte[] bytes, int at, int limit, Hmap.Outcome outcome) {
    Geometry geometry = map.state.geometry;
    long time = OperationCheck.check(geometry, map.horizon(), bytes, at, limit);
    apply(bytes, at, time, outcome);
  }

  private void apply(byte[] bytes, int at, long time, Hmap.Outcome outcome) {
    switch (Operation.kind(bytes, at)) {
      case Operation.PUT -> put(bytes, at, Condition.ALWAYS, outcome);
      case Operation.PUT_IF_ABSENT -> put(bytes, at, Condition.ABSENT, outcome);
      case Operation.REPLACE -> put(bytes, at, Condition.PRESENT, outcome);
      case Operation.REPLACE_IF_EQUAL -> put(bytes, at, Condition.EQUAL, outcome);
      case Operation.REMOVE -> remove(bytes, at, time, false, outcome);
      case Operation.REMOVE_IF_EQUAL -> remove(bytes, at, time, true, outcome);
      case Operation.CLEAR -> {
        outcome.changed = map.count() > 0;
        map.clear(Operation.hash0(bytes, at));
      }
      case Operation.MARK -> map.setMark(Operation.value(bytes, at));
      case Operation.BATCH -> batch(bytes, at, outcome);
      case Operation.EXPIRE -> map.advanceHorizon(time);
      default -> throw new IllegalStateException("a kind that was checked");
    }
  }

  private void put(byte[] bytes, int at, Condition condition, Hmap.Outcome outcome) {
    int value = Operation.putAt(bytes, at);
    int expected = condition == Condition.EQUAL ? Operation.expectedAt(bytes, at, 0) : value;
    map.put(
        bytes,
        Operation.keyAt(at),
        Operation.keyLength(bytes, at),
        bytes,
        value,
        Operation.end(bytes, at) - value,
        condition,
        expected,
        value - expected,
        outcome);
  }

  private void remove(byte[] bytes, int at, long time, boolean ifEqual, Hmap.Outcome outcome) {
    int expected = Operation.expectedAt(bytes, at, map.state.geometry.stampBytes());
    map.remove(
        bytes,
        Operation.keyAt(at),
        Operation.keyLength(bytes, at),
        bytes,
        ifEqual ? expected : -1,
        Operation.end(bytes, at) - expected,
        time,
        outcome);
  }

  // ---------------------------------------------------------------- several operations

  /** Adds an operation that will be applied soon, for {@link #prefetch}. It need not be sound. */
  public void willApply(byte[] bytes, int at, int limit) {
    int keyLength = Operation.keyLength(bytes, at);
    int keyAt = Operation.keyAt(at);
    if (Operation.isOfOneKey(Operation.kind(bytes, at)) && keyAt + keyLength <= limit) {
      key.set(bytes, keyAt, keyLength);
      prefetcher.addForWrite(map.state.table, key.hash(map.state.table.hasher));
      announced++;
    }
  }

  /** Has fetched what the operations that were announced will look at. */
  public void prefetch() {
    prefetcher.addUnits(map.state.table, map.growth.nevacuate(), announced);
    prefetcher.prefetch();
    announced = 0;
  }

  private void batch(byte[] bytes, int batch, Hmap.Outcome outcome) {
    Geometry geometry = map.state.geometry;
    int end = Operation.end(bytes, batch);
    int at = Operation.valueAt(bytes, batch);
    int seen = at;
    for (int i = 0; at < end; i++) {
      if (i % PREFETCHED_OPERATIONS == 0) {
        seen = prefetchInBatch(bytes, batch, seen, end);
      }
      long time = OperationCheck.checkPart(geometry, map.horizon(), bytes, at, end);
      inBatch.reset(false);
      apply(bytes, at, time, inBatch);
      outcome.changed |= inBatch.changed;
      at = Operation.nextPart(bytes, batch, at);
    }
  }

  /** Fetches for the next operations of a batch, which need not be sound; where they end. */
  private int prefetchInBatch(byte[] bytes, int batch, int from, int end) {
    int at = from;
    for (int n = 0; n < PREFETCHED_OPERATIONS && end - at >= Operation.HEADER_BYTES; n++) {
      willApply(bytes, at, end);
      int next = Operation.nextPart(bytes, batch, at);
      at = next <= at || next > end ? end : next;
    }
    prefetch();
    return at;
  }
}
