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

  /** Between two looks at a sequence whose caller has lost the processor before publishing it. */
  private static final long PUBLICATION_NANOS = 20_000;

  private final LongSupplier nanosUntilWork;
  private final Runnable beforeWait;
  private final LongPredicate isPublished;

  private volatile @Nullable Thread parked;
  private volatile boolean woken;

  /**
   * A strategy for one consumer.
   *
   * @param nanosUntilWork nanoseconds until the writer has work of its own; 0 if now, {@link
   *     Long#MAX_VALUE} if none
   * @param beforeWait called whenever a batch is done
   * @param isPublished whether a sequence that was claimed is published
   */
  ParkingWaitStrategy(LongSupplier nanosUntilWork, Runnable beforeWait, LongPredicate isPublished) {
    this.nanosUntilWork = nanosUntilWork;
    this.beforeWait = beforeWait;
    this.isPublished = isPublished;
  }

  @Override
  public long waitFor(
      long sequence, Sequence cursor, Sequence dependentSequence, SequenceBarrier barrier)
      throws AlertException, TimeoutException {
    beforeWait.run();
    int spins = SPINS;
    long available = dependentSequence.get();
    while (available < sequence) {
      barrier.checkAlert();
      if (spins > 0) {
        spins--;
        Thread.onSpinWait();
      } else {
        park(sequence, dependentSequence);
      }
      available = dependentSequence.get();
    }
    awaitPublication(sequence);
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

  private void park(long sequence, Sequence dependentSequence) throws TimeoutException {
    long nanos = nanosUntilWork.getAsLong();
    if (nanos <= 0 || woken) {
      woken = false;
      throw TimeoutException.INSTANCE; // the writer's own work
    }
    parked = Thread.currentThread();
    // pairs with the fence in signalAllWhenBlocking: either we see what was published, or it sees
    // us
    VarHandle.fullFence();
    if (dependentSequence.get() < sequence && !woken) {
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
