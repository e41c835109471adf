package dev.hmap;

import dev.hmap.HMapAdmin.Salvage;
import dev.hmap.HMapAdmin.Verification.Finding;
import dev.hmap.error.StoreCorruptException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.format.FileNames;
import dev.hmap.format.Operation;
import dev.hmap.io.DiskFull;
import dev.hmap.io.FileSystem;
import dev.hmap.recovery.Creation;
import dev.hmap.recovery.DamagedStore;
import dev.hmap.recovery.Flaw;
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
final class Salvager {
  private static final int BATCH_BYTES = 1 << 20;
  private static final int PROGRESS_MASK = (1 << 14) - 1;

  private final DamagedStore from;
  private final HMap<byte[], byte[]> to;
  private final LongConsumer progress;
  private final List<byte[][]> batch = new ArrayList<>();
  private long batchBytes;
  private long done;
  private boolean isWhole;
  private long undecided;

  private Salvager(DamagedStore from, HMap<byte[], byte[]> to, LongConsumer progress) {
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
        try (HMap<byte[], byte[]> to = fresh.create(from.geometry(), from.count())) {
          salvager = new Salvager(from, to, progress);
          salvager.run();
          entries = to.mappingCount();
        }
        fresh.publish(names.data());
        return new Salvage(entries, Math.max(0, from.count() - from.intact()), salvager.findings());
      }
    } catch (IOException e) {
      String message = "%s cannot be salvaged: %s".formatted(names.data(), e.getMessage());
      throw DiskFull.is(e)
          ? new StoreFullException(message, e)
          : new StoreFailedException(message, e);
    }
  }

  private void run() throws IOException {
    from.forEachEntry(this::add);
    flush();
    if (from.mark().length > 0) {
      to.write(b -> b.mark(from.mark()));
    }
    isWhole = from.intact() == from.count();
    from.followLog((bytes, at, length) -> {
      apply(bytes, at, at + length);
      tell();
    });
    progress.accept(done);
  }

  private List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (Flaw flaw : from.flaws()) {
      findings.add(new Finding(flaw.severity() == Flaw.Severity.DAMAGE, flaw.page(), flaw.what()));
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
    batch.add(new byte[][] {key, value});
    batchBytes += key.length + value.length;
    if (batchBytes > BATCH_BYTES) {
      flush();
    }
    tell();
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
    ByteBuffer op = ByteBuffer.wrap(bytes, at, limit - at).slice().order(ByteOrder.LITTLE_ENDIAN);
    int keyLength = Short.toUnsignedInt(op.getShort(Operation.KEY_LENGTH));
    int valueLength = op.getInt(Operation.VALUE_LENGTH);
    int valueAt = Operation.HEADER_BYTES + keyLength;
    if (valueLength < 0 || (long) valueAt + valueLength > limit - at) {
      throw new StoreCorruptException(
          "an operation with a value of %,d bytes in a record of %,d"
              .formatted(valueLength, limit - at));
    }
    int kind = op.get(Operation.OP);
    if (kind == Operation.BATCH) {
      int end = at + valueAt + valueLength;
      for (int part = at + valueAt; part < end; ) {
        part = at + valueAt + (apply(bytes, part, end) - at - valueAt + 7 & -8);
      }
      return end;
    }
    byte[] key = new byte[keyLength];
    byte[] value = new byte[valueLength];
    op.get(Operation.HEADER_BYTES, key).get(valueAt, value);
    if (kind == Operation.CLEAR) {
      to.clear();
      isWhole = true;
    } else if (kind == Operation.PUT) {
      to.put(key, value);
    } else if (kind == Operation.REMOVE) {
      to.remove(key);
    } else if (kind == Operation.MARK) {
      to.write(b -> b.mark(value));
    } else if (isWhole || to.containsKey(key)) {
      applyIf(kind, key, value);
    } else {
      undecided++;
    }
    return at + valueAt + valueLength;
  }

  private void applyIf(int kind, byte[] key, byte[] value) {
    switch (kind) {
      case Operation.PUT_IF_ABSENT -> to.putIfAbsent(key, value);
      case Operation.REPLACE -> to.replace(key, value);
      case Operation.REMOVE_IF_EQUAL -> to.remove(key, value);
      case Operation.REPLACE_IF_EQUAL -> {
        ByteBuffer both = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
        byte[] expected = new byte[both.getInt()];
        both.get(expected);
        byte[] fresh = new byte[both.remaining()];
        both.get(fresh);
        to.replace(key, expected, fresh);
      }
      default -> throw new StoreCorruptException("an operation of unknown kind %d".formatted(kind));
    }
  }
}
