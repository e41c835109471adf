package dev.hmap.log;

import dev.hmap.format.Checksums;
import dev.hmap.format.LogPosition;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.Operation;
import dev.hmap.format.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads records from a position on, until the first that is not valid: the end of what was logged,
 * or the torn rest of what a crash interrupted.
 *
 * <p>How the segments hang together: within one opening of the store, a full segment is followed by
 * the one with the same salt whose base is its end. When the store is opened again after a crash,
 * the log goes on in a new segment, whose base and chain are those of the last valid record; what
 * stands in the older segment after that point is dead, and stays so, because no record of it can
 * be chained to any that counts.
 */
public final class LogReader {
  /** Takes the records. */
  @FunctionalInterface
  public interface Handler {
    /**
     * One record.
     *
     * @param bytes holds its operation from {@code at} on, {@code length} bytes with padding
     */
    void accept(byte[] bytes, int at, int length) throws IOException;
  }

  private static final int WINDOW_BYTES = 64 << 10;
  private static final int FIRST_RECORD_BYTES = 1 << 10;

  private final LogFile file;
  private List<LogFile.Segment> records;
  private final Checksums checksums = new Checksums();
  private final List<LogFile.Segment> path = new ArrayList<>();

  /** A part of a segment: what follows {@link #loadedFrom} in {@link #loadedSlot}. */
  private @Nullable ByteBuffer window;

