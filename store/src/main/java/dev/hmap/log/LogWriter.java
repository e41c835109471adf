package dev.hmap.log;

import dev.hmap.format.Checksums;
import dev.hmap.format.LogPosition;
import dev.hmap.format.LogRecordLayout;
import dev.hmap.format.SegmentHeader;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Appends records to the log, a batch at a time: {@link #add} each record, then {@link #reserve},
 * then {@link #commit}. For whoever has the writer's role.
 */
public final class LogWriter implements AutoCloseable {
  private static final int FIRST_BUFFER_BYTES = 4 << 10;

  /** More than 1,024 short writes take: a longer buffer is let go of after its batch. */
  private static final int KEPT_BUFFER_BYTES = 256 << 10;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** A segment that holds records which no checkpoint covers yet. */
  private record Live(long number, int slot) {}

  private final LogFile file;
  private final LogWindow window;
  private final long salt;
  private final Checksums checksums = new Checksums();
  private final Deque<Live> live = new ArrayDeque<>();

  // What is committed.
  private LogPosition end;
  private int slot;
  private int used;
  private boolean isFirstSegment = true;

  // The batch.
  private byte[] batch = new byte[FIRST_BUFFER_BYTES];
  private int batchBytes;
  private long sequence;
  private int chain;
  private List<Integer> reserved = List.of();

  /**
   * A writer that goes on where the log ends, in a segment of its own.
   *
   * @param file whose live segments are marked as such
   * @param end where the last valid record ends
   * @param alive the segments with records that no checkpoint covers
   * @param salt fresh and random
   * @param isForcedByBatch whether each batch will be forced: then it is not worth a mapping
   */
  public LogWriter(
      LogFile file,
      LogPosition end,
      List<LogFile.Segment> alive,
      long salt,
      boolean isForcedByBatch) {
    this.file = file;
    this.window = new LogWindow(file, !isForcedByBatch);
    this.end = end;
    this.salt = salt;
    for (LogFile.Segment s : alive) {
      live.add(new Live(s.header().number(), s.slot()));
    }
    used = SegmentHeader.CAPACITY;
    reset();
  }

  private void reset() {
    batchBytes = 0;
    sequence = end.sequence();
    chain = end.chain();
    if (batch.length > KEPT_BUFFER_BYTES) {
      batch = new byte[FIRST_BUFFER_BYTES];
    }
  }

  /**
   * Adds a record to the batch.
   *
   * @param from holds the operation, {@code length} bytes from {@code at}
   */
  public void add(byte[] from, int at, int length) {
    int start = batchBytes;
    int bytes = recordBytes(length);
    if (start + bytes > batch.length) {
      batch = Arrays.copyOf(batch, Math.max(start + bytes, 2 * batch.length));
    }
    int body = start + LogRecordLayout.OPERATION;
    System.arraycopy(from, at, batch, body, length);
    Arrays.fill(batch, body + length, start + bytes, (byte) 0);
    INT.set(batch, start + LogRecordLayout.LENGTH, bytes);
    LONG.set(batch, start + LogRecordLayout.SEQUENCE, sequence);
    chain =
        checksums.chained(
            chain, salt, batch, start + LogRecordLayout.LENGTH, bytes - LogRecordLayout.LENGTH);
    INT.set(batch, start + LogRecordLayout.CRC, chain);
    sequence++;
    batchBytes += bytes;
  }

  /** Bytes of the batch so far. */
  public int batchBytes() {
    return batchBytes;
  }

  /**
   * Takes the slots that the batch needs.
   *
   * @throws IOException if the call fails, for example because the disk is full
   */
  public void reserve() throws IOException {
    int beyond = batchBytes - (SegmentHeader.CAPACITY - used);
    int needed = Math.max(0, Math.ceilDiv(beyond, SegmentHeader.CAPACITY));
    reserved = needed == 0 ? List.of() : file.acquire(needed);
  }

  /**
   * Whether operations of these lengths would be stored where the log is mapped: then they need no
   * slot, and no call of the system.
   */
  public boolean isMappedFor(int operation, int other) {
    int bytes = recordBytes(operation) + (other == 0 ? 0 : recordBytes(other));
    return used + bytes <= SegmentHeader.CAPACITY && window.isMapped(slot, bytes);
  }

  private static int recordBytes(int operation) {
    return LogRecordLayout.padded(LogRecordLayout.OPERATION + operation);
  }

  /** Empties the batch, of which nothing was written. */
  public void forget() {
    reset();
  }

  /**
   * Writes the batch to what was reserved.
   *
   * @throws IOException then it is not known what of the batch was written, and nothing more may be
   */
  public void commit() throws IOException {
    write(reserved);
    reserved = List.of();
    reset();
  }

  private void write(List<Integer> fresh) throws IOException {
    int written = Math.min(batchBytes, SegmentHeader.CAPACITY - used);
    store(0, written);
    long number = end.segment();
    long lsn = end.lsn() + written;
    for (int next : fresh) {
      number = file.nextNumber();
      begin(next, number, lsn);
      int length = Math.min(batchBytes - written, SegmentHeader.CAPACITY);
      store(written, length);
      written += length;
      lsn += length;
    }
    end = new LogPosition(number, lsn, sequence, chain);
  }

  /** Begins a segment, in a slot. */
  private void begin(int next, long number, long lsn) throws IOException {
    SegmentHeader header =
        new SegmentHeader(
            SegmentHeader.KIND_RECORDS,
            file.storeId(),
            number,
            salt,
            lsn,
            isFirstSegment ? end.chain() : 0,
            0,
            0);
    file.write(next, 0, header.encode());
    live.add(new Live(number, next));
    isFirstSegment = false;
    slot = next;
    used = 0;
  }

  /** Stores a part of the batch where the segment goes on. */
  private void store(int from, int length) throws IOException {
    if (length == 0) {
      return;
    }
    int offset = SegmentHeader.BYTES + used;
    if (!window.write(slot, offset, batch, from, length)) {
      file.write(slot, offset, ByteBuffer.wrap(batch, from, length));
    }
    used += length;
  }

  /** Where the committed log ends. */
  public LogPosition end() {
    return end;
  }

  /** Returns when all that was committed survives a power cut. Any thread. */
  public void force() throws IOException {
    file.force();
  }

  /** Frees the segments that only hold records before a checkpoint's position. */
  public void retire(LogPosition checkpoint) {
    List<Integer> slots = new ArrayList<>();
    while (!live.isEmpty() && live.getFirst().number < checkpoint.segment()) {
      slots.add(live.removeFirst().slot);
    }
    file.release(slots);
  }

  /** Bytes of the log since a position. */
  public long bytesSince(LogPosition position) {
    return end.lsn() - position.lsn();
  }

  /** Lets go of memory; the file stays open. */
  @Override
  public void close() {
    window.close();
  }
}
