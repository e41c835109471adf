package dev.hmap.checkpoint;

import dev.hmap.checkpoint.CheckpointWriter.Outcome;
import dev.hmap.format.PageLayout;
import dev.hmap.format.StoreHeader;
import dev.hmap.io.DiskFull;
import dev.hmap.io.ForceFailedException;
import dev.hmap.io.StoreFile;
import dev.hmap.io.StoreLock;
import dev.hmap.log.LogFile;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What follows from the commit of a checkpoint: with the guard held, its images are written in
 * place, and then its header. On the checkpoint's own thread.
 */
final class InPlacePhase {
  private static final long RETRY_NANOS = 2_000_000;

  private final StoreFile data;
  private final LogFile log;
  private final StoreLock lock;
  private final BooleanSupplier isClosing;
  private final Runnable wake;
  private volatile boolean isWaitingForReaders;

  /** Written before the flag. */
  private long waitingSinceNanos;

  /**
   * Of one checkpoint.
   *
   * @param isClosing whether not to wait for readers or for room any more
   * @param wake called when it begins to wait for readers
   */
  InPlacePhase(
      StoreFile data, LogFile log, StoreLock lock, BooleanSupplier isClosing, Runnable wake) {
    this.data = data;
    this.log = log;
    this.lock = lock;
    this.isClosing = isClosing;
    this.wake = wake;
  }

  /**
   * Completes the checkpoint.
   *
   * @param before the header that counts until then
   * @param header with which the images end
   * @throws IOException if a call failed for another reason than want of room, or if the file is
   *     not this process's own any more
   */
  Outcome finish(StoreHeader before, StoreHeader header, PageImages images) throws IOException {
    while (!lock.tryGuard()) {
      if (isClosing.getAsBoolean()) {
        return Outcome.LEFT_COMMITTED;
      }
      if (!isWaitingForReaders) {
        waitingSinceNanos = System.nanoTime();
        isWaitingForReaders = true;
        wake.run();
      }
      LockSupport.parkNanos(RETRY_NANOS);
    }
    isWaitingForReaders = false;
    try {
      OwnFile.check(lock, data, before);
      if (!writePages(images)) {
        return Outcome.LEFT_COMMITTED;
      }
      ForceFailedException.force(data);
      write(header);
      ForceFailedException.force(data);
      images.release();
      log.shrink();
    } finally {
      lock.releaseGuard();
    }
    return Outcome.DONE;
  }

  private boolean writePages(PageImages images) throws IOException {
    while (true) {
      try {
        images.forEachPage((page, bytes) -> data.write(bytes, PageLayout.addressOf(page)));
        return true;
      } catch (IOException e) {
        if (!DiskFull.is(e)) {
          throw e;
        }
        if (isClosing.getAsBoolean()) {
          return false;
        }
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  private void write(StoreHeader header) throws IOException {
    data.write(header.encode(), PageLayout.addressOf(StoreHeader.slotPage(header.generation())));
  }

  /** How long readers have held the checkpoint up, 0 if they do not. Any thread. */
  long nanosWaiting() {
    return isWaitingForReaders ? System.nanoTime() - waitingSinceNanos : 0;
  }

  /** Whether readers hold the checkpoint up. Any thread, slightly late. */
  boolean isWaitingForReaders() {
    return isWaitingForReaders;
  }
}
