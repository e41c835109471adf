package dev.hmap.log;

import dev.hmap.format.LogHead;
import dev.hmap.format.SegmentHeader;
import dev.hmap.io.ForceFailedException;
import dev.hmap.io.StoreFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The log file: a head that says whose it is, and a row of slots, each taking one segment. A slot
 * is filled with zeros when the file is extended by it, so that its blocks are there before a write
 * is acknowledged, and is used again when its segment is retired. Thread-safe: the writer takes
 * slots for records, the checkpoint's thread for page images.
 */
public final class LogFile implements AutoCloseable {
  private static final int ZEROS_BYTES = 64 << 10;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(ZEROS_BYTES).asReadOnlyBuffer();
  private static final int MAX_EXTENSION = 2;
  private static final int KEPT_FREE = 64;

  private final StoreFile file;
  private final long storeId;
  private final TreeSet<Integer> free = new TreeSet<>();

  /** The slots that were looked at for holes, or filled. */
  private final BitSet filled = new BitSet();

  private int slots;
  private long lastNumber;

  private final Object forcing = new Object();
  private @Nullable Throwable failure;

  /**
   * A segment found in the file.
   *
   * @param slot where it is
   * @param header its head
   */
  public record Segment(int slot, SegmentHeader header) {}

  private LogFile(StoreFile file, LogHead head, long lastNumber) throws IOException {
    this.file = file;
    this.storeId = head.storeIdLow();
    this.lastNumber = lastNumber;
    slots = countSlots();
    for (int slot = 0; slot < slots; slot++) {
      free.add(slot);
    }
  }

  /**
   * The slots of an open file, which is left open.
   *
   * @param file open for reading and writing, or for reading if nothing will be written
   * @param head of the store's log
   * @param lastNumber no segment of the store had a greater number as far as its header tells
   * @return null if it is not the log of that store
   */
  public static @Nullable LogFile of(StoreFile file, LogHead head, long lastNumber)
      throws IOException {
    if (file.size() < LogHead.BYTES) {
      return null;
    }
    ByteBuffer page = ByteBuffer.allocateDirect(LogHead.BYTES);
    file.read(page, 0);
    return head.isIn(page.flip()) ? new LogFile(file, head, lastNumber) : null;
  }

  /**
   * The same whatever the head says: to read what is left of a damaged one. If this fails, the file
   * is closed.
   */
  public static LogFile ofDamaged(StoreFile file, LogHead head, long lastNumber)
      throws IOException {
    LogFile log = null;
    try {
      log = new LogFile(file, head, lastNumber);
      return log;
    } finally {
      if (log == null) {
        file.close();
      }
    }
  }

  /**
   * Makes an empty file the log of a store, not durably yet. If this fails, the file is closed.
   *
   * @param head and {@code lastNumber} as in {@link #of}
   */
  public static LogFile create(StoreFile file, LogHead head, long lastNumber) throws IOException {
    LogFile log = null;
    try {
      file.write(head.encode(), 0);
      log = new LogFile(file, head, lastNumber);
      return log;
    } finally {
      if (log == null) {
        file.close();
      }
    }
  }

  private int countSlots() throws IOException {
    return (int) (Math.max(0, file.size() - LogHead.BYTES) / SegmentHeader.SEGMENT_BYTES);
  }

  /** Whether a name leads to this file. */
  public boolean isAt(Path path) throws IOException {
    return file.isAt(path);
  }

  /** The segments of this store in the file, of either kind, dead ones too. */
  public synchronized List<Segment> scan() throws IOException {
    List<Segment> found = new ArrayList<>();
    ByteBuffer head = ByteBuffer.allocateDirect(SegmentHeader.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int slot = 0; slot < slots; slot++) {
      file.read(head.clear(), position(slot));
      SegmentHeader header = SegmentHeader.decode(head.clear());
      if (header != null && header.storeId() == storeId) {
        found.add(new Segment(slot, header));
        lastNumber = Math.max(lastNumber, header.number());
      }
    }
    return found;
  }

  /** {@link #scan}, for a reader of a file that another process extends or cuts. */
  public synchronized List<Segment> rescan() throws IOException {
    slots = countSlots();
    return scan();
  }

  /** Keeps segments found by {@link #scan} alive: their slots are not free. */
  public synchronized void keep(Collection<Segment> alive) {
    for (Segment segment : alive) {
      free.remove(segment.slot);
    }
  }

  /**
   * Takes this many slots, extending the file if there are not enough; takes none if that fails.
   * All of them have their blocks then, also in a file that was copied with holes.
   *
   * @throws IOException if the call fails, for example because the disk is full
   */
  public synchronized List<Integer> acquire(int count) throws IOException {
    while (free.size() < count) {
      extend(Math.max(count - free.size(), Math.min(MAX_EXTENSION, slots / 4)));
    }
    List<Integer> taken = free.stream().limit(count).toList();
    for (int slot : taken) {
      if (!filled.get(slot)) {
        file.fillHoles(position(slot), SegmentHeader.SEGMENT_BYTES);
        filled.set(slot);
      }
    }
    taken.forEach(free::remove);
    return taken;
  }

  private void extend(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      long from = position(slots);
      for (long at = 0; at < SegmentHeader.SEGMENT_BYTES; at += ZEROS_BYTES) {
        file.write(ZEROS.duplicate(), from + at);
      }
      filled.set(slots);
      free.add(slots++);
    }
  }

  /** Gives slots back; their content may be overwritten from now on. */
  public synchronized void release(Collection<Integer> taken) {
    free.addAll(taken);
  }

  /** Cuts free slots off the file's end if there are many. */
  public synchronized void shrink() throws IOException {
    int before = slots;
    while (free.size() > KEPT_FREE && free.last() == slots - 1) {
      free.removeLast();
      slots--;
    }
    if (slots < before) {
      file.resize(position(slots));
    }
  }

  /** Sets the file's length to what it is, for a force to make it durable. */
  public synchronized void resize() throws IOException {
    file.resize(position(slots));
  }

  /** A number for a new segment. */
  public synchronized long nextNumber() {
    return ++lastNumber;
  }

  /** The low half of the store's id. */
  public long storeId() {
    return storeId;
  }

  /** Bytes of the file. */
  public synchronized long bytes() {
    return position(slots);
  }

  /** Writes into a slot. */
  public void write(int slot, int offset, ByteBuffer from) throws IOException {
    file.write(from, position(slot) + offset);
  }

  /** Maps a slot that is taken: {@link StoreFile#mapShared}. */
  @Nullable MemorySegment map(int slot, Arena arena) throws IOException {
    return file.mapShared(position(slot), SegmentHeader.SEGMENT_BYTES, arena);
  }

  /** Fills a buffer from a slot. */
  public void read(int slot, int offset, ByteBuffer to) throws IOException {
    file.read(to, position(slot) + offset);
  }

  /**
   * Returns when all that was written survives a power cut. One force at a time, and none after one
   * that failed: that one may have lost what another thread wrote, and the kernel tells only one of
   * them.
   */
  public void force() throws IOException {
    synchronized (forcing) {
      if (failure != null) {
        throw new IOException("an earlier force failed", failure);
      }
      try {
        ForceFailedException.force(file);
      } catch (IOException | RuntimeException | Error e) {
        failure = e;
        throw e;
      }
    }
  }

  private static long position(int slot) {
    return LogHead.BYTES + (long) slot * SegmentHeader.SEGMENT_BYTES;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