  private int loadedSlot = -1;
  private int loadedFrom;
  private byte[] record = new byte[FIRST_RECORD_BYTES];
  private LogPosition end = LogPosition.START;
  private ByteBuffer view = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);

  /**
   * A reader.
   *
   * @param file to read
   * @param segments all that {@link LogFile#scan} found
   */
  public LogReader(LogFile file, List<LogFile.Segment> segments) {
    this.file = file;
    this.records = records(segments);
  }

  private static List<LogFile.Segment> records(List<LogFile.Segment> segments) {
    return segments.stream().filter(s -> s.header().kind() == SegmentHeader.KIND_RECORDS).toList();
  }

  /**
   * Starts over in a log that was written to meanwhile.
   *
   * @param segments all that {@link LogFile#scan} found
   */
  public void lookAgain(List<LogFile.Segment> segments) {
    records = records(segments);
    path.clear();
    loadedSlot = -1;
  }

  /**
   * Reads on from a position.
   *
   * @param from the position of a checkpoint
   * @param handler is given each record
   * @return where the valid records end
   */
  public LogPosition read(LogPosition from, Handler handler) throws IOException {
    return read(from, handler, Long.MAX_VALUE);
  }

  /**
   * The same up to some length.
   *
   * @param mostBytes it ends with the record that reaches this many
   */
  public LogPosition read(LogPosition from, Handler handler, long mostBytes) throws IOException {
    LogPosition at = from;
    end = from;
    LogFile.Segment start = find(s -> s.number() == from.segment());
    if (start == null
        || from.lsn() < start.header().base()
        || from.lsn() > start.header().base() + SegmentHeader.CAPACITY) {
      start = successor(at, 0);
    }
    if (start == null) {
      return at;
    }
    path.add(start);
    while (at.lsn() - from.lsn() < mostBytes) {
      int length = valid(at);
      if (length > 0) {
        int chain = view.getInt(LogRecordLayout.CRC);
        handler.accept(record, LogRecordLayout.OPERATION, length - LogRecordLayout.OPERATION);
        at =
            new LogPosition(
                path.getLast().header().number(), at.lsn() + length, at.sequence() + 1, chain);
        end = at;
        continue;
      }
      LogFile.Segment next = successor(at, path.getLast().header().number());
      if (next == null) {
        return at;
      }
      while (path.size() > 1 && path.getLast().header().base() > at.lsn()) {
        path.removeLast(); // reached by a record that turned out to be torn
      }
      path.add(next);
    }
    return at;
  }

  /** After the last record that a handler took, should {@link #read} have failed thereafter. */
  public LogPosition end() {
    return end;
  }

  /** The segments that {@link #read} went through: those that are still needed. */
  public List<LogFile.Segment> alive() {
    return path;
  }

  private interface Test {
    boolean of(SegmentHeader header);
  }

  /** The segment with the greatest number that passes a test. */
  private LogFile.@Nullable Segment find(Test test) {
    LogFile.Segment found = null;
    for (LogFile.Segment s : records) {
      if (test.of(s.header()) && (found == null || s.header().number() > found.header().number())) {
        found = s;
      }
    }
    return found;
  }

  /** The segment with which the log went on after it had ended at a record's end. */
  private LogFile.@Nullable Segment successor(LogPosition at, long after) {
    return find(s -> s.base() == at.lsn() && s.chain() == at.chain() && s.number() > after);
  }

  /** The length of the record at a position, copied to {@link #record}; 0 if none is valid. */
  private int valid(LogPosition at) throws IOException {
    long salt = path.getLast().header().salt();
    if (!copy(at.lsn(), 0, LogRecordLayout.OPERATION)) {
      return 0;
    }
    int length = view.getInt(LogRecordLayout.LENGTH);
    if (length < LogRecordLayout.OPERATION + Operation.HEADER_BYTES
        || length > LogRecordLayout.MAX_BYTES
        || length > (long) records.size() * SegmentHeader.CAPACITY
        || length % Long.BYTES != 0
        || view.getLong(LogRecordLayout.SEQUENCE) != at.sequence()) {
      return 0;
    }
    if (length > record.length) {
      byte[] head = record;
      record = new byte[Math.max(length, Math.min(2 * head.length, LogRecordLayout.MAX_BYTES))];
      System.arraycopy(head, 0, record, 0, LogRecordLayout.OPERATION);
      view = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    }
    int rest = length - LogRecordLayout.OPERATION;
    if (!copy(at.lsn() + LogRecordLayout.OPERATION, LogRecordLayout.OPERATION, rest)) {
      return 0;
    }
    int crc =
        checksums.chained(
            at.chain(), salt, record, LogRecordLayout.LENGTH, length - LogRecordLayout.LENGTH);
    return crc == view.getInt(LogRecordLayout.CRC) ? length : 0;
  }

  /** Copies log bytes into the record, going on in the next segment where one ends. */
  private boolean copy(long lsn, int to, int length) throws IOException {
    long at = lsn;
    int done = 0;
    while (done < length) {
      LogFile.Segment segment = containing(at);
      if (segment == null) {
        return false;
      }
      int offset = (int) (at - segment.header().base());
      ByteBuffer loaded = load(segment, offset);
      int within = offset - loadedFrom;
      int n = Math.min(length - done, loaded.limit() - within);
      loaded.get(within, record, to + done, n);
      done += n;
      at += n;
    }
    return true;
  }

  private LogFile.@Nullable Segment containing(long lsn) {
    for (int i = path.size() - 1; i >= 0; i--) {
      LogFile.Segment s = path.get(i);
      long base = s.header().base();
      if (lsn >= base && lsn < base + SegmentHeader.CAPACITY) {
        return s;
      }
    }
    SegmentHeader last = path.getLast().header();
    if (lsn != last.base() + SegmentHeader.CAPACITY) {
      return null;
    }
    LogFile.Segment next = find(s -> s.base() == lsn && s.salt() == last.salt());
    if (next != null) {
      path.add(next);
    }
    return next;
  }

  /** The window on a segment that holds a place of it. */
  private ByteBuffer load(LogFile.Segment segment, int offset) throws IOException {
    ByteBuffer loaded = window;
    if (loaded == null) {
      loaded = ByteBuffer.allocateDirect(WINDOW_BYTES);
      window = loaded;
    }
    int from = offset & -WINDOW_BYTES;
    if (segment.slot() != loadedSlot || from != loadedFrom) {
      loadedSlot = -1; // should reading fail
      int n = Math.min(WINDOW_BYTES, SegmentHeader.CAPACITY - from);
      file.read(segment.slot(), SegmentHeader.BYTES + from, loaded.clear().limit(n));
      loaded.flip();
      loadedSlot = segment.slot();
      loadedFrom = from;
    }
    return loaded;
  }
}
