package dev.hmap.write;

import dev.hmap.error.HMapException;
import dev.hmap.table.Hmap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One write on its way: filled by the caller, applied by the writer, then the caller's again. A
 * caller may use it again once it is complete.
 */
public final class Write {
  /** What is asked for. */
  enum Kind {
    OPERATION,
    SYNC,
    CHECKPOINT,
    CALL,
    CLOSE
  }

  private static final int PENDING = 0;
  private static final int PARKED = 1;
  private static final int DONE = 2;

  /** Some twenty microseconds: longer than an operation takes, but when it waits for memory. */
  private static final int SPINS = 1000;

  /** More would only take the processor from the writer. */
  private static final int MAX_SPINNING =
      Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  private static final AtomicInteger SPINNING = new AtomicInteger();
  private static final int KEPT_BYTES = 4096;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Write.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What the operation found and did. */
  public final Hmap.Outcome outcome = new Hmap.Outcome();

  Kind kind = Kind.OPERATION;
  byte[] bytes = new byte[64];
  int length;
  @Nullable Runnable call;

  /** Whether {@link #call} changes the store. */
  boolean isChange;

  /** Whether it is its caller that carries it out: nobody waits, then, or is to be woken. */
  boolean isCallers;

  private @Nullable Refusal failure;
  private @Nullable Thread waiter;

  // Of a write that no thread waits for.
  private @Nullable Completer completer;
  private @Nullable Future<?> future;
  @Nullable Runnable completion;

  /** The one that was complete before it, on the way through the completer. */
  @Nullable Write before;

  @SuppressWarnings("UnusedVariable") // through STATE
  private volatile int state;

  /** A write to be filled. */
  public Write() {}

  /** A write of another kind than an operation. */
  static Write control(Kind kind) {
    Write write = new Write();
    write.kind = kind;
    return write;
  }

  /** A write that changes nothing: it is complete when all that were submitted before it are. */
  public static Write barrier() {
    return control(Kind.CALL);
  }

  /**
   * Begins an operation: room for this many bytes.
   *
   * @return the array to fill from its start
   */
  public byte[] begin(int operationBytes, boolean wantsPrevious) {
    if (bytes.length < operationBytes) {
      bytes = new byte[Math.max(operationBytes, Math.min(2 * bytes.length, KEPT_BYTES))];
    }
    length = operationBytes;
    outcome.reset(wantsPrevious);
    failure = null;
    isCallers = false;
    STATE.set(this, PENDING); // whoever takes it from here has it through the ring
    return bytes;
  }

  /** Lets go of an array that was needed for an unusually long operation. */
  public void shrink() {
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[64];
    }
  }

  /**
   * Says what runs, on the completer's thread, when it is complete, in place of a caller's wait.
   *
   * @param of what {@code then} completes, and with that runs what users hang on it
   */
  public void onCompletion(Completer by, Future<?> of, Runnable then) {
    completer = by;
    future = of;
    completion = then;
  }

  /** Whether what runs on completion has come to what users hang on the future. */
  boolean isFutureDone() {
    Future<?> of = future;
    return of == null || of.isDone();
  }

  void succeed() {
    complete(null);
  }

  void fail(Refusal why) {
    complete(why);
  }

  /** Must not throw: the writer has others to answer. */
  private void complete(@Nullable Refusal why) {
    failure = why;
    if (isCallers) {
      STATE.set(this, DONE);
      return;
    }
    Completer then = completer;
    int before = (int) STATE.getAndSet(this, DONE);
    if (before == PARKED) {
      LockSupport.unpark(waiter); // set before PARKED was; the caller may have gone on already
    }
    if (then != null && before != DONE) {
      then.add(this);
    }
  }

  /** Waits until it is complete; an interrupt does not end the wait and is kept. */
  void await(boolean spin) {
    if (spin && isDoneSoon()) {
      return;
    }
    waiter = Thread.currentThread();
    boolean interrupted = false;
    if (STATE.compareAndSet(this, PENDING, PARKED)) {
      while (state != DONE) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isDoneSoon() {
    boolean isOneOfFew = SPINNING.incrementAndGet() <= MAX_SPINNING;
    try {
      for (int i = 0; isOneOfFew && i < SPINS && state != DONE; i++) {
        Thread.onSpinWait();
      }
    } finally {
      SPINNING.decrementAndGet();
    }
    return state == DONE;
  }

  /** Throws if it failed. Once complete. */
  public void check() {
    Refusal why = failure;
    failure = null; // it holds the store, and a thread keeps its write
    waiter = null;
    if (why != null) {
      throw why.exception();
    }
  }

  /** The exception if it failed, else null. Once complete. */
  public @Nullable HMapException failure() {
    Refusal why = failure;
    return why == null ? null : why.exception();
  }
}
