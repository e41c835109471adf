package dev.hmap.store;

import dev.hmap.error.EntryTooLargeException;
import dev.hmap.format.Directory;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.Operation;
import dev.hmap.write.Write;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Operations that are logged and applied as one, in bytes: the operation that the log will hold.
 * Not thread-safe.
 */
public final class OperationBatch {
  private static final byte[] NONE = {};
  private static final int MAX_BYTES = LogRecordLayout.MAX_BYTES - LogRecordLayout.OPERATION;

  private final int stampBytes;
  private byte[] record = new byte[1024];
  private int length = Operation.HEADER_BYTES;
  private int operations;

  /** What the last operation on each key leaves of it; made when it is first asked for. */
  private @Nullable Map<ByteBuffer, Optional<byte[]>> staged;

  /**
   * An empty batch.
   *
   * @param stampBytes room before each value for the stamp that the writer sets; 0 if entries do
   *     not expire, or values come with their stamps
   */
  public OperationBatch(int stampBytes) {
    this.stampBytes = stampBytes;
  }

  /** Adds a put. */
  public void put(byte[] key, byte[] value) {
    int at = add(Operation.PUT, key, stampBytes + value.length);
    System.arraycopy(value, 0, record, at + stampBytes, value.length);
    stage(key, value);
  }

  /** Adds a removal. */
  public void remove(byte[] key) {
    int _ = add(Operation.REMOVE, key, stampBytes);
    stage(key, null);
  }

  /**
   * Adds a removal of a key if it has a value of these bytes. {@link #concerns} does not see it.
   */
  public void removeIfEqual(byte[] key, byte[] expected) {
    int at = add(Operation.REMOVE_IF_EQUAL, key, stampBytes + expected.length);
    System.arraycopy(expected, 0, record, at + stampBytes, expected.length);
  }

  /**
   * Adds the user's mark.
   *
   * @throws EntryTooLargeException if it is longer than 4,096 bytes
   */
  public void mark(byte[] mark) {
    if (mark.length > Directory.MAX_MARK_BYTES) {
      throw new EntryTooLargeException(
          "mark of %,d bytes: the limit is %,d".formatted(mark.length, Directory.MAX_MARK_BYTES));
    }
    int at = add(Operation.MARK, NONE, mark.length);
    System.arraycopy(mark, 0, record, at, mark.length);
  }

  /** Adds an operation, and returns where its value is to be put. */
  private int add(int kind, byte[] key, int valueLength) {
    int part = LogRecordLayout.padded(Operation.HEADER_BYTES + key.length + valueLength);
    if (part > MAX_BYTES - length) {
      throw new EntryTooLargeException(
          "batch of more than %,d bytes: the limit is %,d".formatted(length, MAX_BYTES));
    }
    if (length + part > record.length) {
      record = Arrays.copyOf(record, Math.max(length + part, 2 * record.length));
    }
    Operation.putHeader(record, length, kind, key.length, valueLength);
    int keyAt = length + Operation.HEADER_BYTES;
    System.arraycopy(key, 0, record, keyAt, key.length);
    length += part;
    operations++;
    return keyAt + key.length;
  }

  private void stage(byte[] key, byte @Nullable [] value) {
    if (staged != null) {
      staged.put(ByteBuffer.wrap(key), Optional.ofNullable(value));
    }
  }

  /** Whether an operation is on a key; {@link #removeIfEqual} does not count. */
  public boolean concerns(byte[] key) {
    return staged().containsKey(ByteBuffer.wrap(key));
  }

  /** What the last operation on a key makes of it: its value, or null if it is removed. */
  public byte @Nullable [] valueOf(byte[] key) {
    return staged().getOrDefault(ByteBuffer.wrap(key), Optional.empty()).orElse(null);
  }

  private Map<ByteBuffer, Optional<byte[]>> staged() {
    Map<ByteBuffer, Optional<byte[]>> known = staged;
    return known == null ? stageAll() : known;
  }

  /** Makes the map of what is staged; not in part, should that be cut off. */
  private Map<ByteBuffer, Optional<byte[]>> stageAll() {
    Map<ByteBuffer, Optional<byte[]>> all = new HashMap<>();
    for (int at = Operation.HEADER_BYTES; at < length; ) {
      int kind = Operation.kind(record, at);
      int end = Operation.end(record, at);
      if (kind == Operation.PUT || kind == Operation.REMOVE) {
        int shown = Operation.valueAt(record, at) + stampBytes;
        byte[] value = kind == Operation.PUT ? Arrays.copyOfRange(record, shown, end) : null;
        all.put(ByteBuffer.wrap(Operation.key(record, at)), Optional.ofNullable(value));
      }
      at = LogRecordLayout.padded(end);
    }
    staged = all;
    return all;
  }

  /** The number of operations. */
  public int operations() {
    return operations;
  }

  /** Bytes of the operations. */
  public int bytes() {
    return length - Operation.HEADER_BYTES;
  }

  /** Whether there is no operation. */
  public boolean isEmpty() {
    return operations == 0;
  }

  /** A write of all of it. */
  Write toWrite() {
    Write write = new Write();
    byte[] to = write.begin(length, false);
    System.arraycopy(record, 0, to, 0, length);
    Operation.putHeader(to, 0, Operation.BATCH, 0, length - Operation.HEADER_BYTES);
    return write;
  }
}
