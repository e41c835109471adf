package dev.hmap.write;

import dev.hmap.error.HMapException;
import dev.hmap.error.StoreFailedException;
import dev.hmap.format.FileNames;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a store has failed, and why. After any failed call but a full disk it refuses writes
 * until it is opened anew; the first cause counts and is named to each caller. Thread-safe.
 */
final class Failure {
  private static final System.Logger LOG = System.getLogger("dev.hmap");

  private final FileNames names;
  private final Consumer<Throwable> onFirst;
  private final AtomicReference<@Nullable Throwable> cause = new AtomicReference<>();

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
    if (cause.compareAndSet(null, why)) {
      onFirst.accept(why);
      LOG.log(
          System.Logger.Level.ERROR,
          () -> "%s refuses writes from now on: %s".formatted(names.data(), why));
    }
  }

  boolean isSet() {
    return cause.get() != null;
  }

  /** What callers are told, or null while there was no failure. */
  @Nullable Supplier<HMapException> refusal() {
    Throwable why = cause.get();
    return why == null ? null : refusal(why);
  }

  /** Sets the failure, and says what callers are told. */
  Supplier<HMapException> setAndRefuse(Throwable why) {
    set(why);
    Throwable first = cause.get();
    return refusal(first == null ? why : first);
  }

  private Supplier<HMapException> refusal(Throwable why) {
    return () ->
        new StoreFailedException(
            "%s refuses writes since a failure: %s".formatted(names.data(), why), why);
  }
}
