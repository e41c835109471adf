package dev.hmap.error;

import org.jspecify.annotations.Nullable;

/** Another process, or another place in this one, has the store open for writing; it is named. */
public final class StoreLockedException extends HMapException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with its cause.
   *
   * @param message one line, naming the file and the value concerned
   * @param cause what lay beneath, or null
   */
  public StoreLockedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * An exception without a cause.
   *
   * @param message one line, naming the file and the value concerned
   */
  public StoreLockedException(String message) {
    super(message);
  }
}
