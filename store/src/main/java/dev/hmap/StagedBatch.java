package dev.hmap;

import dev.hmap.error.EntryTooLargeException;
import dev.hmap.format.Directory;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.Operation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A batch being filled: the operation that the log will hold. */
final class StagedBatch<K, V> implements HMap.Batch<K, V> {
  private static final byte[] NONE = {};
  private static final int MAX_BYTES = LogRecordLayout.MAX_BYTES - LogRecordLayout.OPERATION;

  private final StoreView<K, V> view;
  private byte[] record = new byte[1024];
  private int length = Operation.HEADER_BYTES;
  private int operations;

  /** What the last operation on each key leaves of it; made when it is first asked for. */
  private @Nullable Map<ByteBuffer, Optional<byte[]>> staged;

  StagedBatch(StoreView<K, V> view) {
    this.view = view;
  }

  @Override
  public void put(K key, V value) {
    byte[] keyBytes = view.encodeKey(key);
    byte[] valueBytes = view.encodeValue(value);
    int at = add(Operation.PUT, keyBytes, view.stampBytes() + valueBytes.length);
    System.arraycopy(valueBytes, 0, record, at + view.stampBytes(), valueBytes.length);
    stage(keyBytes, valueBytes);
  }

  @Override
  public void remove(K key) {
    removeKey(view.encodeKey(key));
  }

  /** Removes a key, given as bytes. */
  void removeKey(byte[] key) {
    int _ = add(Operation.REMOVE, key, view.timeBytes());
    stage(key, null);
  }

  /** The same if it has a value of these bytes. */
  void removeIfEqual(byte[] key, byte[] expected) {
    int at = add(Operation.REMOVE_IF_EQUAL, key, view.timeBytes() + expected.length);
    System.arraycopy(expected, 0, record, at + view.timeBytes(), expected.length);
  }

  @Override
  public void mark(byte[] mark) {
    Objects.requireNonNull(mark, "mark");
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

  @Override
  public @Nullable V get(K key) {
    byte[] keyBytes = view.encodeSought(Objects.requireNonNull(key, "key"));
    if (keyBytes == null) {
      return null;
    }
    Map<ByteBuffer, Optional<byte[]>> known = staged == null ? stageAll() : staged;
    Optional<byte[]> own = known.get(ByteBuffer.wrap(keyBytes));
    if (own == null) {
      return view.getEncoded(keyBytes);
    }
    return own.isEmpty() ? null : view.decodeValue(own.get());
  }

  /** Makes the map of what is staged; not in part, should that be cut off. */
  private Map<ByteBuffer, Optional<byte[]>> stageAll() {
    Map<ByteBuffer, Optional<byte[]>> all = new HashMap<>();
    for (int at = Operation.HEADER_BYTES; at < length; ) {
      int kind = record[at + Operation.OP];
      int keyAt = at + Operation.HEADER_BYTES;
      int valueAt = keyAt + Operation.keyLength(record, at);
      int end = valueAt + Operation.valueLength(record, at);
      if (kind != Operation.MARK) {
        int shown = kind == Operation.PUT ? valueAt + view.stampBytes() : end;
        byte[] value = kind == Operation.PUT ? Arrays.copyOfRange(record, shown, end) : null;
        all.put(
            ByteBuffer.wrap(Arrays.copyOfRange(record, keyAt, valueAt)),
            Optional.ofNullable(value));
      }
      at = LogRecordLayout.padded(end);
    }
    staged = all;
    return all;
  }

  @Override
  public int operations() {
    return operations;
  }

  @Override
  public int bytes() {
    return length - Operation.HEADER_BYTES;
  }

  boolean isEmpty() {
    return operations == 0;
  }

  /** Bytes of the whole operation. */
  int recordBytes() {
    return length;
  }

  /** Copies the whole operation. */
  void copyTo(byte[] to) {
    System.arraycopy(record, 0, to, 0, length);
    Operation.putHeader(to, 0, Operation.BATCH, 0, length - Operation.HEADER_BYTES);
  }
}
