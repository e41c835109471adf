package dev.hmap.error;

import org.jspecify.annotations.Nullable;

/** The store is not there, or may not be used in the way that was asked for. */
public final class StoreAccessException extends HMapException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with its cause.
   *
   * @param message one line, naming the file and the value concerned
   * @param cause what lay beneath, or null
   */
  public StoreAccessException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * An exception without a cause.
   *
   * @param message one line, naming the file and the value concerned
   */
  public StoreAccessException(String message) {
    super(message);
  }
}
