package dev.hmap.checkpoint;

import dev.hmap.format.PageLayout;
import dev.hmap.io.Uninterruptibly;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The copies of pages on their way from the writer to the checkpoint's thread. Bounded: when the
 * medium cannot keep up, no page is copied that may be copied later, and if even those that are
 * about to change become too many, the writer waits for a buffer, never for the whole checkpoint.
 *
 * <p>Between two checkpoints they take no memory. What is new of it costs several times what a copy
 * does, so before a large checkpoint begins another thread makes what it may need.
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
  private final AtomicInteger allocated = new AtomicInteger();
  private volatile boolean isGivenUp;

  /** Guarded by this. */
  private @Nullable Arena memory;

  /** Makes buffers for the next checkpoint, or has made them. Writer thread. */
  private @Nullable Thread maker;

  private volatile boolean isMakerDone;
  private volatile boolean isMakerStopped;

  /** Whether the writer goes on when a buffer is given back. */
  private volatile boolean isAwaited;

  private final Runnable wake;

  /**
   * Buffers of which there are none yet.
   *
   * @param wake called when {@link #isReady} or {@link #hasRoomOrWakes} has become true after it
   *     was not; any thread
   */
  PageBuffers(Runnable wake) {
    this.wake = wake;
  }

  /** Whether a buffer may be had for pages that may be copied later. Writer thread. */
  boolean hasRoom() {
    return onTheirWay() < SWEEP_BUFFERS;
  }

  /** The same; if not, the writer is woken when it may be. */
  boolean hasRoomOrWakes() {
    if (hasRoom()) {
      return true;
    }
    isAwaited = true;
    return hasRoom(); // one may have been given back before that
  }

  private int onTheirWay() {
    return allocated.get() - empty.size();
  }

  /** Whether a buffer can be had at once for pages that are about to change. Writer thread. */
  boolean hasRoomForChanges() {
    return !empty.isEmpty() || allocated.get() < MAX_BUFFERS;
  }

  /** An empty buffer; waits while too many are on their way. Writer thread. */
  Buffer take() {
    Buffer buffer = empty.poll();
    if (buffer == null) {
      buffer = allocate(MAX_BUFFERS);
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

  /**
   * Whether a checkpoint that copies this many pages finds its buffers made. If not, they are being
   * made from now on, and the writer is woken when they are. Writer thread.
   */
  boolean isReady(int pages) {
    int wanted = Math.min(pages / PAGES, MAX_BUFFERS);
    if (wanted <= SWEEP_BUFFERS) {
      return true; // soon made by the way
    }
    return maker == null ? !isMakerStarted(wanted) : isMakerDone;
  }

  private boolean isMakerStarted(int wanted) {
    isMakerDone = false;
    isMakerStopped = false;
    Thread thread = Thread.ofPlatform().daemon().name("hmap-buffers").unstarted(() -> make(wanted));
    try {
      thread.start();
    } catch (OutOfMemoryError _) {
      return false; // no thread to be had: the writer makes them when it needs them
    }
    maker = thread;
    return true;
  }

  private void make(int wanted) {
    try {
      Buffer buffer = allocate(wanted);
      while (buffer != null) {
        empty.add(buffer);
        buffer = isMakerStopped ? null : allocate(wanted);
      }
    } catch (OutOfMemoryError _) {
      // the writer meets it too if it needs one, or uses again what there is
    }
    isMakerDone = true;
    wake.run();
  }

  /** A new buffer, or null if there are as many as there may be. */
  private @Nullable Buffer allocate(int most) {
    int before = allocated.getAndUpdate(n -> n < most ? n + 1 : n);
    if (before >= most) {
      return null;
    }
    Buffer buffer = null;
    try {
      long bytes = PageLayout.addressOf(PAGES);
      buffer = new Buffer(arena().allocate(bytes, PageLayout.PAGE_BYTES).asByteBuffer());
      return buffer;
    } finally {
      if (buffer == null) {
        allocated.decrementAndGet();
      }
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // free closes it
  private synchronized Arena arena() {
    Arena arena = memory;
    if (arena == null) {
      arena = Arena.ofShared();
      memory = arena;
    }
    return arena;
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
    Thread thread = maker;
    if (thread != null) {
      isMakerStopped = true;
      Uninterruptibly.join(thread);
      maker = null;
    }
    empty.clear();
    allocated.set(0);
    synchronized (this) {
      Arena arena = memory;
      memory = null;
      if (arena != null) {
        arena.close();
      }
    }
  }
}
