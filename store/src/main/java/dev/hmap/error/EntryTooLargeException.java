package dev.hmap.error;

import org.jspecify.annotations.Nullable;

/** A key or a value is longer than the limit, which the message names. */
public final class EntryTooLargeException extends HMapException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with its cause.
   *
   * @param message one line, naming the file and the value concerned
   * @param cause what lay beneath, or null
   */
  public EntryTooLargeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * An exception without a cause.
   *
   * @param message one line, naming the file and the value concerned
   */
  public EntryTooLargeException(String message) {
    super(message);
  }
}
