package dev.hmap.write;

import dev.hmap.error.HMapException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.event.Log;
import dev.hmap.format.FileNames;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a store has failed, and why. After any failed call but a full disk it refuses writes
 * until it is opened anew; the first cause counts and is named to each caller. Thread-safe. No
 * method throws, also where there is no memory left.
 */
final class Failure {
  private final FileNames names;
  private final Consumer<Throwable> onFirst;
  private final AtomicReference<@Nullable Throwable> cause = new AtomicReference<>();
  private final Supplier<HMapException> refusal = this::exception;

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
      // no memory for it: what is told is the first cause
    }
  }

  boolean isSet() {
    return cause.get() != null;
  }

  /** What callers are told, or null while there was no failure. */
  @Nullable Supplier<HMapException> refusal() {
    return isSet() ? refusal : null;
  }

  /** Sets the failure, and says what callers are told. */
  Supplier<HMapException> setAndRefuse(Throwable why) {
    set(why);
    return refusal;
  }

  private HMapException exception() {
    Throwable why = cause.get();
    return new StoreFailedException(
        "%s refuses writes since a failure: %s".formatted(names.data(), why), why);
  }
}
