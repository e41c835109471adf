package dev.hmap.error;

import org.jspecify.annotations.Nullable;

/** An input or output call failed. The store refuses writes from then on; reopening recovers it. */
public final class StoreFailedException extends HMapException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with its cause.
   *
   * @param message one line, naming the file and the value concerned
   * @param cause what lay beneath, or null
   */
  public StoreFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * An exception without a cause.
   *
   * @param message one line, naming the file and the value concerned
   */
  public StoreFailedException(String message) {
    super(message);
  }
}
