package dev.hmap.error;

import org.jspecify.annotations.Nullable;

/**
 * What stands on disk is not a store, is damaged, or is of a version this library does not know.
 */
public final class StoreCorruptException extends HMapException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with its cause.
   *
   * @param message one line, naming the file and the value concerned
   * @param cause what lay beneath, or null
   */
  public StoreCorruptException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * An exception without a cause.
   *
   * @param message one line, naming the file and the value concerned
   */
  public StoreCorruptException(String message) {
    super(message);
  }
}
