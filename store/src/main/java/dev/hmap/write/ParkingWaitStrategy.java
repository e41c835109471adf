package dev.hmap.write;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import com.lmax.disruptor.WaitStrategy;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The writer spins for some microseconds, then parks until something is published, it is woken, or
 * work of its own is due. An idle store uses no processor time.
 */
final class ParkingWaitStrategy implements WaitStrategy {
  /**
   * Some forty microseconds, so that a caller who writes one thing after another finds it awake.
   */
  private static final int SPINS = 2000;

  /** After work of its own: nobody has written lately. */
  private static final int SPINS_WHEN_IDLE = 50;

  /** Between two looks at a sequence whose caller has lost the processor before publishing it. */
  private static final long PUBLICATION_NANOS = 20_000;

  private final WriterRole role;
  private final LongSupplier nanosUntilWork;
  private final Runnable beforeWait;
  private final LongPredicate isPublished;

  /** Of the next wait. */
  private int spins = SPINS;

  private volatile @Nullable Thread parked;
  private volatile boolean woken;

  /**
   * A strategy for one consumer.
   *
   * @param role that is free while it waits, but to look at what is to be done
   * @param nanosUntilWork nanoseconds until the writer has work of its own; 0 if now, {@link
   *     Long#MAX_VALUE} if none
   * @param beforeWait called whenever a batch is done
   * @param isPublished whether a sequence that was claimed is published
   */
  ParkingWaitStrategy(
      WriterRole role,
      LongSupplier nanosUntilWork,
      Runnable beforeWait,
      LongPredicate isPublished) {
    this.role = role;
    this.nanosUntilWork = nanosUntilWork;
    this.beforeWait = beforeWait;
    this.isPublished = isPublished;
  }

  @Override
  public long waitFor(
      long sequence, Sequence cursor, Sequence dependentSequence, SequenceBarrier barrier)
      throws AlertException, TimeoutException {
    beforeWait.run();
    role.release();
    int left = spins;
    long available = dependentSequence.get();
    while (available < sequence) {
      barrier.checkAlert();
      if (left > 0) {
        left--;
        Thread.onSpinWait();
      } else {
        park(sequence, dependentSequence, barrier);
      }
      available = dependentSequence.get();
    }
    awaitPublication(sequence);
    spins = SPINS;
    role.take();
    return available;
  }

  /** A sequence is claimed a moment before it is published, unless its thread is held up. */
  private void awaitPublication(long sequence) {
    for (int spins = SPINS; !isPublished.test(sequence); spins--) {
      if (spins > 0) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, PUBLICATION_NANOS);
      }
    }
  }

  private void park(long sequence, Sequence dependentSequence, SequenceBarrier barrier)
      throws TimeoutException {
    role.take();
    long nanos = nanosUntilWork.getAsLong();
    if (nanos <= 0 || woken) {
      woken = false;
      spins = SPINS_WHEN_IDLE;
      throw TimeoutException.INSTANCE; // the writer's own work
    }
    parked = Thread.currentThread();
    role.release();
    // pairs with the fence in signalAllWhenBlocking: either we see why it was called, or it sees us
    VarHandle.fullFence();
    if (dependentSequence.get() < sequence && !woken && !barrier.isAlerted()) {
      if (nanos == Long.MAX_VALUE) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, nanos);
      }
    }
    parked = null;
  }

  @Override
  public void signalAllWhenBlocking() {
    VarHandle.fullFence();
    Thread thread = parked;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  /** Makes the writer look after its own work soon. Any thread. */
  void wake() {
    woken = true;
    signalAllWhenBlocking();
  }
}
