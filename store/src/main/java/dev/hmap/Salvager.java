package dev.hmap;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.Operation;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.Creation;
import dev.hmap.recovery.DamagedStore;
import dev.hmap.recovery.StoreFailures;
import dev.hmap.report.Finding;
import dev.hmap.report.Salvage;
import dev.hmap.table.OperationCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Copies what is intact of a damaged store to a new one: the entries of its state, then the
 * operations of its log on top of them. While entries of the state are missing, an operation whose
 * effect depends on a key that is not there may have done something or nothing: such a key is left
 * out.
 */
final class Salvager {
  private static final int BATCH_BYTES = 1 << 20;
  private static final int PROGRESS_MASK = (1 << 14) - 1;

  private final DamagedStore from;
  private final StoreMap<byte[], byte[]> to;
  private final LongConsumer progress;
  private final List<byte[][]> batch = new ArrayList<>();
  private long batchBytes;
  private long done;
  private boolean isWhole;
  private long horizon;
  private long undecided;
  private long impossible;

  private Salvager(DamagedStore from, StoreMap<byte[], byte[]> to, LongConsumer progress) {
    this.from = from;
    this.to = to;
    this.progress = progress;
  }

  static Salvage run(
      FileSystem fileSystem, FileNames names, FileNames target, LongConsumer progress) {
    try (DamagedStore from = DamagedStore.open(fileSystem, names)) {
      Creation.checkIsFree(fileSystem, target);
      try (FreshStore fresh = new FreshStore(fileSystem, target)) {
        Salvager salvager;
        long entries;
        try (StoreMap<byte[], byte[]> to = fresh.create(from.geometry(), from.count())) {
          salvager = new Salvager(from, to, progress);
          salvager.run();
          entries = to.mappingCount();
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
      to.write(b -> b.mark(from.mark()));
    }
    if (from.geometry().expires()) {
      horizon = from.horizon();
      to.expire(horizon);
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
    batch.add(new byte[][] {key, value});
    batchBytes += key.length + value.length;
    if (batchBytes > BATCH_BYTES) {
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
      to.write(b -> batch.forEach(e -> b.put(e[0], e[1])));
      batch.clear();
      batchBytes = 0;
    }
  }

  /** Applies a logged operation; returns where it ends. */
  private int apply(byte[] bytes, int at, int limit) {
    int valueLength = Operation.valueLength(bytes, at);
    int valueAt = at + Operation.HEADER_BYTES + Operation.keyLength(bytes, at);
    if (valueLength < 0 || (long) valueAt + valueLength > limit) {
      throw new StoreCorruptException(
          "an operation with a value of %,d bytes in a record of %,d"
              .formatted(valueLength, limit - at));
    }
    int end = valueAt + valueLength;
    if (bytes[at + Operation.OP] == Operation.BATCH) {
      for (int part = valueAt; part < end; ) {
        part = valueAt + LogRecordLayout.padded(apply(bytes, part, end) - valueAt);
      }
    } else if (isDecided(bytes, at)) {
      long time = OperationCheck.check(from.geometry(), horizon, bytes, at);
      horizon = bytes[at + Operation.OP] == Operation.EXPIRE ? time : horizon;
      to.apply(bytes, at, end - at);
      isWhole |= bytes[at + Operation.OP] == Operation.CLEAR;
    } else {
      undecided++;
    }
    return end;
  }

  /** Whether what an operation does is known, though entries may be missing. */
  private boolean isDecided(byte[] bytes, int at) {
    return switch (bytes[at + Operation.OP]) {
      case Operation.PUT_IF_ABSENT,
          Operation.REPLACE,
          Operation.REPLACE_IF_EQUAL,
          Operation.REMOVE_IF_EQUAL -> {
        int key = at + Operation.HEADER_BYTES;
        yield isWhole
            || to.containsKey(Arrays.copyOfRange(bytes, key, key + Operation.keyLength(bytes, at)));
      }
      default -> true;
    };
  }
}
