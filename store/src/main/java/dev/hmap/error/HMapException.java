package dev.hmap.error;

import org.jspecify.annotations.Nullable;

/** The root of every exception that hmap throws of its own. Its message is one line. */
public class HMapException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception with its cause.
   *
   * @param message one line, naming the file and the value concerned
   * @param cause what lay beneath, or null
   */
  public HMapException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * An exception without a cause.
   *
   * @param message one line, naming the file and the value concerned
   */
  public HMapException(String message) {
    super(message);
  }
}
