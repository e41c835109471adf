package dev.hmap.store;

import dev.hmap.error.HMapException;
import dev.hmap.format.FileNames;
import dev.hmap.format.Geometry;
import dev.hmap.format.PageLayout;
import dev.hmap.io.NativeMemory;
import dev.hmap.io.Uninterruptibly;
import dev.hmap.recovery.OpenedStore;
import dev.hmap.recovery.Recovery;
import dev.hmap.write.WriterStats;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A store that is open for reading, as it was when it was opened or last refreshed; another process
 * may write it. Any thread.
 */
public final class FollowedStore extends Store {
  private final AtomicBoolean isClosing = new AtomicBoolean();
  private final @Nullable UnaryOperator<Geometry> expected;
  private final LongSupplier privateMemory;
  private final Object following = new Object();

  /** Guarded by {@link #following}. */
  private Follower follower;

  /** Bytes of private pages of former openings, since the collector was called. The same. */
  private long abandoned;

  private FollowedStore(
      OpenedStore opened,
      @Nullable UnaryOperator<Geometry> expected,
      LongSupplier privateMemory,
      boolean showsStamps) {
    super(new StoreReader(opened, showsStamps));
    this.expected = expected;
    this.privateMemory = privateMemory;
    this.follower = new Follower(opened);
  }

  /**
   * Opens a store. Not on a thread that users may interrupt.
   *
   * @param expected says, for the geometry that was found, which one it must be; null to take any
   * @param privateMemory bytes of private pages that are kept at most
   * @param showsStamps whether values are read with their stamps, if entries expire
   */
  public static FollowedStore open(
      Environment environment,
      FileNames names,
      @Nullable UnaryOperator<Geometry> expected,
      LongSupplier privateMemory,
      boolean showsStamps) {
    OpenedStore opened = Recovery.open(environment.fileSystem(), names, false, expected);
    FollowedStore store = null;
    try {
      prepare(opened, environment);
      store = new FollowedStore(opened, expected, privateMemory, showsStamps);
      return store;
    } finally {
      if (store == null) {
        opened.close();
      }
    }
  }

  /**
   * Moves on to the newest point of the writer's log.
   *
   * @throws HMapException if it cannot be read; if it could not be reopened, it is closed
   */
  public void refresh() {
    Uninterruptibly.run(
        "hmap-refresh",
        () -> {
          synchronized (following) {
            checkOpen();
            if (!follower.advance()) {
              reopen();
            }
          }
        });
  }

  private void reopen() {
    boolean isOpen = false;
    try {
      reader()
          .reopen(before -> {
            abandoned += PageLayout.addressOf(before.dirty().privateCount());
            follower.letGo();
            OpenedStore opened = follower.open(expected);
            opened.map().setTime(before.map().time());
            follower = new Follower(opened);
            return opened;
          });
      isOpen = true;
      collectAbandoned();
    } finally {
      if (!isOpen) {
        endCalls(); // there is nothing to read any more
      }
    }
  }

  /**
   * Without native access only the collector gives the private pages of former openings back. It
   * does not see how large they are; so it is called, as the JDK does for its direct buffers.
   */
  private void collectAbandoned() {
    if (abandoned > privateMemory.getAsLong() && !NativeMemory.isAvailable()) {
      abandoned = 0;
      System.gc();
    }
  }

  @Override
  public StoreStats stats() {
    return Uninterruptibly.call(
        "hmap-stats",
        () -> {
          synchronized (following) {
            checkOpen();
            Follower.Lag lag = follower.lag();
            return new StoreStats(
                WriterStats.ofReadOnly(opened(), follower.end()), opened().recovery(), lag);
          }
        });
  }

  @Override
  public void close() {
    endCalls();
    if (isClosing.compareAndSet(false, true)) {
      closeNow();
    }
  }

  /** A call that is cut off, or finds no thread to be had, may be repeated. */
  private void closeNow() {
    boolean isDone = false;
    try {
      Uninterruptibly.run("hmap-close", this::releaseFiles);
      isDone = true;
    } catch (HMapException e) {
      isDone = true;
      throw e;
    } finally {
      isClosing.set(isDone);
    }
  }

  private void releaseFiles() {
    synchronized (following) {
      opened().close();
    }
  }
}
