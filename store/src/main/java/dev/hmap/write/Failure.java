package dev.hmap.write;

import dev.hmap.error.HMapException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import dev.hmap.event.Log;
import dev.hmap.format.FileNames;
import dev.hmap.io.Causes;
import dev.hmap.io.DiskFull;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether a store has failed, and why. After any failed call but a full disk it refuses writes
 * until it is reopened; the first cause counts and is named to each caller. Thread-safe. But for
 * {@link #refuse} no method throws, also where there is no memory left.
 */
final class Failure {
  private final FileNames names;
  private final Consumer<Throwable> onFirst;
  private final AtomicReference<@Nullable Throwable> cause = new AtomicReference<>();
  private final Refusal refusal = this::exception;

  /**
   * No failure yet.
   *
   * @param onFirst is given the first cause
   */
  Failure(FileNames names, Consumer<Throwable> onFirst) {
    this.names = names;
    this.onFirst = onFirst;
  }

  /** The store has failed. */
  void set(Throwable why) {
    if (!cause.compareAndSet(null, why)) {
      return;
    }
    try {
      onFirst.accept(why);
    } catch (Throwable e) {
      suppress(why, e);
    }
    try {
      Log.error(() -> "%s refuses writes from now on: %s".formatted(names.data(), why));
    } catch (Throwable e) { // no memory for the message
      suppress(why, e);
    }
  }

  private static void suppress(Throwable why, Throwable further) {
    try {
      why.addSuppressed(further);
    } catch (Throwable _) {
      // no memory for it: the first cause counts
    }
  }

  boolean isSet() {
    return cause.get() != null;
  }

  /** The refusal that callers get, or null while there was no failure. */
  @Nullable Refusal refusal() {
    return isSet() ? refusal : null;
  }

  /** Sets the failure, and returns the refusal that callers get. */
  Refusal setAndRefuse(Throwable why) {
    set(why);
    return refusal;
  }

  /**
   * What to tell the caller of a call that failed. Anything but a full disk ends the writing.
   *
   * @param what could not be done, said of the store
   */
  Refusal refuse(String what, IOException e) {
    if (DiskFull.is(e)) {
      return () ->
          new StoreFullException("%s %s: %s".formatted(names.data(), what, Causes.of(e)), e);
    }
    return setAndRefuse(e);
  }

  private HMapException exception() {
    Throwable why = cause.get();
    return new StoreFailedException(
        "%s refuses writes since a failure: %s".formatted(names.data(), why), why);
  }
}
