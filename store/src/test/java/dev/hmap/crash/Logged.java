package dev.hmap.crash;

import dev.hmap.format.LogHead;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.Operation;
import dev.hmap.format.SegmentHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a store whose entries expire has logged: when each operation took place, and the horizons.
 * Read from the calls that wrote the log, in their order, before any of it was lost.
 *
 * @param operations in the order of the log, of one store after the other
 * @param horizons the same
 */
record Logged(List<Entry> operations, List<Entry> horizons) {
  static final Logged NOTHING = new Logged(List.of(), List.of());

  private static final Path LOG = Oracle.NAMES.log();

  /**
   * An operation or a horizon.
   *
   * @param store the id of the store
   * @param sequence of the record; 0 of what compaction put into the header
   * @param millis the time of an operation, 0 if it has none; or the horizon
   * @param behind how many operations were logged before it
   * @param isCertain false for a horizon that a crash may have taken, or not
   */
  record Entry(long store, long sequence, long millis, int behind, boolean isCertain) {
    boolean isBefore(long otherStore, long end) {
      return store == otherStore && sequence < end;
    }

    Entry movedBy(int more) {
      return new Entry(store, sequence, millis, behind + more, isCertain);
    }

    Entry doubted() {
      return new Entry(store, sequence, millis, behind, false);
    }
  }

  /** What a journal's calls have logged. */
  static Logged of(List<Change> journal) {
    Parser parser = new Parser();
    journal.forEach(parser::follow);
    return new Logged(parser.operations, parser.horizons);
  }

  /** This, and then more. */
  Logged and(Logged more) {
    Stream<Entry> moved = more.horizons.stream().map(h -> h.movedBy(operations.size()));
    return new Logged(
        Stream.concat(operations.stream(), more.operations.stream()).toList(),
        Stream.concat(horizons.stream(), moved).toList());
  }

  /** This, and horizons that were not logged. */
  Logged and(List<Entry> more) {
    return new Logged(operations, Stream.concat(horizons.stream(), more.stream()).toList());
  }

  /** What is left behind a crash that kept this many operations. */
  Logged cut(int prefix) {
    return new Logged(
        operations.subList(0, Math.min(prefix, operations.size())),
        horizons.stream()
            .filter(h -> h.behind <= prefix)
            .map(h -> h.behind == prefix && h.sequence > 0 ? h.doubted() : h)
            .toList());
  }

  /** How many operations a store has of its own, up to where its log ends. */
  int count(long store, long end) {
    return (int) operations.stream().filter(o -> o.isBefore(store, end)).count();
  }

  /** Whether a store whose log ends there may have a horizon. */
  boolean mayBeHorizon(long store, long end, long millis) {
    long last = 0;
    for (Entry h : horizons) {
      if (h.isBefore(store, end)) {
        if (!h.isCertain && h.millis == millis) {
          return true;
        }
        last = h.isCertain ? Math.max(last, h.millis) : last;
      }
    }
    return millis == last;
  }

  /** Follows the calls on the log's files. */
  private static final class Parser {
    final List<Entry> operations = new ArrayList<>();
    final List<Entry> horizons = new ArrayList<>();
    private final Map<Integer, Path> names = new HashMap<>();
    private final Map<Integer, Map<Long, SegmentHeader>> segments = new HashMap<>();
    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();

    void follow(Change change) {
      if (change instanceof Change.Create create) {
        names.put(create.file(), create.path());
      } else if (change instanceof Change.Write write
          && names.getOrDefault(write.file(), LOG).equals(LOG)) {
        written(write);
      }
    }

    private void written(Change.Write write) {
      long inSlots = write.position() - LogHead.BYTES;
      if (inSlots < 0) {
        return;
      }
      long slot = inSlots / SegmentHeader.SEGMENT_BYTES;
      Map<Long, SegmentHeader> slots = segments.computeIfAbsent(write.file(), _ -> new HashMap<>());
      ByteBuffer bytes = ByteBuffer.wrap(write.bytes(), 0, write.length());
      bytes.order(ByteOrder.LITTLE_ENDIAN);
      if (inSlots % SegmentHeader.SEGMENT_BYTES == 0) {
        SegmentHeader header =
            write.length() == SegmentHeader.BYTES ? SegmentHeader.decode(bytes) : null;
        slots.remove(slot);
        if (header != null) {
          slots.put(slot, header);
        }
        return;
      }
      SegmentHeader header = slots.get(slot);
      if (header != null && header.kind() == SegmentHeader.KIND_RECORDS) {
        unread.write(write.bytes(), 0, write.length());
        read(header.storeId());
      }
    }

    private void read(long store) {
      byte[] all = unread.toByteArray();
      ByteBuffer bytes = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
      int at = 0;
      while (all.length - at >= LogRecordLayout.OPERATION + Operation.HEADER_BYTES) {
        int length = bytes.getInt(at + LogRecordLayout.LENGTH);
        if (length > all.length - at) {
          break;
        }
        add(store, bytes.getLong(at + LogRecordLayout.SEQUENCE), all, at);
        at += length;
      }
      unread.reset();
      unread.write(all, at, all.length - at);
    }

    private void add(long store, long sequence, byte[] bytes, int record) {
      int at = record + LogRecordLayout.OPERATION;
      if (Operation.kind(bytes, at) == Operation.EXPIRE) {
        long horizon = Operation.time(bytes, at);
        horizons.add(new Entry(store, sequence, horizon, operations.size(), true));
      } else {
        int behind = operations.size();
        operations.add(new Entry(store, sequence, time(bytes, at), behind, true));
      }
    }

    /** Of a batch, the time of its first part that has one. */
    private static long time(byte[] bytes, int at) {
      if (Operation.isOfOneKey(Operation.kind(bytes, at))) {
        return Operation.time(bytes, at);
      }
      if (Operation.kind(bytes, at) == Operation.BATCH) {
        int end = Operation.end(bytes, at);
        for (int part = Operation.valueAt(bytes, at);
            part < end;
            part = Operation.nextPart(bytes, at, part)) {
          if (Operation.isOfOneKey(Operation.kind(bytes, part))) {
            return Operation.time(bytes, part);
          }
        }
      }
      return 0;
    }
  }
}
