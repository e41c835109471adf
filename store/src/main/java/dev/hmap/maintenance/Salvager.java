package dev.hmap.maintenance;

import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogHead;
import dev.hmap.format.Operation;
import dev.hmap.format.OperationCheck;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.Creation;
import dev.hmap.recovery.StoreFailures;
import dev.hmap.report.Finding;
import dev.hmap.report.Salvage;
import dev.hmap.store.OperationBatch;
import dev.hmap.store.WritableStore;
import dev.hmap.table.KeyBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Copies what is intact of a damaged store to a new one: the entries of its state, then the
 * operations of its log on top of them. While entries of the state are missing, an operation whose
 * effect depends on a key that is not there may have done something or nothing: such a key is left
 * out.
 */
public final class Salvager {
  private static final int BATCH_BYTES = 1 << 20;
  private static final int PROGRESS_MASK = (1 << 14) - 1;

  private final DamagedStore from;
  private final WritableStore to;
  private final LongConsumer progress;
  private OperationBatch batch = new OperationBatch(0);
  private long done;
  private boolean isWhole;
  private long horizon;
  private long undecided;
  private long impossible;

  private Salvager(DamagedStore from, WritableStore to, LongConsumer progress) {
    this.from = from;
    this.to = to;
    this.progress = progress;
  }

  /**
   * Salvages a store.
   *
   * @param target where no file is
   * @param progress is called now and then with the number of entries and operations copied
   */
  public static Salvage run(
      FileSystem fileSystem, FileNames names, FileNames target, LongConsumer progress) {
    try (DamagedStore from = DamagedStore.open(fileSystem, names)) {
      Creation.checkIsFree(fileSystem, target);
      try (FreshStore fresh = new FreshStore(fileSystem, target)) {
        Salvager salvager;
        long entries;
        try (WritableStore to = fresh.create(from.geometry(), from.count(), LogHead.NONE)) {
          salvager = new Salvager(from, to, progress);
          salvager.run();
          entries = to.reader().count();
        }
        fresh.publish(names.data());
        return new Salvage(entries, Math.max(0, from.count() - from.intact()), salvager.findings());
      }
    } catch (IOException e) {
      throw StoreFailures.failure(names, "cannot be salvaged", e);
    }
  }

  private void run() throws IOException {
    from.forEachEntry(this::add);
    flush();
    if (from.mark().length > 0) {
      batch.mark(from.mark());
      flush();
    }
    if (from.geometry().expires()) {
      horizon = from.horizon();
      byte[] expire = Operation.expire(horizon);
      boolean _ = to.writeLogged(expire, 0, expire.length);
    }
    isWhole = impossible == 0 && from.intact() == from.count();
    from.followLog((bytes, at, length) -> {
      apply(bytes, at, at + length);
      tell();
    });
    progress.accept(done);
  }

  private List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(from.findings());
    if (impossible > 0) {
      findings.add(
          Finding.damage(
              -1, "%,d entries with a stamp that cannot be were left out".formatted(impossible)));
    }
    if (undecided > 0) {
      findings.add(
          new Finding(
              true,
              -1,
              "%,d logged operations on lost keys were left out: what they did cannot be known"
                  .formatted(undecided)));
    }
    return findings;
  }

  private void tell() {
    if ((++done & PROGRESS_MASK) == 0) {
      progress.accept(done);
    }
  }

  private void add(byte[] key, byte[] value) {
    if (!hasPossibleStamp(value)) {
      impossible++;
      return;
    }
    batch.put(key, value);
    if (batch.bytes() > BATCH_BYTES) {
      flush();
    }
    tell();
  }

  private boolean hasPossibleStamp(byte[] value) {
    if (!from.geometry().expires()) {
      return true;
    }
    if (value.length < Long.BYTES) {
      return false;
    }
    long stamp = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return stamp >= 0 && stamp <= Geometry.MAX_TIME_MILLIS;
  }

  private void flush() {
    if (!batch.isEmpty()) {
      boolean _ = to.write(batch);
      batch = new OperationBatch(0);
    }
  }

  /** Applies a logged operation that has a record for itself. */
  private void apply(byte[] bytes, int at, int limit) {
    long time = OperationCheck.check(from.geometry(), horizon, bytes, at, limit);
    if (Operation.kind(bytes, at) != Operation.BATCH) {
      applyOne(bytes, at, time);
      return;
    }
    int end = Operation.end(bytes, at);
    for (int part = Operation.valueAt(bytes, at);
        part < end;
        part = Operation.nextPart(bytes, at, part)) {
      applyOne(bytes, part, OperationCheck.checkPart(from.geometry(), horizon, bytes, part, end));
    }
  }

  private void applyOne(byte[] bytes, int at, long time) {
    int kind = Operation.kind(bytes, at);
    boolean isDecided =
        isWhole
            || !Operation.isConditional(kind)
            || to.reader().find(new KeyBytes(Operation.key(bytes, at)), null);
    if (!isDecided) {
      undecided++;
      return;
    }
    horizon = kind == Operation.EXPIRE ? time : horizon;
    if (kind == Operation.MARK) { // only a batch may have one
      batch.mark(Operation.value(bytes, at));
      flush();
    } else {
      boolean _ = to.writeLogged(bytes, at, Operation.end(bytes, at) - at);
    }
    isWhole |= kind == Operation.CLEAR;
  }
}
