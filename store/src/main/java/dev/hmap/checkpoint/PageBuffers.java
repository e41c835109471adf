package dev.hmap.checkpoint;

import dev.hmap.format.PageLayout;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The copies of pages on their way from the writer to the checkpoint's thread. Bounded: when the
 * medium cannot keep up, no page is copied that may be copied later, and if even those that are
 * about to change become too many, the writer waits for a buffer, never for the whole checkpoint.
 * Between two checkpoints they take no memory.
 */
final class PageBuffers {
  static final int PAGES = 64;
  private static final int MAX_BUFFERS = 256;

  /** The most that there are for pages that may be copied later. */
  private static final int SWEEP_BUFFERS = 16;

  /** Up to 64 pages. */
  static final class Buffer {
    final ByteBuffer bytes;
    final int[] pages;
    int count;

    private Buffer(ByteBuffer bytes) {
      this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
      pages = new int[bytes.capacity() / PageLayout.PAGE_BYTES];
    }

    boolean isFull() {
      return count == PAGES;
    }

    /** The copy of the page at a place in this buffer. */
    ByteBuffer page(int i) {
      return bytes
          .duplicate()
          .order(ByteOrder.LITTLE_ENDIAN)
          .position(i * PageLayout.PAGE_BYTES)
          .limit((i + 1) * PageLayout.PAGE_BYTES);
    }
  }

  private final BlockingQueue<Buffer> full = new LinkedBlockingQueue<>();
  private final BlockingQueue<Buffer> empty = new LinkedBlockingQueue<>();
  private int allocated;
  private @Nullable Arena memory;
  private volatile boolean isGivenUp;

  /** Whether the writer goes on when a buffer is given back. */
  private volatile boolean isAwaited;

  private final Runnable wake;

  /**
   * Buffers of which there are none yet.
   *
   * @param wake called when a buffer is given back that {@link #hasRoom} did not find; any thread
   */
  PageBuffers(Runnable wake) {
    this.wake = wake;
  }

  /** Whether a buffer can be had at once for pages that may be copied later. Writer thread. */
  boolean hasRoom() {
    if (!empty.isEmpty() || allocated < SWEEP_BUFFERS) {
      return true;
    }
    isAwaited = true;
    return !empty.isEmpty(); // one that was given back before that
  }

  /** An empty buffer; waits while too many are on their way. Writer thread. */
  Buffer take() {
    Buffer buffer = empty.poll();
    if (buffer == null && allocated < MAX_BUFFERS) {
      allocated++;
      buffer = allocate();
    }
    boolean interrupted = false;
    while (buffer == null) {
      try {
        buffer = empty.take();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    buffer.count = 0;
    return buffer;
  }

  @SuppressWarnings("MustBeClosedChecker") // free closes it
  private Buffer allocate() {
    Arena arena = memory;
    if (arena == null) {
      arena = Arena.ofShared();
      memory = arena;
    }
    long bytes = PageLayout.addressOf(PAGES);
    return new Buffer(arena.allocate(bytes, PageLayout.PAGE_BYTES).asByteBuffer());
  }

  /** Sends a buffer on; one without pages ends the stream. Writer thread. */
  void send(Buffer buffer) {
    full.add(buffer);
  }

  /** Ends the stream before all of it came. Writer thread. */
  void giveUp() {
    isGivenUp = true;
    full.add(new Buffer(ByteBuffer.allocate(0)));
  }

  /**
   * The next buffer sent. Checkpoint's thread.
   *
   * @throws IOException if the checkpoint was given up
   */
  Buffer receive() throws IOException, InterruptedException {
    Buffer next = full.take();
    if (isGivenUp) {
      throw new IOException("the checkpoint was given up");
    }
    return next;
  }

  /** Gives a buffer back. Checkpoint's thread. */
  void giveBack(Buffer buffer) {
    empty.add(buffer);
    if (isAwaited) {
      isAwaited = false;
      wake.run();
    }
  }

  /** Frees the buffers. Writer thread, when the checkpoint's thread has done with them. */
  void free() {
    empty.clear();
    allocated = 0;
    Arena arena = memory;
    memory = null;
    if (arena != null) {
      arena.close();
    }
  }
}
