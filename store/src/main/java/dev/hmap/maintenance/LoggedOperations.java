package dev.hmap.maintenance;

import dev.hmap.error.StoreCorruptException;
import dev.hmap.format.Geometry;
import dev.hmap.format.Operation;
import dev.hmap.format.OperationCheck;
import dev.hmap.report.LogRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The operations of the log, as users are shown them. Stateless. */
public final class LoggedOperations {
  private static final byte[] NONE = {};
  private static final LogRecord.Kind[] KINDS = LogRecord.Kind.values();

  private LoggedOperations() {}

  /**
   * An operation that has a record for itself.
   *
   * @param geometry of its store
   * @param limit where the record ends
   * @throws StoreCorruptException if it cannot be one of that store
   */
  public static LogRecord.Operation of(Geometry geometry, byte[] bytes, int at, int limit) {
    long time = OperationCheck.check(geometry, 0, bytes, at, limit);
    if (Operation.kind(bytes, at) != Operation.BATCH) {
      return one(geometry, bytes, at, time);
    }
    List<LogRecord.Operation> parts = new ArrayList<>();
    int end = Operation.end(bytes, at);
    for (int part = Operation.valueAt(bytes, at);
        part < end;
        part = Operation.nextPart(bytes, at, part)) {
      long partTime = OperationCheck.checkPart(geometry, 0, bytes, part, end);
      parts.add(one(geometry, bytes, part, partTime));
    }
    return new LogRecord.Operation(LogRecord.Kind.BATCH, NONE, NONE, NONE, 0, parts);
  }

  private static LogRecord.Operation one(Geometry geometry, byte[] bytes, int at, long time) {
    int kind = Operation.kind(bytes, at);
    int stamp = geometry.stampBytes();
    byte[] value = NONE;
    if (Operation.puts(kind)) {
      value = slice(bytes, Operation.putAt(bytes, at) + stamp, Operation.end(bytes, at));
    } else if (kind == Operation.MARK) {
      value = Operation.value(bytes, at);
    }
    byte[] expected =
        Operation.expectsValue(kind)
            ? slice(bytes, Operation.expectedAt(bytes, at, stamp), Operation.expectedEnd(bytes, at))
            : NONE;
    return new LogRecord.Operation(
        KINDS[kind - 1], Operation.key(bytes, at), value, expected, time, List.of());
  }

  private static byte[] slice(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }
}
