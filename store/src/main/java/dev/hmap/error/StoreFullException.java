package dev.hmap.error;

import org.jspecify.annotations.Nullable;

/**
 * There was no room on the medium, or a limit of the format would have been passed. Nothing was
 * written; the store goes on, and the call may be repeated once there is room: the medium has some,
 * or entries were removed.
 */
public final class StoreFullException extends HMapException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with its cause.
   *
   * @param message one line, naming the file and the value concerned
   * @param cause what lay beneath, or null
   */
  public StoreFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * An exception without a cause.
   *
   * @param message one line, naming the file and the value concerned
   */
  public StoreFullException(String message) {
    super(message);
  }
}
