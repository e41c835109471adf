package dev.hmap.log;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * The slot that is being written, mapped: a short batch is stored there, which costs a tenth of
 * what a call of the system does. A longer one is better written by a call, as each page that is
 * stored to first costs a fault. What is stored is in the file at once, as if it were written, and
 * has to be forced like that. For whoever has the writer's role; mapped by the writer thread.
 */
final class LogWindow implements AutoCloseable {
  private static final int MAX_BYTES = 2048;

  private final LogFile file;
  private boolean isUsable;
  private @Nullable Arena arena;
  private @Nullable MemorySegment mapped;
  private int mappedSlot = -1;

  /** Over a file, if {@code isWanted}; else it takes nothing. */
  LogWindow(LogFile file, boolean isWanted) {
    this.file = file;
    this.isUsable = isWanted;
  }

  /**
   * Writes into a slot, if this is the better way.
   *
   * @return false if nothing was written
   */
  boolean write(int slot, int offset, byte[] from, int at, int length) {
    if (length > MAX_BYTES || !isUsable) {
      return false;
    }
    MemorySegment to = slot == mappedSlot ? mapped : map(slot);
    if (to == null) {
      return false;
    }
    MemorySegment.copy(from, at, to, ValueLayout.JAVA_BYTE, offset, length);
    return true;
  }

  /** Whether this many bytes would be written into a slot without a call of the system. */
  boolean isMapped(int slot, int length) {
    return slot == mappedSlot && length <= MAX_BYTES;
  }

  @SuppressWarnings("MustBeClosedChecker") // closed by close, at the latest
  private @Nullable MemorySegment map(int slot) {
    close();
    Arena fresh = Arena.ofShared(); // callers store there, too
    try {
      mapped = file.map(slot, fresh);
    } catch (IOException e) {
      mapped = null; // the number of mappings of a process is limited; there is the other way
    }
    if (mapped == null) {
      fresh.close();
      isUsable = false;
      return null;
    }
    arena = fresh;
    mappedSlot = slot;
    return mapped;
  }

  /** Lets go of the mapping. */
  @Override
  public void close() {
    mappedSlot = -1;
    mapped = null;
    if (arena != null) {
      arena.close();
      arena = null;
    }
  }
}
