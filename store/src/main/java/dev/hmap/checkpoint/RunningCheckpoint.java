package dev.hmap.checkpoint;

import dev.hmap.event.CheckpointEvent;
import dev.hmap.format.PageLayout;
import dev.hmap.io.Uninterruptibly;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint under way: the thread of its input and output, and the copies of pages that the
 * writer sends there. Writer thread only.
 */
final class RunningCheckpoint {
  /** The input and output. */
  interface Work {
    CheckpointWriter.Outcome run(PageBuffers buffers) throws IOException, InterruptedException;
  }

  final CheckpointPlan plan;
  final InPlacePhase inPlace;
  final long startNanos = System.nanoTime();
  private final PageBuffers buffers;
  private final Thread thread;
  private final @Nullable CheckpointWriter writer;
  private final @Nullable CheckpointEvent event;
  private PageBuffers.@Nullable Buffer filling;
  private boolean isCopied;
  private volatile CheckpointWriter.@Nullable Outcome outcome;
  private volatile @Nullable Throwable failure;
  private volatile boolean isDone;

  private RunningCheckpoint(
      CheckpointPlan plan,
      InPlacePhase inPlace,
      PageBuffers buffers,
      Work work,
      @Nullable CheckpointWriter writer,
      @Nullable CheckpointEvent event,
      Runnable wake) {
    this.plan = plan;
    this.inPlace = inPlace;
    this.buffers = buffers;
    this.writer = writer;
    this.event = event;
    this.isCopied = writer == null;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("hmap-checkpoint")
            .unstarted(() -> {
              try {
                outcome = work.run(buffers);
              } catch (IOException | InterruptedException | RuntimeException | Error e) {
                failure = e;
              }
              isDone = true;
              wake.run();
            });
  }

  /**
   * One that is begun here.
   *
   * @param wake called when its input and output has ended; any thread
   */
  static RunningCheckpoint own(
      CheckpointPlan plan,
      InPlacePhase inPlace,
      PageBuffers buffers,
      CheckpointWriter writer,
      @Nullable CheckpointEvent event,
      Runnable wake) {
    return new RunningCheckpoint(plan, inPlace, buffers, writer::run, writer, event, wake);
  }

  /** One that was found committed: there is nothing to copy. */
  static RunningCheckpoint adopted(
      CheckpointPlan plan, InPlacePhase inPlace, PageBuffers buffers, Work work, Runnable wake) {
    return new RunningCheckpoint(plan, inPlace, buffers, work, null, null, wake);
  }

  /**
   * Starts the input and output.
   *
   * @throws OutOfMemoryError if no thread is to be had
   */
  void start() {
    thread.start();
  }

  /** Whether it was begun here, and not found committed. */
  boolean isOwn() {
    return writer != null;
  }

  // ---------------------------------------------------------------- copies of pages

  /** Sends a copy of a page. */
  void copy(int page, ByteBuffer bytes) {
    PageBuffers.Buffer buffer = filling;
    if (buffer == null) {
      buffer = buffers.take();
      filling = buffer;
    }
    buffer.page(buffer.count).put(bytes);
    buffer.pages[buffer.count++] = page;
    if (buffer.isFull()) {
      buffers.send(buffer);
      filling = null;
    }
  }

  /** How many pages that may be copied later can be without waiting for the medium. */
  int room() {
    return roomInFilling() + (buffers.hasRoom() ? PageBuffers.PAGES : 0);
  }

  /** The same; if these are few, the writer is woken when they are more. */
  int roomOrWakes() {
    return roomInFilling() + (buffers.hasRoomOrWakes() ? PageBuffers.PAGES : 0);
  }

  private int roomInFilling() {
    PageBuffers.Buffer buffer = filling;
    return buffer == null ? 0 : PageBuffers.PAGES - buffer.count;
  }

  /** Whether pages that are about to change can be copied without waiting for the medium. */
  boolean hasRoomForChanges() {
    return isCopied || buffers.hasRoomForChanges();
  }

  /** Whether all pages were copied. */
  boolean isCopied() {
    return isCopied;
  }

  /** Takes note that all pages were copied, and sends the last ones. */
  void endCopies() {
    PageBuffers.Buffer last = filling;
    filling = null;
    if (last != null) {
      buffers.send(last);
    }
    buffers.send(buffers.take());
    isCopied = true;
  }

  // ---------------------------------------------------------------- its end

  /** Whether the input and output has ended. */
  boolean isDone() {
    return isDone;
  }

  /** Waits for that. */
  void join() {
    Uninterruptibly.join(thread);
  }

  /** How it ended; null if it failed, or has not ended. */
  CheckpointWriter.@Nullable Outcome outcome() {
    return outcome;
  }

  /** Why it failed; null if it did not. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** Has the flight recorder know of its end. */
  void record() {
    CheckpointEvent ended = event;
    CheckpointWriter own = writer;
    if (ended != null && own != null) {
      CheckpointWriter.Outcome how = outcome;
      ended.generation = plan.header().generation();
      ended.pages = own.pages();
      ended.images = own.imagePages();
      ended.bytes = PageLayout.addressOf(ended.pages) + PageLayout.addressOf(ended.images);
      ended.outcome = how == null ? "FAILED" : how.name();
      ended.commit();
    }
  }
}
