package dev.hmap.write;

import dev.hmap.error.HMapException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A place in the ring. */
final class WriteEvent {
  private @Nullable Write write;

  void set(Write next) {
    write = next;
  }

  /** Fails the write that nobody will take any more, unless its caller withdrew it. */
  void failIfSet(Supplier<HMapException> why) {
    Write left = removeIfSet();
    if (left != null) {
      left.fail(why);
    }
  }

  /** Takes back a write after the writer has ended; false if it was failed meanwhile. */
  boolean withdraw(Write own) {
    return removeIfSet() == own;
  }

  private synchronized @Nullable Write removeIfSet() {
    Write left = write;
    write = null;
    return left;
  }

  /** Empties the place. */
  Write take() {
    Write taken = write;
    if (taken == null) {
      throw new IllegalStateException("an empty place in the ring was published");
    }
    write = null;
    return taken;
  }
}
