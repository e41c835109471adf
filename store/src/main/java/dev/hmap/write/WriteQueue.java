package dev.hmap.write;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;

/**
 * The way from callers to the writer: LMAX Disruptor's ring, and a place to wait while it is full.
 *
 * <h2>Nothing is left claimed</h2>
 *
 * A caller may be cut off anywhere by an error that is not its own: a {@link StackOverflowError} in
 * a program that recurses and catches it, an {@link OutOfMemoryError}. A sequence that was claimed
 * and is never published would stop the writer, and all callers with it. So between the two no
 * method is called and nothing is allocated:
 *
 * <ul>
 *   <li>the ring's {@code tryNext} claims by a last compare-and-set, after which it only returns;
 *   <li>the write is put into its slot by two stores to memory;
 *   <li>publishing calls methods; if that fails, one more store to the slot says so, and the
 *       writer, who finds a claimed sequence there that stays unpublished, publishes it.
 * </ul>
 *
 * The write is then carried out, though its caller has left. Whoever waits for a free slot does so
 * in a monitor, which the virtual machine gives back whatever is thrown.
 */
final class WriteQueue {
  private static final int CAPACITY = 1024;
  private static final int MASK = CAPACITY - 1;

  /** What the writer does with what it takes. */
  interface Handler extends EventHandler<WriteSlot>, ExceptionHandler<WriteSlot> {}

  /** The ring's slots by their index, so that a caller reaches its own without a call. */
  private final WriteSlot[] slots = new WriteSlot[CAPACITY];

  private final WriterRole role = new WriterRole();
  private final ParkingWaitStrategy waitStrategy;
  private final RingBuffer<WriteSlot> ring;
  private final BatchEventProcessor<WriteSlot> processor;

  /** The monitor of those who wait for a free slot. */
  private final Object freed = new Object();

  private volatile int waiters;
  private volatile boolean hasEnded;

  /**
   * An empty queue.
   *
   * @param handler of what is taken, on the writer thread
   * @param nanosUntilWork nanoseconds until the writer has work of its own; 0 if now, {@link
   *     Long#MAX_VALUE} if none
   */
  WriteQueue(Handler handler, LongSupplier nanosUntilWork) {
    waitStrategy =
        new ParkingWaitStrategy(role, nanosUntilWork, this::beforeWait, this::isPublished);
    ring = RingBuffer.createMultiProducer(WriteSlot::new, CAPACITY, waitStrategy);
    for (int i = 0; i < CAPACITY; i++) {
      slots[i] = ring.get(i);
    }
    processor = new BatchEventProcessorBuilder().build(ring, ring.newBarrier(), handler);
    processor.setExceptionHandler(handler);
    ring.addGatingSequences(processor.getSequence());
  }

  // ---------------------------------------------------------------- callers

  /**
   * Adds a write; waits while the ring is full, and an interrupt does not end that.
   *
   * @return false if the writer has ended; then the write was not added
   */
  boolean add(Write write) {
    long sequence = claim();
    WriteSlot slot = slots[(int) sequence & MASK];
    slot.write = write;
    try {
      ring.publish(sequence);
    } catch (Throwable cutOff) {
      slot.abandoned = sequence;
      throw cutOff;
    }
    return !(hasEnded && slot.withdraw(write)); // published after the writer's last look
  }

  private long claim() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return ring.tryNext();
        } catch (InsufficientCapacityException _) {
          interrupted |= awaitFreeSlot();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits until the ring is not full, or an interrupt; returns whether that came. */
  private boolean awaitFreeSlot() {
    synchronized (freed) {
      waiters++; // pairs with the writer's fence: it sees this, or this sees the slots it freed
      try {
        while (!ring.hasAvailableCapacity(1)) {
          freed.wait();
        }
        return false;
      } catch (InterruptedException _) {
        return true;
      } finally {
        waiters--;
      }
    }
  }

  /** Whoever has this may do what the writer does, once the queue is empty. */
  WriterRole role() {
    return role;
  }

  // ---------------------------------------------------------------- the writer

  /** What the writer thread runs. */
  Runnable processor() {
    return processor;
  }

  /** Whether all that was claimed so far has been handled. */
  boolean isEmpty() {
    return ring.getCursor() <= processor.getSequence().get();
  }

  /** Makes the writer look after its own work soon. Any thread. */
  void wake() {
    waitStrategy.wake();
  }

  /** The slots of the last batch are free. */
  private void beforeWait() {
    VarHandle.fullFence();
    if (waiters > 0) {
      notifyWaiters();
    }
  }

  private void notifyWaiters() {
    synchronized (freed) {
      freed.notifyAll();
    }
  }

  /** Whether a claimed sequence is published; publishes it if its caller was cut off before. */
  private boolean isPublished(long sequence) {
    if (!ring.isAvailable(sequence) && slots[(int) sequence & MASK].abandoned == sequence) {
      ring.publish(sequence);
    }
    return ring.isAvailable(sequence);
  }

  /** The writer takes nothing more: answers what it has not taken, and whoever comes is refused. */
  void end(Refusal why) {
    hasEnded = true;
    processor.halt();
    ring.removeGatingSequence(processor.getSequence()); // it is never full again
    notifyWaiters();
    for (long s = processor.getSequence().get() + 1; s <= ring.getCursor(); s++) {
      if (ring.isAvailable(s)) {
        slots[(int) s & MASK].answerIfSet(why);
      }
    }
  }
}
