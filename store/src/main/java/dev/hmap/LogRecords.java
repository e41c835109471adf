package dev.hmap;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.Geometry;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.Operation;
import dev.hmap.io.Uninterruptibly;
import dev.hmap.maintenance.LogTail;
import dev.hmap.report.LogRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the records of a store's log from its last checkpoint on, in their order, while another
 * process may write more; a power cut may take the last of them away. Between two calls it holds
 * nothing: no file, no lock. For one thread at a time.
 */
public final class LogRecords {
  private static final long MOST_BYTES = 4 << 20;
  private static final byte[] NONE = {};
  private static final LogRecord.Kind[] KINDS = LogRecord.Kind.values();

  private final LogTail tail;
  private long missed;

  LogRecords(LogTail tail) {
    this.tail = tail;
  }

  /**
   * The next records, some 4 MiB of them at most; empty if there are none for now. The writer's
   * checkpoints wait meanwhile.
   *
   * @throws dev.hmap.error.HMapException if there is no readable store, or a record that is whole
   *     cannot be understood
   */
  public List<LogRecord> next() {
    return Uninterruptibly.call(
        "hmap-log",
        () -> {
          List<LogRecord> records = new ArrayList<>();
          missed +=
              tail.read(
                  MOST_BYTES,
                  (geometry, lsn, sequence, bytes, at, length) ->
                      records.add(
                          new LogRecord(
                              lsn,
                              sequence,
                              LogRecordLayout.OPERATION + length,
                              operation(geometry, bytes, at, at + length))));
          return records;
        });
  }

  /** How many records checkpoints of the store took away between the calls, unread. */
  public long missed() {
    return missed;
  }

  private static LogRecord.Operation operation(Geometry geometry, byte[] bytes, int at, int limit) {
    int kind = bytes[at + Operation.OP];
    int keyLength = Operation.keyLength(bytes, at);
    int valueLength = Operation.valueLength(bytes, at);
    int valueAt = at + Operation.HEADER_BYTES + keyLength;
    if (kind < 1
        || kind > KINDS.length
        || valueLength < 0
        || valueAt + (long) valueLength > limit) {
      throw new StoreCorruptException(
          "the log has an operation of kind %d with a value of %,d bytes"
              .formatted(kind, valueLength));
    }
    byte[] key = slice(bytes, at + Operation.HEADER_BYTES, keyLength);
    ByteBuffer value =
        ByteBuffer.wrap(bytes, valueAt, valueLength).slice().order(ByteOrder.LITTLE_ENDIAN);
    return switch (kind) {
      case Operation.PUT, Operation.PUT_IF_ABSENT, Operation.REPLACE ->
          stamped(geometry, kind, key, NONE, value);
      case Operation.REPLACE_IF_EQUAL -> {
        byte[] expected = take(value, value.getInt());
        yield stamped(geometry, kind, key, expected, value);
      }
      case Operation.REMOVE, Operation.REMOVE_IF_EQUAL -> {
        long stamp = stamp(geometry, value);
        byte[] expected = take(value, value.remaining());
        yield new LogRecord.Operation(kind(kind), key, NONE, expected, stamp, List.of());
      }
      case Operation.EXPIRE ->
          new LogRecord.Operation(kind(kind), key, NONE, NONE, stamp(geometry, value), List.of());
      case Operation.MARK -> plain(kind, key, take(value, valueLength), NONE);
      case Operation.BATCH ->
          new LogRecord.Operation(
              LogRecord.Kind.BATCH,
              key,
              NONE,
              NONE,
              0,
              parts(geometry, bytes, valueAt, valueLength));
      default -> plain(kind, key, NONE, NONE);
    };
  }

  private static List<LogRecord.Operation> parts(
      Geometry geometry, byte[] bytes, int from, int length) {
    List<LogRecord.Operation> parts = new ArrayList<>();
    int end = from + length;
    int at = from;
    while (at + Operation.HEADER_BYTES <= end) {
      parts.add(operation(geometry, bytes, at, end));
      int partBytes =
          Operation.HEADER_BYTES
              + Operation.keyLength(bytes, at)
              + Operation.valueLength(bytes, at);
      at += LogRecordLayout.padded(partBytes);
    }
    return parts;
  }

  private static LogRecord.Operation stamped(
      Geometry geometry, int kind, byte[] key, byte[] expected, ByteBuffer value) {
    long stamp = stamp(geometry, value);
    byte[] rest = take(value, value.remaining());
    return new LogRecord.Operation(kind(kind), key, rest, expected, stamp, List.of());
  }

  private static long stamp(Geometry geometry, ByteBuffer value) {
    if (!geometry.expires()) {
      return 0;
    }
    if (value.remaining() < Long.BYTES) {
      throw new StoreCorruptException(
          "the log has an operation with %,d bytes in place of a time"
              .formatted(value.remaining()));
    }
    return value.getLong();
  }

  private static LogRecord.Operation plain(int kind, byte[] key, byte[] value, byte[] expected) {
    return new LogRecord.Operation(kind(kind), key, value, expected, 0, List.of());
  }

  private static LogRecord.Kind kind(int kind) {
    return KINDS[kind - 1];
  }

  private static byte[] take(ByteBuffer from, int length) {
    if (length < 0 || length > from.remaining()) {
      throw new StoreCorruptException(
          "the log has an operation with a part of %,d bytes".formatted(length));
    }
    byte[] bytes = new byte[length];
    from.get(bytes);
    return bytes;
  }

  private static byte[] slice(byte[] bytes, int at, int length) {
    return take(ByteBuffer.wrap(bytes, at, length), length);
  }
}
