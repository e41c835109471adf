package dev.hmap.write;

import org.jspecify.annotations.Nullable;

/** A slot of the ring. */
final class WriteSlot {
  /** Set by the caller who claimed the slot, by a store alone: see {@link WriteQueue}. */
  @Nullable Write write;

  /** A sequence whose caller put a write here and could not publish it. */
  volatile long abandoned = -1;

  /** Answers the write that nobody will take any more, unless its caller withdrew it. */
  void answerIfSet(Refusal why) {
    Write left = removeIfSet();
    if (left == null) {
      return;
    }
    if (left.kind == Write.Kind.CLOSE) {
      left.succeed(); // another one has closed the store
    } else {
      left.fail(why);
    }
  }

  /** Takes back a write after the writer has ended; false if it was answered meanwhile. */
  boolean withdraw(Write own) {
    return removeIfSet() == own;
  }

  private synchronized @Nullable Write removeIfSet() {
    Write left = write;
    write = null;
    return left;
  }

  /** Empties the slot. */
  Write take() {
    Write taken = write;
    if (taken == null) {
      throw new IllegalStateException("an empty slot of the ring was published");
    }
    write = null;
    return taken;
  }
}
