package dev.hmap.error;

import org.jspecify.annotations.Nullable;

/** The store was closed before or during the call. */
public final class StoreClosedException extends HMapException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with its cause.
   *
   * @param message one line, naming the file and the value concerned
   * @param cause what lay beneath, or null
   */
  public StoreClosedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * An exception without a cause.
   *
   * @param message one line, naming the file and the value concerned
   */
  public StoreClosedException(String message) {
    super(message);
  }
}
